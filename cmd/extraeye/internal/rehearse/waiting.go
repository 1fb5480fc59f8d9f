package rehearse

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// notifierOf returns the ARN of the function that gets a target's input: the target
// itself, or the function that a state machine invokes after a wait.
func notifierOf(t assembly.Target) (arn string, ok bool) {
	if t.Kind == "AWS::Lambda::Function" {
		return t.ARN, true
	}
	arn = t.Invokes()
	if arn != "" && !strings.HasPrefix(arn, "arn:") { // a name, or not resolved: it is in the account and region of the state machine
		arn = t.ARN
	}
	return arn, arn != ""
}

// wait returns a delivery as if a state machine had just waited for as long as it
// says: the event happened that long ago.
func wait(payload []byte, now time.Time) (later []byte, waited time.Duration) {
	var delivery wire.Delivery
	var event map[string]json.RawMessage
	if json.Unmarshal(payload, &delivery) != nil || delivery.AfterSeconds == 0 || json.Unmarshal(delivery.Event, &event) != nil {
		return payload, 0
	}
	waited = time.Duration(delivery.AfterSeconds) * time.Second
	var happened time.Time
	if json.Unmarshal(event["time"], &happened) != nil || happened.IsZero() {
		return payload, waited
	}
	event["time"], _ = json.Marshal(now.Add(-waited).UTC().Truncate(time.Second))
	var members map[string]json.RawMessage
	_ = json.Unmarshal(payload, &members) // known to be an object
	members["event"], _ = json.Marshal(event)
	later, _ = json.Marshal(members)
	return later, waited
}

// after adds the wait to a reason.
func after(reason string, waited time.Duration) string {
	switch {
	case waited == 0:
		return reason
	case reason == "":
		return fmt.Sprintf("sent after %s, as long as the watch waits", notice.Duration(waited))
	default:
		return fmt.Sprintf("after %s: %s", notice.Duration(waited), reason)
	}
}
