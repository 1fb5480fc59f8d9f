package ec2

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

func TestSpotNotices(t *testing.T) {
	found := func(e *event.Event) {
		e.Subject.(*SpotInterruption).Instance = event.Found(Instance{Name: "web-3", Type: "m7g.large", Zone: "us-east-2b", Group: "web", State: "running"})
	}
	for name, event := range map[string]string{
		"spot-interruption": "ec2-spot-interruption-doc",
		"spot-rebalance":    "ec2-rebalance-recommendation-nth",
	} {
		t.Run(name, func(t *testing.T) { eventtest.Golden(t, Decoders, name, event, wire.Watch{}, found) })
	}
	t.Run("spot-not-found", func(t *testing.T) {
		eventtest.Golden(t, Decoders, "spot-not-found", "ec2-spot-interruption-doc", wire.Watch{}, func(e *event.Event) {
			e.Subject.(*SpotInterruption).Instance = event.NotFound[Instance]("EC2 did not answer in time")
		})
	})
}

func TestSpotSkipReason(t *testing.T) {
	groups := func(names ...string) wire.Watch {
		return wire.Watch{SpotInterruptions: &wire.SpotInterruptions{Groups: names}}
	}
	of := func(group string) event.Finding[Instance] { return event.Found(Instance{Group: group}) }
	for name, tt := range map[string]struct {
		instance event.Finding[Instance]
		watch    wire.Watch
		want     string
	}{
		"a named group":         {of("web"), groups("api", "web"), ""},
		"another group":         {of("batch"), groups("api", "web"), "the instance is of group batch, which the watch does not name"},
		"no group":              {of(""), groups("web"), "the instance is of no group, and the watch names groups"},
		"every group":           {of("batch"), groups(), ""},
		"not looked up":         {event.Finding[Instance]{}, groups("web"), ""},
		"not found":             {event.NotFound[Instance]("denied"), groups("web"), ""},
		"another kind of watch": {of("batch"), wire.Watch{}, ""},
	} {
		if got := (&SpotInterruption{Instance: tt.instance}).SkipReason(tt.watch); got != tt.want {
			t.Errorf("%s: SkipReason = %q, want %q", name, got, tt.want)
		}
	}
}

func TestSpotSummaries(t *testing.T) {
	const head = `{"source":"aws.ec2","detail-type":"EC2 Spot Instance Interruption Warning",`
	for _, tt := range []struct {
		event, summary string
		age            time.Duration
	}{
		{`"time":"2024-01-15T10:20:30Z","detail":{"instance-id":"i-1","instance-action":"stop"}}`,
			"EC2 stops Spot instance i-1 at 10:22:30 UTC, in 1 minute 40 seconds.", 20 * time.Second},
		{`"time":"2024-01-15T10:20:30Z","detail":{"instance-id":"i-1","instance-action":"TERMINATE"}}`,
			"EC2 terminates Spot instance i-1 at 10:22:30 UTC, now.", 2 * time.Minute},
		{`"time":"2024-01-15T10:20:30Z","detail":{"instance-id":"i-1","instance-action":"hibernate"}}`,
			"EC2 hibernates Spot instance i-1 at 10:20:30 UTC, 5 seconds ago.", 5 * time.Second},
		{`"time":"2024-01-15T10:20:30Z","detail":{"instance-action":["x"]},"resources":["arn:aws:ec2:us-east-1b:instance/i-2"]}`,
			"EC2 takes back Spot instance i-2 at 10:22:30 UTC, 3 minutes ago.", 5 * time.Minute},
		{`"detail":{}}`, "EC2 takes back Spot instance without an id.", 0},
	} {
		e := eventtest.Decode(Decoders, head+tt.event, wire.Watch{})
		n := e.Notice(e.Time.Add(tt.age))
		if n.Summary != tt.summary {
			t.Errorf("summary %q, want %q", n.Summary, tt.summary)
		}
		eventtest.Check(t, n)
	}
}
