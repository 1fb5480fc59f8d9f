package fakeaws

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/wire"
)

// Account is an AWS account at the time of an event. Its resources have the names
// that the event and the watch use.
type Account struct {
	event    event
	hints    samples.Hints
	watch    wire.Watch
	tags     Tags
	released map[string]deployment // by application: the last release that an earlier event reported
	secret   func(id string) string
}

// NewAccount returns an account without an event.
func NewAccount() Account { return Account{}.Next(nil, samples.Hints{}, wire.Watch{}) }

// Reading returns the account with secrets: the function returns the value of one by its ARN, and
// of a parameter by its name.
func (a Account) Reading(secret func(id string) string) Account {
	a.secret = secret
	return a
}

// Next returns the account at the time of the next event, which the watch gets. It
// remembers what the events before released.
func (a Account) Next(raw json.RawMessage, hints samples.Hints, watch wire.Watch) Account {
	released := a.released
	if own, ok := a.release(); ok {
		released = map[string]deployment{}
		maps.Copy(released, a.released)
		released[own.application] = own
	}
	return Account{event: readEvent(raw), hints: hints, watch: watch, released: released, secret: a.secret}
}

// Tagged returns the account with tags on its things.
func (a Account) Tagged(t Tags) Account {
	a.tags = t
	return a
}

// event is the part of an event that the answers depend on. What is missing or of
// another type is empty.
type event struct {
	ID         string
	Account    string
	Region     string
	DetailType string
	Time       time.Time
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
		State           wire.DeploymentState

		StartedBy         string
		TaskDefinitionARN string `json:"taskDefinitionArn"`
		EventName         string
		Reason            string

		HookID         string
		LifecycleStage string
		ExpiresAt      time.Time
	}
}

func readEvent(raw json.RawMessage) event {
	var e event
	var members map[string]json.RawMessage
	_ = json.Unmarshal(raw, &members)
	for name, to := range map[string]any{
		"id": &e.ID, "account": &e.Account, "region": &e.Region, "detail-type": &e.DetailType, "detail": &e.Detail,
	} {
		_ = json.Unmarshal(members[name], to)
	}
	if json.Unmarshal(members["time"], &e.Time) != nil || e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Account = cmp.Or(e.Account, "123456789012")
	e.Region = cmp.Or(e.Region, "us-east-1")
	if e.Detail.StartTime.IsZero() {
		e.Detail.StartTime = e.Time
	}
	return e
}

// seconds writes a time as the JSON protocols do.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// hexDigits returns n hexadecimal digits, always the same for the same seed.
func hexDigits(n int, seed ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(seed, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

// instanceID makes up the id of an instance.
func instanceID(seed ...string) string { return "i-0" + hexDigits(16, seed...) }
