package releases

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func after(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func row(id string, state wire.DeploymentState, rollback bool, start, end time.Time) timeline.Row {
	return timeline.Row{Start: start, End: end, Release: &notice.Release{ID: id, Application: "a", Group: "g", State: state, Rollback: rollback}}
}

func TestOf(t *testing.T) {
	const started, ok, failed, stopped = wire.DeploymentStarted, wire.DeploymentSucceeded, wire.DeploymentFailed, wire.DeploymentStopped
	type want struct {
		id       string
		outcome  Outcome
		rollback bool
		minutes  float64
	}
	made := row("d-AUTO", ok, false, noon, after(1))
	made.Release.By = string(wire.CreatorAutoScaling)
	recorded := func(id string, state wire.DeploymentState, status notice.Status, rollback bool, start, end time.Time) timeline.Row {
		r := row(id, state, rollback, start, end)
		r.Key, r.Source, r.Status = "ecs:1:eu-west-1:c/s:deployment", timeline.FromAPI, status
		return r
	}
	sent := row("ecs-svc/1", failed, false, after(5), after(5))
	sent.Source = timeline.FromJournal
	tests := []struct {
		name string
		rows []timeline.Row
		want []want
	}{
		{"one event for each state", []timeline.Row{
			row("d-1", started, false, noon, noon), row("d-1", wire.DeploymentReady, false, after(2), after(2)), row("d-1", ok, false, after(5), after(5)),
		}, []want{{"d-1", Succeeded, false, 5}}},
		{"in any order", []timeline.Row{row("d-1", failed, false, after(5), after(5)), row("d-1", started, false, noon, noon)}, []want{{"d-1", Failed, false, 5}}},
		{"going on", []timeline.Row{row("d-1", started, false, noon, time.Time{})}, []want{{"d-1", Going, false, 0}}},
		{"of a state that is not known", []timeline.Row{row("d-1", "NEW", false, noon, after(3))}, []want{{"d-1", Going, false, 0}}},
		{"CodeDeploy rolls back with another deployment", []timeline.Row{
			row("d-2", ok, true, after(6), after(8)), row("d-1", failed, false, noon, after(5)),
		}, []want{{"d-1", Failed, false, 5}, {"d-2", Succeeded, true, 2}}},
		{"ECS rolls back within one", []timeline.Row{row("ecs-svc/1", ok, true, noon, after(9))}, []want{{"ecs-svc/1", RolledBack, false, 9}}},
		{"ECS sends both", []timeline.Row{
			row("ecs-svc/1", failed, false, after(4), after(4)), row("ecs-svc/1", started, true, after(5), after(5)), row("ecs-svc/1", ok, true, after(9), after(9)),
		}, []want{{"ecs-svc/1", RolledBack, false, 5}}},
		{"ECS rolls back to an older one", []timeline.Row{
			row("ecs-svc/1", failed, false, noon, after(4)), row("ecs-svc/2", ok, true, after(5), after(9)),
		}, []want{{"ecs-svc/1", Failed, false, 4}, {"ecs-svc/2", Succeeded, true, 4}}},
		{"recorded by ECS, and its event", []timeline.Row{recorded("abc", failed, notice.Resolved, false, noon, after(4)), sent},
			[]want{{"abc", RolledBack, false, 4}}},
		{"recorded by ECS, and an event of another", []timeline.Row{recorded("abc", ok, notice.Resolved, false, after(-60), after(-40)), sent},
			[]want{{"abc", Succeeded, false, 20}, {"ecs-svc/1", Failed, false, 0}}},
		{"whose rollback failed in ECS, too", []timeline.Row{recorded("abc", failed, notice.Open, true, noon, after(4))}, []want{{"abc", Failed, false, 4}}},
		{"of Auto Scaling", []timeline.Row{made, {Start: noon}}, nil},
		{"without an id", []timeline.Row{row("", ok, false, noon, after(1)), row("", ok, false, after(2), after(3))},
			[]want{{"", Succeeded, false, 1}, {"", Succeeded, false, 1}}},
		{"stopped", []timeline.Row{row("d-1", stopped, false, noon, after(1))}, []want{{"d-1", Stopped, false, 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Of(tt.rows)
			if len(got) != len(tt.want) {
				t.Fatalf("%d deployments, want %d: %+v", len(got), len(tt.want), got)
			}
			for i, d := range got {
				w := tt.want[i]
				took := 0.0
				if !d.End.IsZero() {
					took = d.End.Sub(d.Start).Minutes()
				}
				if d.ID != w.id || d.Outcome != w.outcome || d.Rollback != w.rollback || took != w.minutes {
					t.Errorf("got %s %s, rollback %v, %v minutes; want %+v", d.ID, d.Outcome, d.Rollback, took, w)
				}
			}
		})
	}
}
