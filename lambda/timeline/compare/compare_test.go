package compare

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
)

// day is the day of the releases of these tests: the eighth of the series.
var day = midnight.AddDate(0, 0, 7)

// at is a time of that day.
func at(hour, minute int) time.Time {
	return day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// deployment is the row of a deployment to a group.
func deployment(version, group string, start, end time.Time, state wire.DeploymentState) timeline.Row {
	return timeline.Row{Start: start, End: end, Lane: timeline.Releases, Kind: notice.KindDeployment, Release: &notice.Release{
		ID: "d-" + version + group, Application: "shop", Group: group, State: state, Version: version, Started: start, Ended: end,
	}}
}

// rollback is the row of a rollback.
func rollback(version, group string, start, end time.Time) timeline.Row {
	row := deployment(version, group, start, end, wire.DeploymentSucceeded)
	row.Release.Rollback = true
	return row
}

// steady is a metric that is 200 and now and then another value, and a third from a time on.
func steady(high, then float64, from time.Time) metrics.Series {
	s := metrics.Series{Label: "Response time", Unit: "ms", Start: midnight, Values: make([]float64, days*valuesPerDay)}
	for i := range s.Values {
		s.Values[i] = 200
		if i%7 == 0 {
			s.Values[i] = high
		}
		if !midnight.Add(time.Duration(i) * metrics.Period).Before(from) {
			s.Values[i] = then
		}
	}
	return s
}

// without takes the values between two times away.
func without(s metrics.Series, from, to time.Time) metrics.Series {
	for i := range s.Values {
		if begin := s.Start.Add(time.Duration(i) * metrics.Period); !begin.Before(from) && begin.Before(to) {
			s.Values[i] = math.NaN()
		}
	}
	return s
}

var late = at(23, 0)

func TestVerdicts(t *testing.T) {
	ok, failed := wire.DeploymentSucceeded, wire.DeploymentFailed
	one := deployment("1.4.2", "g", at(9, 35), at(9, 41), ok)
	slower := steady(220, 400, at(9, 40))
	tests := []struct {
		name   string
		rows   []timeline.Row
		metric metrics.Series
		now    time.Time
		want   []timeline.Verdict
		why    string // of the first release
	}{
		{name: "worse", rows: []timeline.Row{one}, metric: slower, want: []timeline.Verdict{timeline.Worse}, why: "Response time: changed "},
		{name: "better", rows: []timeline.Row{one}, metric: steady(220, 100, at(9, 40)), want: []timeline.Verdict{timeline.Better}},
		{name: "within its scatter", rows: []timeline.Row{one}, metric: steady(220, 206, at(9, 40)), want: []timeline.Verdict{timeline.Same}},
		{name: "the same always", rows: []timeline.Row{one}, metric: steady(200, 200, at(9, 40)), want: []timeline.Verdict{timeline.Same}},
		{name: "not worth a word", rows: []timeline.Row{one}, metric: steady(200, 215, at(9, 40)), want: []timeline.Verdict{timeline.Same}},
		{name: "less of what there should be more of", rows: []timeline.Row{one},
			metric: func() metrics.Series { s := steady(220, 100, at(9, 40)); s.Worse = metrics.LowerIsWorse; return s }(),
			want:   []timeline.Verdict{timeline.Worse}},
		{name: "of no direction", rows: []timeline.Row{one},
			metric: func() metrics.Series { s := slower; s.Worse = metrics.NeitherIsWorse; return s }(),
			want:   []timeline.Verdict{timeline.Unclear}, why: "there is no metric"},
		{name: "a gap after", rows: []timeline.Row{one}, metric: without(steady(220, 400, at(9, 40)), at(9, 50), at(10, 15)),
			want: []timeline.Verdict{timeline.Unclear}, why: "Response time: too few values"},
		{name: "a short gap", rows: []timeline.Row{one}, metric: without(steady(220, 400, at(9, 40)), at(9, 50), at(10, 0)),
			want: []timeline.Verdict{timeline.Worse}},
		{name: "gaps in the week before", rows: []timeline.Row{one}, metric: without(steady(220, 400, at(9, 40)), midnight, midnight.AddDate(0, 0, 4)),
			want: []timeline.Verdict{timeline.Worse}},
		{name: "no traffic", rows: []timeline.Row{one},
			metric: func() metrics.Series {
				s := without(steady(220, 400, at(9, 40)), at(9, 0), at(10, 30))
				s.Of = make([]float64, len(s.Values))
				return s
			}(), want: []timeline.Verdict{timeline.Unclear}, why: "Response time: too little traffic"},
		{name: "a new service", rows: []timeline.Row{one}, metric: without(steady(220, 400, at(9, 40)), midnight, at(2, 0)),
			want: []timeline.Verdict{timeline.Unclear}, why: "Response time: less than a day of history"},
		{name: "just now", rows: []timeline.Row{one}, metric: slower, now: at(9, 52), want: []timeline.Verdict{timeline.Unclear}, why: "it ended 11 minutes ago"},
		{name: "half an hour is not over", rows: []timeline.Row{one}, metric: slower, now: at(10, 2), want: []timeline.Verdict{timeline.Worse}},
		{name: "still going on", rows: []timeline.Row{deployment("1.4.2", "g", at(9, 35), time.Time{}, wire.DeploymentStarted)}, metric: slower,
			want: []timeline.Verdict{timeline.Unclear}, why: "it is going on"},
		{name: "closer together than the window",
			rows: []timeline.Row{one, deployment("1.4.3", "g", at(9, 50), at(9, 51), ok), deployment("1.4.4", "g", at(10, 10), at(10, 12), ok)}, metric: slower,
			want: []timeline.Verdict{timeline.Unclear, timeline.Unclear, timeline.Same}, why: "1.4.3 came 9 minutes later"},
		{name: "fails at once and is rolled back",
			rows: []timeline.Row{deployment("1.4.3", "g", at(9, 35), at(9, 35), failed), rollback("1.4.2", "g", at(9, 36), at(9, 40))}, metric: steady(220, 210, at(9, 35)),
			want: []timeline.Verdict{timeline.Unclear, timeline.Unclear}, why: "1.4.2 came 1 minute later"},
		{name: "fails at once and stays", rows: []timeline.Row{deployment("1.4.3", "g", at(9, 35), at(9, 35), failed)}, metric: steady(220, 400, at(9, 35)),
			want: []timeline.Verdict{timeline.Worse}},
		{name: "a slow failure and its rollback",
			rows: []timeline.Row{deployment("1.4.3", "g", at(9, 0), at(9, 40), failed), rollback("1.4.2", "g", at(9, 40), at(9, 45))},
			metric: func() metrics.Series {
				s := steady(220, 400, at(9, 0))
				for i := int(at(9, 45).Sub(midnight) / metrics.Period); i < len(s.Values); i++ {
					s.Values[i] = 200
				}
				return s
			}(),
			want: []timeline.Verdict{timeline.Unclear, timeline.Better}, why: "1.4.2 came less than a second later"},
		{name: "another one begins before it ends",
			rows: []timeline.Row{one, deployment("1.4.3", "g", at(9, 38), at(9, 50), ok)}, metric: slower,
			want: []timeline.Verdict{timeline.Unclear, timeline.Unclear}, why: "1.4.3 began before it ended"},
		{name: "to two groups at the same time",
			rows: []timeline.Row{one, deployment("1.4.2", "h", at(9, 37), at(9, 44), ok)}, metric: slower,
			want: []timeline.Verdict{timeline.Worse, timeline.Worse}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.now.IsZero() {
				tt.now = late
			}
			found := Releases(tt.rows, []metrics.Series{tt.metric}, tt.now)
			if len(found.Releases) != len(tt.want) {
				t.Fatalf("%d releases, want %d", len(found.Releases), len(tt.want))
			}
			for i, c := range found.Releases {
				if c.Verdict != tt.want[i] {
					t.Errorf("%s is %s (%s), want %s", c.Release.ID, c.Verdict, c.Why, tt.want[i])
				}
				if len(c.Changes) != 1 {
					t.Errorf("%s has %d changes", c.Release.ID, len(c.Changes))
				}
			}
			if why := found.Releases[0].Why; !strings.HasPrefix(why, tt.why) {
				t.Errorf("why is %q, want %q", why, tt.why)
			}
		})
	}
}

// TestStats checks what is shown: the mean of all requests, and the highest of the 99th percentiles.
func TestStats(t *testing.T) {
	s := metrics.Series{
		Start:  midnight,
		Values: []float64{1, 50, math.NaN(), 2},
		Of:     []float64{98, 1, 0, 1},
		High:   []float64{3, math.NaN(), math.NaN(), 9},
	}
	if got, want := stats(&s, span{-2, 9}), (timeline.Stats{Points: 3, Mean: 1.5, P99: 50}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := stats(&s, span{2, 3}); got != (timeline.Stats{}) {
		t.Errorf("of nothing: %+v", got)
	}
	if got := stats(&s, span{4, 2}); got != (timeline.Stats{}) {
		t.Errorf("of less than nothing: %+v", got)
	}
}

// TestFollowed counts deaths and alarms up to the end of the window.
func TestFollowed(t *testing.T) {
	row := func(key string, kind notice.Kind, status notice.Status, start time.Time) timeline.Row {
		return timeline.Row{Start: start, End: start.Add(time.Minute), Kind: kind, Status: status, Key: key}
	}
	rows := []timeline.Row{
		row("autoscaling:1:eu-west-1:g:i-0", notice.KindTermination, notice.Open, at(9, 39)),
		deployment("1.4.2", "g", at(9, 35), at(9, 41), wire.DeploymentSucceeded),
		row("autoscaling:1:eu-west-1:g:i-1", notice.KindTermination, notice.Open, at(9, 42)),
		row("autoscaling:1:eu-west-1:g:i-1", notice.KindTermination, notice.Open, at(9, 43)),
		row("ec2:1:eu-west-1:i-1", notice.KindInstance, notice.Open, at(9, 43)),
		row("autoscaling:1:eu-west-1:g:i-2", notice.KindTermination, notice.Marker, at(9, 44)),
		row("ecs:1:eu-west-1:c:3", notice.KindTask, notice.Open, at(10, 14)),
		row("cloudwatch:1:eu-west-1:5xx", notice.KindAlarm, notice.Resolved, at(9, 50)),
		row("cloudwatch:1:eu-west-1:5xx", notice.KindAlarm, notice.Open, at(9, 58)),
		row("cloudwatch:1:eu-west-1:p99", notice.KindAlarm, notice.Marker, at(9, 55)),
		row("ecs:1:eu-west-1:c:4", notice.KindTask, notice.Open, at(10, 16)),
	}
	c := Releases(rows, nil, late).Releases[0]
	if c.Deaths != 2 || c.Alarms != 1 {
		t.Errorf("%d deaths and %d alarms, want 2 and 1", c.Deaths, c.Alarms)
	}
}

// TestShapes compares what cannot be: no rows, no values, times that are nowhere.
func TestShapes(t *testing.T) {
	row := deployment("1", "g", at(9, 0), at(9, 1), wire.DeploymentSucceeded)
	old := deployment("0", "g", midnight.AddDate(-1, 0, 0), midnight.AddDate(-1, 0, 0), wire.DeploymentSucceeded)
	backwards := deployment("2", "g", at(12, 0), at(11, 0), wire.DeploymentFailed)
	found := Releases([]timeline.Row{row, old, backwards, {}}, []metrics.Series{{Label: "none", Start: midnight}}, late)
	for _, c := range found.Releases {
		if c.Verdict != timeline.Unclear {
			t.Errorf("%s is %s", c.Release.ID, c.Verdict)
		}
	}
	if len(found.Releases) != 3 || found.Releases[0].Release.Version != "0" {
		t.Errorf("releases are %+v", found.Releases)
	}
	if n := len(Releases(nil, nil, late).Releases); n != 0 {
		t.Errorf("%d releases of none", n)
	}
}
