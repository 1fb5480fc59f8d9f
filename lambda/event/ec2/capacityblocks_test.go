package ec2

import (
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

func TestCapacityBlockNotices(t *testing.T) {
	for name, instances := range map[string]event.Finding[[]Instance]{
		"capacity-block-two":       event.Found([]Instance{{ID: "i-1", Name: "gpu-1", Group: "training"}, {ID: "i-2"}}),
		"capacity-block-empty":     event.Found([]Instance(nil)),
		"capacity-block-not-found": event.NotFound[[]Instance]("EC2 did not answer in time"),
	} {
		t.Run(name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, name, "ec2-capacity-block-expiration-doc", wire.Watch{}, func(e *event.Event) {
				e.Subject.(*CapacityBlock).Instances = instances
			})
		})
	}
}

func TestCapacityBlockTitles(t *testing.T) {
	const head = `{"source":"aws.ec2","detail-type":"Capacity Block Reservation Expiration Warning",`
	eventtest.Titles(t, Decoders, wire.Watch{}, [][3]string{
		{"empty detail", head + `"detail":{}}`, "EC2 terminates instances: Capacity Block without an id ends"},
		{"id from the resources", head + `"resources":["arn:aws:ec2:us-east-1:1:capacity-reservation/cr-1"],"detail":{"end-date":7}}`, "EC2 terminates instances: Capacity Block cr-1 ends"},
	})
}

func TestCapacityBlockSkipReason(t *testing.T) {
	const none = "no instance in the Capacity Block is in a group that the watch names"
	for name, tt := range map[string]struct {
		instances event.Finding[[]Instance]
		watch     wire.Watch
		want      string
	}{
		"one of a named group":  {event.Found([]Instance{{}, {Group: "web"}}), inGroups("api", "web"), ""},
		"of other groups":       {event.Found([]Instance{{}, {Group: "batch"}}), inGroups("web"), none},
		"empty":                 {event.Found([]Instance(nil)), inGroups("web"), none},
		"every group":           {event.Found([]Instance{{Group: "batch"}}), inGroups(), ""},
		"not found":             {event.NotFound[[]Instance]("denied"), inGroups("web"), ""},
		"another kind of watch": {event.Found([]Instance(nil)), wire.Watch{}, ""},
	} {
		if got := (&CapacityBlock{Instances: tt.instances}).SkipReason(tt.watch); got != tt.want {
			t.Errorf("%s: SkipReason = %q, want %q", name, got, tt.want)
		}
	}
}
