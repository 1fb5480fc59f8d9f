package story

import (
	"math"
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/compare"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
)

// metric is a made-up metric.
type metric struct {
	label, unit string
	worse       metrics.Direction
	least       float64
	value       func(time.Time) float64
}

// madeUp are metrics that go with the rows: after a release, they are worse if something died
// before the next.
func madeUp(rows []timeline.Row) []metric {
	var deaths []time.Time
	for i := range rows {
		if rows[i].IsDeath() {
			deaths = append(deaths, rows[i].Start)
		}
	}
	slices.SortFunc(deaths, time.Time.Compare)
	bad := badTimes(rows, deaths)
	near := func(t time.Time, width float64) (sum float64) {
		reach := time.Duration(6 * width * float64(time.Minute)) // beyond which it is nothing
		for _, d := range between(deaths, t.Add(-reach), t.Add(reach)) {
			sum += math.Exp(-math.Pow(t.Sub(d).Minutes()/width, 2))
		}
		return min(sum, 3)
	}
	wrong := func(t time.Time) float64 {
		for _, b := range bad {
			if !t.Before(b.from) && t.Before(b.to) {
				return 1
			}
		}
		return 0
	}
	return []metric{
		{"5xx", "a minute, made up", metrics.HigherIsWorse, 1, func(t time.Time) float64 { return 1 + .5*noise(t, 1) + 7*wrong(t) + 6*near(t, 3) }},
		{"Response time", "p99, ms, made up", metrics.HigherIsWorse, 10, func(t time.Time) float64 {
			return 220 + 15*noise(t, 2) + (230+30*noise(t, 3))*wrong(t) + 80*near(t, 4)
		}},
		{"Healthy", "instances, made up", metrics.LowerIsWorse, 1, func(t time.Time) float64 {
			down := len(between(deaths, t.Add(1-4*time.Minute), t.Add(1)))
			return float64(4 - min(down, 4))
		}},
	}
}

type interval struct{ from, to time.Time }

// badTimes are those from a release on, up to the next that came after a death.
func badTimes(rows []timeline.Row, deaths []time.Time) []interval {
	var all []interval
	var since time.Time
	for i := range rows {
		end, over := rows[i].Over()
		if !over || !rows[i].IsDelivered() {
			continue
		}
		if !since.IsZero() && len(between(deaths, since, end)) > 0 {
			all = append(all, interval{since, end})
		}
		since = end
	}
	if forever := since.AddDate(1, 0, 0); !since.IsZero() && len(between(deaths, since, forever)) > 0 {
		all = append(all, interval{since, forever})
	}
	return all
}

// between are those of sorted times that are not before the one time, but before the other.
func between(times []time.Time, from, to time.Time) []time.Time {
	first, _ := slices.BinarySearchFunc(times, from, time.Time.Compare)
	last, _ := slices.BinarySearchFunc(times, to, time.Time.Compare)
	return times[first:max(first, last)]
}

// noise is between -1 and 1, and always the same at a minute.
func noise(t time.Time, seed float64) float64 {
	x := float64(t.Unix()/60%100_000) + 1000*seed
	return (math.Sin(x*1.7) + math.Sin(x*.61+2*seed) + math.Sin(x*2.9)) / 3
}

// strip is the metric as a page draws it, minute by minute.
func (m metric) strip(from, to time.Time) timeline.Metric {
	strip := timeline.Metric{Label: m.label, Unit: m.unit, Period: time.Minute}
	if to.Sub(from) > 24*time.Hour {
		strip.Period = to.Sub(from) / 1000
	}
	for t := from; t.Before(to); t = t.Add(strip.Period) {
		strip.Points = append(strip.Points, timeline.Point{Time: t, Value: m.value(t)})
	}
	return strip
}

// seriesOf are the metrics as they are compared, which takes those of the days before.
func seriesOf(all []metric, from, to time.Time) []metrics.Series {
	const longest = 14 * 24 * time.Hour // events of files may be years apart
	from = from.Add(-compare.History)
	if to.Sub(from) > longest {
		from = to.Add(-longest)
	}
	var series []metrics.Series
	for _, m := range all {
		s := metrics.Series{Label: m.label, Unit: m.unit, Worse: m.worse, Least: m.least, Start: from.Truncate(metrics.Period)}
		for t := s.Start; t.Before(to); t = t.Add(metrics.Period) {
			sum := 0.0
			for minute := range 5 {
				sum += m.value(t.Add(time.Duration(minute) * time.Minute))
			}
			s.Values = append(s.Values, sum/5)
		}
		series = append(series, s)
	}
	return series
}
