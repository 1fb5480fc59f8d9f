package standin

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/wire"
)

// Scene is what the built-in answers are about: the event that is being played,
// and what only the API would say of it.
type Scene struct {
	Event json.RawMessage
	samples.Unsaid
	// Watch is what is watched; the answers are in its names.
	Watch wire.Watch
	// Sink is the name of the sink that is told.
	Sink string

	last map[string]deployed // by application: what was released before
}

// operations are all that the notifier calls, but for [secretReads], and what is
// answered.
var operations = map[string]func(Scene, request) answer{
	"ses.SendEmail": func(Scene, request) answer {
		return jsonAnswer(map[string]string{"MessageId": "rehearsal-" + requestID})
	},
	"sns.Publish": func(Scene, request) answer { return published() },

	"autoscaling.DescribeAutoScalingGroups":    Scene.describeAutoScalingGroups,
	"autoscaling.DescribeAutoScalingInstances": Scene.describeAutoScalingInstances,
	"autoscaling.DescribeInstanceRefreshes":    Scene.describeInstanceRefreshes,
	"autoscaling.DescribeLifecycleHooks":       Scene.describeLifecycleHooks,
	"autoscaling.DescribeScalingActivities":    Scene.describeScalingActivities,
	"cloudtrail.LookupEvents":                  Scene.lookupEvents,
	"codedeploy.BatchGetDeploymentGroups":      Scene.batchGetDeploymentGroups,
	"codedeploy.BatchGetDeploymentTargets":     Scene.batchGetDeploymentTargets,
	"codedeploy.BatchGetDeployments":           Scene.batchGetDeployments,
	"codedeploy.GetDeployment":                 Scene.getDeployment,
	"codedeploy.GetDeploymentTarget":           Scene.getDeploymentTarget,
	"codedeploy.ListDeploymentGroups":          Scene.listDeploymentGroups,
	"codedeploy.ListDeploymentTargets":         Scene.listDeploymentTargets,
	"codedeploy.ListDeployments":               Scene.listDeployments,
	"ec2.DescribeInstances":                    Scene.describeInstances,
	"ec2.GetConsoleOutput":                     Scene.getConsoleOutput,
	"ecs.DescribeServices":                     Scene.describeServices,
	"iam.ListAccountAliases":                   func(Scene, request) answer { return accountAliases() },
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
	ID         string
	Account    string
	Region     string
	DetailType string
	Time       time.Time
	Resources  []string
	Detail     struct {
		AutoScalingGroupName string
		EC2InstanceID        string `json:"EC2InstanceId"`
		ActivityID           string `json:"ActivityId"`
		Cause                string
		StartTime            time.Time
		LifecycleTransition  string

		Application     string
		DeploymentGroup string
		DeploymentID    string `json:"deploymentId"`
		InstanceID      string `json:"instanceId"`
		State           wire.State

		Instance          string `json:"instance-id"`
		StartedBy         string
		TaskDefinitionARN string `json:"taskDefinitionArn"`
		EventName         string
		Reason            string
	}
}

func (s Scene) subject() subject {
	var known subject
	var members map[string]json.RawMessage
	json.Unmarshal(s.Event, &members)
	for name, to := range map[string]any{
		"id": &known.ID, "account": &known.Account, "region": &known.Region, "detail-type": &known.DetailType,
		"resources": &known.Resources, "detail": &known.Detail,
	} {
		json.Unmarshal(members[name], to)
	}
	if json.Unmarshal(members["time"], &known.Time) != nil || known.Time.IsZero() {
		known.Time = time.Now()
	}
	known.Account = or(known.Account, "123456789012")
	known.Region = or(known.Region, "us-east-1")
	if known.Detail.StartTime.IsZero() {
		known.Detail.StartTime = known.Time
	}
	return known
}

func or(value, instead string) string {
	if value == "" {
		return instead
	}
	return value
}

// seconds writes a time as the JSON protocols do.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// madeUp returns n hexadecimal digits, always the same for the same seed.
func madeUp(n int, seed ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(seed, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

// instanceID makes up the id of an instance.
func instanceID(seed ...string) string { return "i-0" + madeUp(16, seed...) }
