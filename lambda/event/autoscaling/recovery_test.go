package autoscaling

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

// recovery is what was found out about a group that long after an instance of it died.
func recovery(after time.Duration, g event.Finding[Group], activities ...Activity) *Recovery {
	last := &Termination{
		GroupName: "web", InstanceID: "i-5", Cause: wire.CauseELBHealthCheck, CauseName: "ELB health check", Started: death,
		Group: g, Activities: event.Found(ScalingActivities{Activities: append(activities, killed("i-5", 0))}),
	}
	return &Recovery{Last: last, Decided: death, Asked: death.Add(after)}
}

func TestRecovery(t *testing.T) {
	healthy := event.Found(Group{Min: 2, Max: 8, Desired: 4, Healthy: 4, Total: 4})
	scaledIn := Activity{Description: "Terminating EC2 instance: i-9", Cause: "At 2022-12-23T18:00:11Z an instance was taken out of service in response to a difference between desired and actual capacity.", Started: ago(-time.Minute)}
	gone := Activity{Description: "Terminating EC2 instance: i-9", Cause: "At 2022-12-23T18:00:11Z an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.", Started: ago(-time.Minute)}
	failed := killed("i-9", -time.Minute)
	failed.Status = "Failed"
	const restless = "the group loses instances time and again"
	const superseded = "another instance was terminated since"
	for name, tt := range map[string]struct {
		r       *Recovery
		skip    string
		pending bool
	}{
		"well":                                {recovery(5*time.Minute, healthy), "", false},
		"well at once":                        {recovery(0, healthy), "", false},
		"one too few":                         {recovery(5*time.Minute, event.Found(Group{Min: 2, Max: 8, Desired: 4, Healthy: 3, Total: 4})), "the group has 3 of 4 healthy, 4 desired (2 to 8)", true},
		"one too many":                        {recovery(5*time.Minute, event.Found(Group{Desired: 4, Healthy: 4, Total: 5})), "", false},
		"not known":                           {recovery(5*time.Minute, event.NotFound[Group]("throttled")), "the group could not be looked up: throttled", true},
		"one later":                           {recovery(5*time.Minute, healthy, killed("i-9", -time.Minute)), superseded, false},
		"one later, and ill":                  {recovery(5*time.Minute, event.Found(Group{Desired: 4}), killed("i-9", -time.Minute)), superseded, false},
		"one of the same second, later":       {recovery(5*time.Minute, healthy, killed("i-6", -time.Millisecond)), superseded, false},
		"one of the same second, earlier":     {recovery(5*time.Minute, healthy, killed("i-4", -time.Millisecond)), "", false},
		"one later that nobody minds":         {recovery(5*time.Minute, healthy, scaledIn), "", false},
		"one later that may not be minded":    {recovery(5*time.Minute, healthy, gone), "", false},
		"one later that was not terminated":   {recovery(5*time.Minute, healthy, failed), "", false},
		"many before, at the same time":       {recovery(5*time.Minute, healthy, killed("i-3", time.Second), killed("i-2", 2*time.Second)), "", false},
		"one every eight minutes":             {recovery(5*time.Minute, healthy, killed("i-3", 8*time.Minute), killed("i-2", 16*time.Minute)), restless, true},
		"no more every eight minutes":         {recovery(15*time.Minute, healthy, killed("i-3", 8*time.Minute), killed("i-2", 16*time.Minute)), "", false},
		"one two hours before":                {recovery(5*time.Minute, healthy, killed("i-3", 2*time.Hour)), "", false},
		"scaled in eight minutes before":      {recovery(5*time.Minute, healthy, Activity{Description: scaledIn.Description, Cause: scaledIn.Cause, Started: ago(8 * time.Minute)}), "", false},
		"one fifty minutes before, after 180": {recovery(180*time.Minute, healthy, killed("i-3", 50*time.Minute)), "", false},
	} {
		w := wire.Watch{Terminations: &wire.Terminations{}}
		if got := tt.r.SkipReason(w); got != tt.skip || tt.r.Pending(w) != tt.pending {
			t.Errorf("%s: %q, pending %v", name, got, tt.r.Pending(w))
		}
	}

	r := recovery(5*time.Minute, event.NotFound[Group]("gone"))
	r.Deleted, r.Last.Activities = true, event.NotFound[ScalingActivities]("gone")
	if r.SkipReason(wire.Watch{}) != "" || r.Pending(wire.Watch{}) {
		t.Error("the end of a deleted group is not reported")
	}
	r = recovery(5*time.Minute, healthy)
	r.Last.Activities = event.NotFound[ScalingActivities]("throttled")
	if r.SkipReason(wire.Watch{}) == "" || !r.Pending(wire.Watch{}) {
		t.Error("a group is back though it is not known whether it lost another instance")
	}
}

// TestNobodyOrEverybodyElse shows that of terminations that supersede each other, one does not.
func TestNobodyOrEverybodyElse(t *testing.T) {
	all := []Activity{killed("i-1", 0), killed("i-2", 0), killed("i-3", time.Minute), killed("i-4", -time.Minute), killed("i-5", -time.Minute)}
	last := ""
	for _, a := range all {
		id, _ := a.terminated()
		term := &Termination{InstanceID: id, Activities: event.Found(ScalingActivities{Activities: all})}
		if r := (&Recovery{Last: term, Decided: a.Started}); !r.superseded(wire.Watch{}) {
			last += id
		}
	}
	if last != "i-5" {
		t.Errorf("the last are %q", last)
	}
}

func TestRecoveryNotice(t *testing.T) {
	e := &event.Event{ID: "e-1", Account: "1", Region: "eu-west-1", Time: death}
	for name, tt := range map[string]struct {
		group          event.Finding[Group]
		deleted        bool
		title, summary string
	}{
		"back": {
			event.Found(Group{Min: 2, Max: 8, Desired: 4, Healthy: 4, Total: 4}), false, "web is back: 4 of 4 healthy",
			"Group web has 4 of 4 healthy, 4 desired (2 to 8), 12 minutes after instance i-5 was terminated (ELB health check).",
		},
		"scaled to none": {
			event.Found(Group{Max: 8}), false, "web needs no instances anymore",
			"Group web has no instances, 0 desired (0 to 8), 12 minutes after instance i-5 was terminated (ELB health check).",
		},
		"deleted": {
			event.NotFound[Group]("gone"), true, "web was deleted",
			"Group web was deleted, 12 minutes after instance i-5 was terminated (ELB health check).",
		},
	} {
		r := recovery(12*time.Minute+5*time.Second, tt.group)
		r.Deleted = tt.deleted
		e.Subject = r
		n := e.Notice(r.Asked)
		eventtest.Check(t, n)
		if n.Title != tt.title || n.Summary != tt.summary {
			t.Errorf("%s: %s\n%s", name, n.Title, n.Summary)
		}
		e.Subject = r.Last
		if died := e.Notice(death); n.Key != died.Group() || n.ID == died.ID || n.Status != notice.Resolved || died.Status != notice.Open {
			t.Errorf("%s: %s %s resolves %s %s", name, n.ID, n.Key, died.ID, died.Group())
		}
	}
}

func TestLasts(t *testing.T) {
	known := event.Found(Group{Desired: 1})
	for name, tt := range map[string]struct {
		t    Termination
		want bool
	}{
		"group":          {Termination{GroupName: "g", Group: known}, true},
		"throttled":      {Termination{GroupName: "g", Group: event.Finding[Group]{Problem: "throttled", Temporary: true}}, true},
		"denied":         {Termination{GroupName: "g", Group: event.NotFound[Group]("denied")}, false},
		"no group":       {Termination{Group: known}, false},
		"not terminated": {Termination{GroupName: "g", Group: known, Failed: true}, false},
	} {
		if got := tt.t.Lasts(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
