package ec2

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestInstanceNotices(t *testing.T) {
	record := Instance{
		Name: "web-3", Type: "m7g.large", Image: "ami-0abcdef1234567890", Zone: "us-east-1b", Group: "web",
		Launched: time.Date(2021, 11, 11, 9, 0, 0, 0, time.UTC), State: "stopped",
	}
	with := func(state, reason string) func(*event.Event) {
		return func(e *event.Event) {
			m := record
			m.State, m.StateReason = state, reason
			e.Subject.(*InstanceStateChange).Instance = event.Found(m)
		}
	}
	tests := []struct {
		name, event string
		evidence    func(*event.Event)
	}{
		{"instance-user", "ec2-state-stopped", with("stopped", "Client.UserInitiatedShutdown: User initiated shutdown")},
		{"instance-spot", "ec2-state-terminated", with("terminated", "Server.SpotInstanceTermination: Spot instance termination")},
		{"instance-new-reason", "ec2-state-stopping", with("stopped", "Server.Something: New")},
		{"instance-running", "ec2-state-running", with("running", "Server.ScheduledStop: of before")},
		{"instance-not-found", "ec2-state-terminated", func(e *event.Event) {
			e.Subject.(*InstanceStateChange).Instance = event.NotFound[Instance]("the instance is no longer known to EC2")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Instances: &wire.Instances{}}, tt.evidence)
		})
	}
}

// TestInstanceResolves checks that a running instance resolves what a stopped one opened.
func TestInstanceResolves(t *testing.T) {
	describe := func(state string) *notice.Notice {
		raw := `{"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification","account":"1","region":"r",
			"id":"` + state + `","detail":{"instance-id":"i-1","state":"` + state + `"}}`
		return eventtest.Decode(Decoders, raw, wire.Watch{}).Notice(time.Now())
	}
	down, up := describe("STOPPED"), describe("Running")
	if down.Key != up.Key || down.Status != notice.Open || up.Status != notice.Resolved {
		t.Errorf("%s %s, then %s %s", down.Key, down.Status, up.Key, up.Status)
	}
}

func TestInstanceTitles(t *testing.T) {
	const head = `{"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification",`
	for event, title := range map[string]string{
		`"detail":{}}`: "an unnamed instance is in an unknown state",
		`"detail":{"instance-id":"i-1","state":"PENDING"}}`:                                                         "i-1 is starting",
		`"detail":{"instance-id":"i-1","state":"asleep"}}`:                                                          "i-1 is asleep",
		`"detail":{"instance-id":["i-1"],"state":{}},"resources":["arn:aws:ec2:us-east-1b:instance/i-2"]}`:          "i-2 is in an unknown state",
		`"detail":{"instance-id":null,"state":"stopped"},"resources":"arn:aws:ec2:us-east-1:1:instance/i-3"}`:       "i-3 is stopped",
		`"detail":{"instance-id":"i-1\r\nBcc: x","state":"shutting-down"},"resources":[null,7,{"a":"instance/b"}]}`: "i-1 Bcc: x is being terminated",
	} {
		n := eventtest.Decode(Decoders, head+event, wire.Watch{}).Notice(time.Now())
		if n.Title != title {
			t.Errorf("%s: title %q, want %q", event, n.Title, title)
		}
		eventtest.Check(t, n)
	}
}

func TestReasonOf(t *testing.T) {
	for text, want := range map[string]string{
		"Client.InstanceInitiatedShutdown: Instance initiated shutdown": "its own operating system shut it down",
		"Server.ScheduledStop": "EC2 stopped it for a scheduled retirement",
		"Client.UserInitiatedShutdown: Client.UserInitiatedShutdown: User initiated shutdown": "someone asked for it through EC2's API",
		"User initiated shutdown": "",
		"":                        "",
	} {
		if got := ReasonOf(text).Text; got != want {
			t.Errorf("ReasonOf(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestInstanceFacts shows that only what is known of an instance is added; its name and
// group stand further up.
func TestInstanceFacts(t *testing.T) {
	n := &notice.Notice{}
	if (Instance{Name: "web", Group: "g", Zone: "z"}).AddFacts(n, "", time.Now()); len(n.Facts) != 1 {
		t.Errorf("added %+v for an instance of which only the zone is known", n.Facts)
	}
}
