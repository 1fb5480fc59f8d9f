package standin

import (
	"encoding/json"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// Scene is what the built-in answers are about: the event that is being played,
// and what only the API would say of it.
type Scene struct {
	Event json.RawMessage
	// Creator made the deployment that the event is about. Empty: a user.
	Creator wire.Creator
	// Sink is the name of the sink that is told.
	Sink string
}

// operations are all that the notifier calls, but for [secretReads], and what is
// answered.
var operations = map[string]func(Scene, request) answer{
	"ses.SendEmail": func(Scene, request) answer {
		return jsonAnswer(map[string]string{"MessageId": "rehearsal-" + requestID})
	},
	"sns.Publish":              func(Scene, request) answer { return published() },
	"ec2.DescribeInstances":    Scene.describeInstances,
	"codedeploy.GetDeployment": Scene.getDeployment,
}

// answer answers a request from the built-in answers.
func (s Scene) answer(r request) answer {
	if play := operations[r.name()]; play != nil {
		return play(s, r)
	}
	return notPlayed(r)
}

// subject is what the built-in answers need to know of an event. What is missing
// or of another type stays empty.
type subject struct {
	Account string
	Region  string
	Time    time.Time
	Detail  struct {
		AutoScalingGroupName string
		EC2InstanceID        string `json:"EC2InstanceId"`
		Application          string
		DeploymentGroup      string
		DeploymentID         string `json:"deploymentId"`
		State                wire.State
	}
}

func (s Scene) subject() subject {
	var known subject
	var members map[string]json.RawMessage
	json.Unmarshal(s.Event, &members)
	json.Unmarshal(members["account"], &known.Account)
	json.Unmarshal(members["region"], &known.Region)
	json.Unmarshal(members["detail"], &known.Detail)
	if json.Unmarshal(members["time"], &known.Time) != nil || known.Time.IsZero() {
		known.Time = time.Now()
	}
	known.Account = or(known.Account, "123456789012")
	known.Region = or(known.Region, "us-east-1")
	return known
}

func or(value, instead string) string {
	if value == "" {
		return instead
	}
	return value
}
