package page

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// crowd is what the story does not have: marks that crowd, rows of each level, rows that last
// beyond the chart, are before it or have no time, several days, metrics that are hard to
// draw.
func crowd() *timeline.Timeline {
	threshold, far := -2.0, 1e6
	t := &timeline.Timeline{
		Service: "käse & wein", Region: "eu-central-1", From: at(-600), To: at(600),
		Metrics: []timeline.Metric{
			{Label: "Balance", Unit: "€", Period: time.Hour, Threshold: &threshold, Points: []timeline.Point{
				{Time: at(60), Value: -4}, {Time: at(-60), Value: 3}, {Time: at(0), Value: 8}, {Time: at(400), Value: math.NaN()}, {Time: at(500), Value: 12_345}}},
			{Label: "Nothing", Unit: "at all", Threshold: &far},
			{Label: "Flat", Points: []timeline.Point{{Time: at(-600)}, {Time: at(0)}, {Time: at(600)}}},
			{Label: "One", Period: 5 * time.Minute, Points: []timeline.Point{{Time: at(0), Value: .00025}}},
		},
	}
	add := func(r timeline.Row) { t.Rows = append(t.Rows, r) }
	for i := range 40 { // dots at about the same time, the latest first
		add(timeline.Row{Start: at(float64(100 - i)), End: at(float64(100 - i)), Lane: timeline.Instances, Kind: notice.KindTask, Severity: notice.Warning,
			Status: notice.Open, Title: fmt.Sprintf("Task %d stopped", i), Facts: []notice.Fact{{Label: "Reason", Value: "out of memory"}}, Key: fmt.Sprint("t", i)})
	}
	for i, s := range []notice.Severity{notice.Info, notice.Warning, notice.Error, notice.Critical} {
		for j, status := range []notice.Status{notice.Marker, notice.Resolved} {
			add(timeline.Row{Start: at(float64(-500 + 60*i + 25*j)), End: at(float64(-500 + 60*i + 25*j)), Lane: timeline.Account, Severity: s, Status: status, Title: string(s) + " " + string(status)})
		}
	}
	for i := range 7 { // bars upon each other
		add(timeline.Row{Start: at(float64(10 * i)), End: at(float64(300 + i)), Lane: timeline.Alarms, Kind: notice.KindAlarm, Severity: notice.Error, Status: notice.Open,
			Title: fmt.Sprintf("Alarm a%d is in alarm", i), Facts: []notice.Fact{{Label: "Alarm", Value: fmt.Sprintf("a%d", i)}}, Key: fmt.Sprint("a", i)})
	}
	for i := range 5 {
		add(timeline.Row{Start: at(float64(8 * i)), End: at(float64(8*i + 5)), Lane: timeline.Releases, Kind: notice.KindDeployment, Severity: notice.Info, Status: notice.Resolved,
			Title: fmt.Sprintf("Deployed: 2.%d", i), Release: &notice.Release{ID: fmt.Sprint("d-", i), Version: fmt.Sprintf("2.%d.0-a-very-long-name", i), State: wire.DeploymentSucceeded}})
	}
	add(timeline.Row{Start: at(595), Lane: timeline.Releases, Severity: notice.Info, Status: notice.Marker, Title: "Deployment started: 3.0", Release: &notice.Release{ID: "d-9", State: wire.DeploymentStarted}})
	add(timeline.Row{Start: at(200), Lane: timeline.Hooks, Severity: notice.Warning, Status: notice.Open, Title: "still lasts"})
	add(timeline.Row{Start: at(-900), End: at(-300), Lane: timeline.Hooks, Severity: notice.Info, Status: notice.Resolved, Title: "began before"})
	add(timeline.Row{Start: at(-900), End: at(-800), Lane: timeline.Hooks, Title: "before the chart"})
	add(timeline.Row{Start: at(900), End: at(900), Lane: timeline.Hooks, Title: "after the chart"})
	add(timeline.Row{Start: at(20), End: at(-20), Lane: timeline.Hooks, Title: "ends before it begins"})
	add(timeline.Row{Lane: timeline.Hooks, Title: "without a time"})
	add(timeline.Row{Start: at(30), End: at(31), Lane: "new", Title: "in a lane that is not known"})
	add(timeline.Row{Start: at(31), End: at(31), Lane: timeline.Account})
	long := strings.Repeat("long", 40) // a word
	add(timeline.Row{Start: at(40), End: at(500), Lane: timeline.Hooks, Title: long, Link: notice.Link{Label: long, URL: "https://example.com/" + long},
		Facts: []notice.Fact{{Label: long, Value: long[:99]}, {Label: "Code", Value: long}, {Label: notice.LastWords, Value: long + long}}})
	t.Metrics = append(t.Metrics, timeline.Metric{Label: long, Unit: long, Points: []timeline.Point{{Time: at(0), Value: 1e9}}})
	t.Compared.Releases = []timeline.Comparison{{Release: notice.Release{Version: long}, At: at(5), Deaths: 12_345, Verdict: timeline.Unclear, Why: long,
		Changes: []timeline.Change{{Label: long, Unit: long}, {Label: "a", Before: timeline.Stats{Points: 1, Mean: 1e-9}, After: timeline.Stats{Points: 1, Mean: 1e12}, Verdict: timeline.Worse}}}}
	t.Asked, t.Failed = []string{long}, []string{long, long}
	return t
}
