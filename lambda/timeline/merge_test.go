package timeline

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// TestMerge shows which rows of a journal are those of AWS's records, and what of them is kept.
func TestMerge(t *testing.T) {
	at := func(minute float64) time.Time {
		return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC).Add(time.Duration(minute * float64(time.Minute)))
	}
	row := func(kind notice.Kind, key string, from, to float64, title string, facts ...string) Row {
		r := Row{Kind: kind, Key: key, Start: at(from), End: at(to), Title: title, Status: notice.Open}
		for _, f := range facts {
			r.Facts = append(r.Facts, notice.Fact{Label: f, Value: title})
		}
		return r
	}
	released := func(r Row, id string, state wire.DeploymentState) Row {
		r.Release = &notice.Release{ID: id, State: state}
		return r
	}
	lasting := row(notice.KindAlarm, "alarm", 50, 50, "in alarm")
	lasting.End = time.Time{}
	resolved := row(notice.KindAlarm, "5xx", 44, 44, "OK", "a", "b", "c")
	resolved.Status = notice.Resolved
	records := []Row{
		row(notice.KindTermination, "i-1", 7, 7, "killed", "Cause", "Link"),
		row(notice.KindLaunch, "launch", 8, 9, "launched"),
		row(notice.KindLaunch, "launch", 10, 11, "launched again"),
		row(notice.KindAlarm, "5xx", 12, 44, "in alarm", "In alarm for"),
		released(row(notice.KindDeployment, "web", 20, 26, "deployed", "Made by", "x"), "d-1", wire.DeploymentSucceeded),
		lasting,
		row(notice.KindLaunch, "scaled", 70, 70, "out, with AWS's facts", "a", "b"),
	}
	journal := []Row{
		row(notice.KindTermination, "i-1", 19, 19, "ran out of memory", "Last words", "Cause", "Instance"), // the load balancer drained for minutes
		row(notice.KindTermination, "i-1", -5, -5, "could not be terminated"),
		row(notice.KindTermination, "i-2", 7, 7, "another"),
		row(notice.KindLaunch, "launch", 11.1, 11.1, "in full", "a"),
		row(notice.KindAlarm, "5xx", 12.1, 12.1, "in alarm, in full", "a", "b"),
		resolved,
		released(row(notice.KindDeployment, "web", 20, 20, "started", "a", "b", "c"), "d-1", wire.DeploymentStarted),
		released(row(notice.KindDeployment, "web", 21, 21, "another deployment"), "d-2", wire.DeploymentStarted),
		row(notice.KindAlarm, "alarm", 300, 300, "still"),
		row(notice.KindSpot, "i-1", 7, 7, "Spot takes it"),
		row(notice.KindAlarm, "5xx", 50, 50, "in alarm once more"),
		row(notice.KindLaunch, "scaled", 70, 70, "out", NotNotified),
	}
	before := slices.Clone(records)
	var got []string
	for _, r := range Merge(records, journal) {
		var labels []string
		for _, f := range r.Facts {
			labels = append(labels, f.Label)
		}
		got = append(got, fmt.Sprintf("%s %s %s %s %q", r.Start.Format("15:04"), r.Kind, r.Key, r.Title, labels))
	}
	golden.List(t, "rows", got, []string{
		`10:07 termination i-1 ran out of memory ["Last words" "Cause" "Instance" "Link"]`,
		`10:08 launch launch launched []`,
		`10:10 launch launch in full ["a"]`,
		`10:12 alarm 5xx in alarm, in full ["a" "b" "In alarm for"]`,
		`10:20 deployment web deployed ["Made by" "x"]`,
		`10:50 alarm alarm in alarm []`,
		`11:10 launch scaled out, with AWS's facts ["a" "b" "Not notified"]`,
		`09:55 termination i-1 could not be terminated []`,
		`10:07 termination i-2 another []`,
		`10:21 deployment web another deployment []`,
		`10:07 spot i-1 Spot takes it []`,
		`10:50 alarm 5xx in alarm once more []`,
	})
	for i := range before {
		if before[i].Title != records[i].Title {
			t.Errorf("the record %q was written to", before[i].Title)
		}
	}
}
