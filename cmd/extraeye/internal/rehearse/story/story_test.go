package story

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// at is a time of a day, in minutes.
func at(minute int) time.Time { return time.Date(2026, time.November, 22, 9, minute, 0, 0, time.UTC) }

func deployment(minute int, id string, state wire.DeploymentState, by wire.Creator) *notice.Notice {
	return &notice.Notice{
		ID: id + string(state), Time: at(minute), Kind: notice.KindDeployment, Status: notice.Resolved, Title: string(state) + " " + id, Key: "production",
		Release: &notice.Release{ID: id, Application: "shop", Version: "v-" + id, State: state, By: string(by), Started: at(minute - 4), Ended: at(minute - 1)},
	}
}

func alarm(minute int, s notice.Status) *notice.Notice {
	return &notice.Notice{ID: "alarm" + string(s), Time: at(minute), Kind: notice.KindAlarm, Severity: notice.Error, Status: s, Title: "Alarm is " + string(s), Key: "alarm"}
}

func death(minute int) *notice.Notice {
	return &notice.Notice{ID: "death", Time: at(minute), Kind: notice.KindTermination, Severity: notice.Error, Status: notice.Open, Title: "died", Key: "i-1",
		Links: []notice.Link{{Label: "Instance", URL: "https://example.com"}}}
}

func TestRows(t *testing.T) {
	type span struct {
		title    string
		lane     timeline.Lane
		from, to int // 0: still lasts
	}
	for _, tt := range []struct {
		name    string
		notices []*notice.Notice
		want    []span
	}{
		{"a notice for several sinks, out of order", []*notice.Notice{death(9), deployment(5, "d", wire.DeploymentSucceeded, ""), death(9)},
			[]span{{"SUCCESS d", timeline.Releases, 1, 4}, {"died", timeline.Instances, 9, 9}}},
		{"a release in several states", []*notice.Notice{deployment(5, "d", wire.DeploymentStarted, ""), deployment(9, "d", wire.DeploymentFailed, "")},
			[]span{{"FAILURE d", timeline.Releases, 1, 8}}},
		{"a deployment for an instance", []*notice.Notice{deployment(5, "d", wire.DeploymentSucceeded, wire.CreatorAutoScaling)}, []span{{"SUCCESS d", timeline.Instances, 5, 5}}},
		{"an alarm", []*notice.Notice{alarm(5, notice.Open), alarm(8, notice.Resolved)}, []span{{"Alarm is open", timeline.Alarms, 5, 8}}},
		{"an alarm that is on", []*notice.Notice{alarm(5, notice.Open)}, []span{{"Alarm is open", timeline.Alarms, 5, 0}}},
		{"the end of an alarm", []*notice.Notice{alarm(5, notice.Resolved)}, []span{{"Alarm is resolved", timeline.Alarms, 5, 5}}},
		{"no time", []*notice.Notice{{ID: "x", Title: "x"}}, nil},
	} {
		got := rows(tt.notices)
		if len(got) != len(tt.want) {
			t.Errorf("%s: %d rows, want %d", tt.name, len(got), len(tt.want))
			continue
		}
		for i, want := range tt.want {
			end := at(want.to)
			if want.to == 0 {
				end = time.Time{}
			}
			if r := got[i]; r.Title != want.title || r.Lane != want.lane || !r.Start.Equal(at(want.from)) || !r.End.Equal(end) || r.Source != timeline.FromEvent {
				t.Errorf("%s: got %+v, want %+v", tt.name, r, want)
			}
		}
	}
}

// TestMetricsGoWithTheRows finds the release worse that an instance died after, and not the one
// after it.
func TestMetricsGoWithTheRows(t *testing.T) {
	tl := of("shop", []*notice.Notice{
		deployment(30, "bad", wire.DeploymentSucceeded, ""), death(41), death(41), deployment(90, "good", wire.DeploymentSucceeded, ""), alarm(150, notice.Open),
	})
	if len(tl.Compared.Releases) != 2 || tl.Compared.Releases[0].Verdict != timeline.Worse || tl.Compared.Releases[0].Deaths != 1 || tl.Compared.Releases[1].Verdict == timeline.Worse {
		t.Errorf("compared: %+v", tl.Compared.Releases)
	}
	for _, m := range tl.Metrics {
		if !strings.Contains(m.Unit, "made up") || len(m.Points) < 60 {
			t.Errorf("%s, %s has %d points", m.Label, m.Unit, len(m.Points))
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	old := death(9)
	old.Time = time.Unix(0, 0) // a file of an event may have any time
	if err := Write(dir, "shop", []*notice.Notice{death(9), old}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil || !strings.Contains(string(page), "<h1>shop</h1>") || !strings.Contains(string(page), "made up") {
		t.Errorf("%v: %.400s", err, page)
	}
	if err := Write(filepath.Join(dir, "missing"), "shop", []*notice.Notice{death(9)}); err == nil {
		t.Error("a folder that does not exist is no error")
	}
}
