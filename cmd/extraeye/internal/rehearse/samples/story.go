package samples

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// The events make up a story: a release and the terminations after it, a release that
// fails, what else can go wrong, and recovery. It takes less than an hour: EC2
// remembers an instance for about as long after its end.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
const (
	storyLength = 59 * time.Minute
	maxInterval = 45 * time.Second // between two events
)

// pauses come before an event, beyond the usual interval.
var pauses = map[string]time.Duration{
	"alarm-raised": 9 * time.Minute, // after the release
}

// Hints are what AWS's APIs answer about an event beyond what is in it.
type Hints struct {
	// Creator made the deployment that the event is about. Empty: a user.
	Creator wire.Creator
	// Failures is how many deployments failed just before that one.
	Failures int
	// Continued says that the instance no longer waits for its lifecycle hook.
	Continued bool
}

// hints are those of the built-in events that have some.
var hints = map[string]Hints{
	"lifecycle-launch-continued": {Continued: true},
	"deployment-rollback":        {Creator: wire.CreatorRollback},
	"deployment-autoscaling":     {Creator: wire.CreatorAutoScaling},
	"deployment-recovery":        {Failures: 2},
}

// setTimes spreads the events over the length of the story.
func setTimes(all []builtInEvent) {
	room := storyLength
	for _, e := range all {
		room -= pauses[e.name]
	}
	interval := min(maxInterval, (room / time.Duration(len(all)+1)).Truncate(time.Second))
	ago := interval
	for i := len(all) - 1; i >= 0; i-- {
		all[i].ago = ago
		ago += interval + pauses[all[i].name]
	}
}
