package autoscaling

import (
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// TestMissingEvidenceLowersNoSeverity shows that a severity is as high as it may be if AWS did
// not answer what decides it, and that the notice says so. What AWS refuses to say raises nothing.
func TestMissingEvidenceLowersNoSeverity(t *testing.T) {
	busyGroup := event.Finding[Group]{Problem: "Auto Scaling was too busy to answer", Temporary: true}
	busyActivities := event.Finding[ScalingActivities]{Problem: "Auto Scaling did not answer in time", Temporary: true}
	healthy, none := event.Found(Group{Desired: 2, Total: 2, Healthy: 1}), event.Found(Group{Desired: 2, Total: 2})
	alone := event.Found(ScalingActivities{Complete: true})
	three := event.Found(ScalingActivities{Complete: true, Activities: []Activity{killed("i-1", 0), killed("i-2", 0)}})
	const (
		howOften = "How often: Auto Scaling did not answer in time"
		group    = "Group: Auto Scaling was too busy to answer"
		unknown  = "; severity raised because how often that happens is unknown"
		health   = "; severity raised because how many instances are healthy is unknown"
	)
	killed := func(group event.Finding[Group], activities event.Finding[ScalingActivities]) event.Subject {
		return &Termination{Cause: wire.CauseELBHealthCheck, Group: group, Activities: activities}
	}
	tests := []struct {
		name    string
		subject event.Subject
		want    notice.Severity
		missing string
	}{
		{"all known", killed(healthy, alone), notice.Warning, ""},
		{"how often", killed(healthy, busyActivities), notice.Error, howOften + unknown},
		{"how often, and none healthy", killed(none, busyActivities), notice.Critical, howOften},
		{"group", killed(busyGroup, alone), notice.Critical, group + health},
		{"group of many", killed(busyGroup, three), notice.Critical, group + health},
		{"both", killed(busyGroup, busyActivities), notice.Critical, group + health + "\n" + howOften},
		{"denied", killed(event.NotFound[Group]("denied"), event.NotFound[ScalingActivities]("denied")), notice.Warning, "Group, How often: denied"},
		{"nothing is wrong", &Termination{Cause: wire.CauseScaleIn, Group: busyGroup, Activities: busyActivities}, notice.Info, group + "\n" + howOften},
		{"not terminated", &Termination{Cause: wire.CauseScaleIn, Failed: true, Group: healthy, Activities: busyActivities}, notice.Error, howOften},
		{"launch failed", &Launch{Failed: true, Group: busyGroup}, notice.Critical, group + health},
		{"launched", &Launch{Group: busyGroup}, notice.Info, group},
		{"refresh failed", &InstanceRefresh{State: "Failed", Group: busyGroup}, notice.Critical, group + health},
		{"rollback failed", &InstanceRefresh{State: "Rollback Failed", Group: busyGroup}, notice.Critical, group},
		{"refresh started", &InstanceRefresh{State: "Started", Group: busyGroup}, notice.Info, group},
	}
	for _, tt := range tests {
		n := &notice.Notice{}
		tt.subject.Describe(n, &event.Event{}, death)
		var missing string
		for _, f := range n.Facts {
			if f.Label == "Not looked up" {
				missing = f.Value
			}
		}
		if n.Severity != tt.want || missing != tt.missing {
			t.Errorf("%s: %s, %q; want %s, %q", tt.name, n.Severity, missing, tt.want, tt.missing)
		}
	}
}

// TestFullPage shows that a page that is full of what came after, as in a mass failure, does not
// make one of many look like the first.
func TestFullPage(t *testing.T) {
	page := ScalingActivities{}
	for i := range 100 {
		page.Activities = append(page.Activities, killed("i-"+strings.Repeat("x", i), -time.Second))
	}
	d := &Termination{InstanceID: "i-0", Cause: wire.CauseELBHealthCheck, Activities: event.Found(page)}
	if f := d.howOften(death); !f.many() || f.text() != "100 more since" {
		t.Errorf("%+v: %q", f, f.text())
	}
	d.Activities.Value.Complete = true
	if f := d.howOften(death); f.many() || f.text() != "the first in a day" {
		t.Errorf("all is known: %+v: %q", f, f.text())
	}
}
