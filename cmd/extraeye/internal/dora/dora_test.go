package dora

import (
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

var monday = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// at is so many hours after Monday.
func at(hours float64) time.Time { return monday.Add(time.Duration(hours * float64(time.Hour))) }

const (
	started = wire.DeploymentStarted
	ok      = wire.DeploymentSucceeded
	failed  = wire.DeploymentFailed
	stopped = wire.DeploymentStopped
)

func row(id, place string, state wire.DeploymentState, start, end float64) timeline.Row {
	return timeline.Row{Start: at(start), End: at(end), Lane: timeline.Releases, Kind: notice.KindDeployment,
		Release: &notice.Release{ID: id, Application: "a", Group: place, State: state, Started: at(start), Ended: at(end)}}
}

func rollback(id string, state wire.DeploymentState, start, end float64) timeline.Row {
	r := row(id, "g", state, start, end)
	r.Release.Rollback = true
	return r
}

func trouble(kind notice.Kind, key string, start float64) timeline.Row {
	return timeline.Row{Start: at(start), End: at(start), Kind: kind, Key: key, Status: notice.Open}
}

// unknown knows of no commit.
func unknown(*notice.Release) (time.Time, bool) { return time.Time{}, false }

func TestOf(t *testing.T) {
	tests := []struct {
		name string
		rows []timeline.Row
		want Count
	}{
		{"nothing", nil, Count{}},
		{"one that sent three events", []timeline.Row{row("d-1", "g", started, 1, 1), row("d-1", "g", wire.DeploymentReady, 1, 1.1), row("d-1", "g", ok, 1, 1.2)},
			Count{Succeeded: 1, UnknownCommits: 1}},
		{"one that is going on", []timeline.Row{row("d-1", "g", started, 1, 1)}, Count{}},
		{"before and after the time", []timeline.Row{row("d-1", "g", ok, -2, -1), row("d-2", "g", ok, 167, 169)}, Count{}},
		{"a failure that CodeDeploy rolls back is one failure", []timeline.Row{row("d-1", "g", failed, 1, 2), rollback("d-2", ok, 2, 2.5)},
			Count{Failed: 1, Rollbacks: 1, Reworked: 1, Recoveries: []time.Duration{30 * time.Minute}}},
		{"stopped by an alarm and rolled back", []timeline.Row{row("d-1", "g", stopped, 1, 2), rollback("d-2", ok, 1.99, 3)},
			Count{Stopped: 1, Rollbacks: 1, Reworked: 1, Recoveries: []time.Duration{time.Hour}}},
		{"stopped by hand", []timeline.Row{row("d-1", "g", stopped, 1, 2), row("d-2", "g", ok, 50, 51)},
			Count{Stopped: 1, Succeeded: 1, UnknownCommits: 1}},
		{"two failures and their repair", []timeline.Row{row("d-1", "g", failed, 1, 2), row("d-2", "g", failed, 3, 4), row("d-3", "g", ok, 5, 6)},
			Count{Failed: 2, Succeeded: 1, Reworked: 2, Recoveries: []time.Duration{4 * time.Hour}, UnknownCommits: 1}},
		{"a rollback that fails, too", []timeline.Row{row("d-1", "g", failed, 1, 2), rollback("d-2", failed, 2, 3), row("d-3", "g", ok, 9, 10)},
			Count{Failed: 1, Rollbacks: 1, Succeeded: 1, Reworked: 1, Recoveries: []time.Duration{8 * time.Hour}, UnknownCommits: 1}},
		{"still broken, and another place is not", []timeline.Row{row("d-1", "g", failed, 1, 2), row("d-2", "h", ok, 3, 4)},
			Count{Failed: 1, Succeeded: 1, Unrecovered: 1, UnknownCommits: 1}},
		{"broken since before the time", []timeline.Row{row("d-0", "g", failed, -3, -2), row("d-1", "g", failed, 1, 2), row("d-2", "g", ok, 7, 8)},
			Count{Failed: 1, Succeeded: 1, Reworked: 1, UnknownCommits: 1}},
		{"rolled back by ECS", []timeline.Row{rollback("ecs-svc/1", ok, 1, 2), row("ecs-svc/2", "g", ok, 3, 4)},
			Count{RolledBack: 1, Succeeded: 1, Reworked: 1, Recoveries: []time.Duration{time.Hour}, UnknownCommits: 1}},
		{"an alarm after a success", []timeline.Row{row("d-1", "g", ok, 1, 2), trouble(notice.KindAlarm, "alarm", 2.5)},
			Count{Succeeded: 1, Troubled: 1, UnknownCommits: 1}},
		{"an alarm much later", []timeline.Row{row("d-1", "g", ok, 1, 2), trouble(notice.KindAlarm, "alarm", 3.5)},
			Count{Succeeded: 1, UnknownCommits: 1}},
		{"two deaths", []timeline.Row{row("d-1", "g", ok, 1, 2), trouble(notice.KindTask, "1", 2.5), trouble(notice.KindTask, "2", 2.5), trouble(notice.KindTask, "2", 2.6)},
			Count{Succeeded: 1, UnknownCommits: 1}},
		{"three deaths", []timeline.Row{row("d-1", "g", ok, 1, 2), trouble(notice.KindTask, "1", 2.5), trouble(notice.KindTask, "2", 2.5), trouble(notice.KindTask, "3", 2.6)},
			Count{Succeeded: 1, Troubled: 1, UnknownCommits: 1}},
		{"a rollback of a success", []timeline.Row{row("d-1", "g", ok, 1, 2), rollback("d-2", ok, 2.5, 3)},
			Count{Succeeded: 1, Troubled: 1, Rollbacks: 1, Reworked: 1, UnknownCommits: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Of(tt.rows, monday, at(168), unknown)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got\n%+v\nwant\n%+v", got, tt.want)
			}
		})
	}
}

func TestFigures(t *testing.T) {
	a := Count{Succeeded: 9, Failed: 1, Stopped: 1, RolledBack: 1, Rollbacks: 1, Troubled: 3, Reworked: 2,
		Recoveries: []time.Duration{time.Hour, 2 * time.Hour}, Unrecovered: 1, UnknownCommits: 9}
	b := Count{Succeeded: 3, Recoveries: []time.Duration{10 * time.Minute}, LeadTimes: []time.Duration{time.Hour, 3 * time.Hour}, UnknownCommits: 1}
	f := Total([]Count{a, b}).Figures("", 3*week)
	got, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"deployments":15,"succeeded":12,"failed":1,"stopped":1,"rolledBack":1,"rollbacks":1,"deploymentsPerWeek":4,` +
		`"changeFailRate":{"part":3,"whole":15,"rate":0.2},"troubleAfterSuccessRate":{"part":3,"whole":12,"rate":0.25},` +
		`"failedDeploymentRecoveryTime":{"known":3,"unknown":1,"medianSeconds":3600},"deploymentReworkRate":{"part":2,"whole":16,"rate":0.125},` +
		`"changeLeadTime":{"known":2,"unknown":10,"medianSeconds":7200}}`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if none := (Count{}).Figures("x", 0); none.ChangeFailRate.Rate != nil || none.RecoveryTime.MedianSeconds != nil || none.LeadTime.Median() != 0 {
		t.Errorf("of nothing: %+v", none)
	}
}

// TestCommits finds commits in a real repository.
func TestCommits(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2026-11-22T10:00:00+01:00", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
		return string(out[:len(out)-min(1, len(out))])
	}
	git("init", "-q")
	git("commit", "-q", "--allow-empty", "-m", "one")
	git("tag", "-a", "-m", "x", "v1.4.2")
	commit := git("rev-parse", "HEAD")
	find := InRepository(t.Context(), dir)
	for _, r := range []notice.Release{{Commit: commit}, {Commit: commit[:12]}, {Version: "1.4.2"}, {Version: "v1.4.2"}, {Commit: "0000000", Version: "1.4.2"}} {
		if at, ok := find(&r); !ok || !at.Equal(at0) {
			t.Errorf("%+v: %v, %v", r, at, ok)
		}
	}
	for _, r := range []notice.Release{{}, {Commit: "HEAD"}, {Commit: "--all"}, {Version: "2.0"}, {Version: "--output=x"}, {Version: "a..b"}, {Version: "../heads/main"}, {Version: "1.4.2 --all"}} {
		if at, ok := find(&r); ok {
			t.Errorf("%+v: %v", r, at)
		}
	}
	if _, ok := InRepository(t.Context(), t.TempDir())(&notice.Release{Commit: commit}); ok {
		t.Error("a folder that is no repository knows a commit")
	}
}

var at0 = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
