package ec2

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

func TestInterruptionNotices(t *testing.T) {
	record := Instance{Name: "web-3", Type: "m7g.large", Zone: "us-east-2b", Group: "web", State: "running"}
	for name, recorded := range map[string]string{
		"spot-interruption":                 "ec2-spot-interruption-doc",
		"spot-rebalance":                    "ec2-rebalance-recommendation-nth",
		"capacity-block-interruption":       "ec2-capacity-block-interruption-doc",
		"capacity-reservation-interruption": "ec2-capacity-reservation-interruption-doc",
	} {
		t.Run(name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, name, recorded, wire.Watch{}, func(e *event.Event) {
				e.Subject.(*Interruption).Instance = event.Found(record)
			})
		})
	}
	t.Run("spot-not-found", func(t *testing.T) {
		eventtest.Golden(t, Decoders, "spot-not-found", "ec2-spot-interruption-doc", wire.Watch{}, func(e *event.Event) {
			e.Subject.(*Interruption).Instance = event.NotFound[Instance]("EC2 did not answer in time")
		})
	})
}

// inGroups is a watch that names Auto Scaling groups.
func inGroups(names ...string) wire.Watch {
	return wire.Watch{SpotInterruptions: &wire.SpotInterruptions{Groups: names}}
}

func TestInterruptionSkipReason(t *testing.T) {
	of := func(group string) event.Finding[Instance] { return event.Found(Instance{Group: group}) }
	for name, tt := range map[string]struct {
		instance event.Finding[Instance]
		watch    wire.Watch
		want     string
	}{
		"a named group":         {of("web"), inGroups("api", "web"), ""},
		"another group":         {of("batch"), inGroups("api", "web"), "the instance is in group batch, which the watch does not name"},
		"no group":              {of(""), inGroups("web"), "the instance is in no Auto Scaling group, and the watch names groups"},
		"every group":           {of("batch"), inGroups(), ""},
		"not looked up":         {event.Finding[Instance]{}, inGroups("web"), ""},
		"not found":             {event.NotFound[Instance]("denied"), inGroups("web"), ""},
		"another kind of watch": {of("batch"), wire.Watch{}, ""},
	} {
		if got := (&Interruption{Instance: tt.instance}).SkipReason(tt.watch); got != tt.want {
			t.Errorf("%s: SkipReason = %q, want %q", name, got, tt.want)
		}
	}
}

func TestInterruptionSummaries(t *testing.T) {
	const spot = `{"source":"aws.ec2","detail-type":"EC2 Spot Instance Interruption Warning",`
	const reserved = `{"source":"aws.ec2","detail-type":"EC2 Capacity Reservation Instance Interruption Warning",`
	for _, tt := range []struct {
		event, summary string
		age            time.Duration
	}{
		{spot + `"time":"2024-01-15T10:20:30Z","detail":{"instance-id":"i-1","instance-action":"stop"}}`,
			"EC2 stops Spot Instance i-1 at 10:22:30 UTC, in 1 minute 40 seconds.", 20 * time.Second},
		{spot + `"time":"2024-01-15T10:20:30Z","detail":{"instance-id":"i-1","instance-action":"TERMINATE"}}`,
			"EC2 terminates Spot Instance i-1 at 10:22:30 UTC, now.", 2 * time.Minute},
		{spot + `"time":"2024-01-15T10:20:30Z","detail":{"instance-id":"i-1","instance-action":"hibernate"}}`,
			"EC2 hibernates Spot Instance i-1 at 10:20:30 UTC, 5 seconds ago.", 5 * time.Second},
		{spot + `"time":"2024-01-15T10:20:30Z","detail":{"instance-action":["x"]},"resources":["arn:aws:ec2:us-east-1b:instance/i-2"]}`,
			"EC2 takes back Spot Instance i-2 at 10:22:30 UTC, 3 minutes ago.", 5 * time.Minute},
		{spot + `"detail":{}}`, "EC2 takes back Spot Instance without an id.", 0},
		{reserved + `"time":"2026-09-01T12:00:00Z","detail":{"instance-id":"i-1","instance-action":"terminate","instance-lifecycle":"capacity-block"}}`,
			"EC2 terminates instance i-1, because its Capacity Block ends.", 0},
		{reserved + `"time":"2026-09-01T12:00:00Z","detail":{"instance-termination-time":"soon"}}`,
			"EC2 takes back instance without an id, because its Capacity Reservation is taken back.", 0},
	} {
		e := eventtest.Decode(Decoders, tt.event, wire.Watch{})
		n := e.Notice(e.Time.Add(tt.age))
		if n.Summary != tt.summary {
			t.Errorf("summary %q, want %q", n.Summary, tt.summary)
		}
		eventtest.Check(t, n)
	}
}

// TestUndecided shows that EC2 decides about an interruption where a watch names groups.
func TestUndecided(t *testing.T) {
	for name, tt := range map[string]struct {
		instance event.Finding[Instance]
		watch    wire.Watch
		want     bool
	}{
		"groups":                {event.Finding[Instance]{}, inGroups("web"), true},
		"looked up":             {event.Found(Instance{}), inGroups("web"), false},
		"every group":           {event.Finding[Instance]{}, inGroups(), false},
		"another kind of watch": {event.Finding[Instance]{}, wire.Watch{}, false},
	} {
		if got := (&Interruption{Instance: tt.instance}).Undecided(tt.watch); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
