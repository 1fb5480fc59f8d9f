package sink

import (
	"time"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Grouped sends what happens to one thing within a while as one message: when a zone fails, one
// mail that counts 400 terminations of a group in place of 400 mails. Wrap what people read, such
// as a mail or a channel; leave a pager, which counts by itself, as it is.
//
// Events wait in a queue of the notifier's, which all grouped sinks with the same Wait share. An
// idle queue costs up to $0.26 a month; see docs/delivery.md.
//
// What belongs together is an Auto Scaling group, an ECS service, a deployment group, the alarms
// whose names begin alike, and a service of AWS Health. Each deployment and each event of a
// watch.Pattern or a watch.Lifecycle is sent by itself: a marker stands for one release.
type Grouped struct {
	// Sink is any sink that the notifier delivers to: not a Queue, a Bus or a LogGroup, which
	// get every event as it is.
	//
	// Required.
	Sink Sink

	// Wait is for how long events are collected, 1 second to 5 minutes in whole seconds. No
	// notice is later than that, except that Lambda may wait for up to 20 seconds where little
	// happens.
	//
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	//
	// Default: 1 minute.
	Wait time.Duration

	// Over is how many events of one thing are still sent one by one, 1 to 100. More than that
	// are one message.
	//
	// Default: 2.
	Over int
}

var _ Sink = Grouped{}

const (
	defaultWait = time.Minute
	defaultOver = 2
	maxOver     = 100

	// maxWait is the longest batching window.
	//
	// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
	maxWait = 300 * time.Second
)

// Bind implements [Sink].
func (g Grouped) Bind(scope constructs.Construct) binding.Sink {
	if g.Wait == 0 {
		g.Wait = defaultWait
	}
	if g.Over == 0 {
		g.Over = defaultOver
	}
	b := binding.Sink{Name: "Grouped"}
	switch g.Sink.(type) {
	case nil:
		b.Problemf(binding.NoResource, "sink.Grouped.Sink is nil; give it the sink that gets the messages")
	case Grouped:
		b.Problemf(binding.BadSetting, "sink.Grouped.Sink is a sink.Grouped itself; group a sink once")
	default:
		b = g.Sink.Bind(scope)
	}
	if b.Native != nil {
		b.Problemf(binding.BadSetting, "sink.Grouped.Sink is a sink.%s, which gets every event as it is from the rule; give it to the watch as it is", b.Name)
	}
	if g.Wait < time.Second || g.Wait > maxWait || g.Wait%time.Second != 0 {
		b.Problemf(binding.BadSetting, "sink.Grouped.Wait is %s; it must be 1s to 5m in whole seconds", g.Wait)
	}
	if g.Over < 1 || g.Over > maxOver {
		b.Problemf(binding.BadSetting, "sink.Grouped.Over is %d; it must be 1 to %d", g.Over, maxOver)
	}
	b.Grouped = &binding.Grouping{WaitSeconds: int(g.Wait / time.Second), Over: g.Over}
	return b
}
