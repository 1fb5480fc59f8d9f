package page

import (
	"slices"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/timeline"
)

// curve is what of a metric is within the chart.
type curve struct {
	runs      [][]timeline.Point // without gaps
	low, high float64            // of the scale
	peak      timeline.Point     // the highest
	any       bool
}

// curveOf reads what is within the span, in the order of time, and at most as many points
// as can be told apart.
func curveOf(m *timeline.Metric, s span) curve {
	points := thinned(drawable(m.Points, s, m.Period), s)
	c := curve{any: len(points) > 0}
	gap := max(m.Period+m.Period/2, time.Duration(seconds(s.from, s.to)/stripWidth*4*float64(time.Second)))
	var run []timeline.Point
	for i, point := range points {
		if i == 0 || point.Value > c.peak.Value {
			c.peak = point
		}
		c.low = min(c.low, point.Value)
		if i > 0 && m.Period > 0 && point.Time.Sub(points[i-1].Time) > gap {
			c.runs, run = append(c.runs, run), nil
		}
		run = append(run, point)
	}
	if len(run) > 0 {
		c.runs = append(c.runs, run)
	}
	c.high = max(c.peak.Value, 0)
	if m.Threshold != nil && finite(*m.Threshold) && (*m.Threshold <= 4*c.high || c.high == 0) {
		c.high = max(c.high, *m.Threshold)
	}
	c.low, c.high = 0-round(-c.low), round(c.high)
	if c.high == c.low {
		c.high = c.low + 1
	}
	return c
}

// drawable are the points within the span that are numbers, in the order of time.
func drawable(points []timeline.Point, s span, period time.Duration) []timeline.Point {
	var all []timeline.Point
	for _, point := range points {
		if finite(point.Value) && !point.Time.Add(period).Before(s.from) && !point.Time.After(s.to) {
			all = append(all, point)
		}
	}
	slices.SortStableFunc(all, func(a, b timeline.Point) int { return a.Time.Compare(b.Time) })
	return all
}

// thinned keeps the lowest and the highest of the points that are too near to each other to
// be told apart.
func thinned(points []timeline.Point, s span) []timeline.Point {
	const places = stripWidth / 2
	if len(points) <= 2*places {
		return points
	}
	var all []timeline.Point
	for i := 0; i < len(points); {
		place := int(s.at(points[i].Time) * places)
		low, high, next := i, i, i
		for ; next < len(points) && int(s.at(points[next].Time)*places) == place; next++ {
			if points[next].Value < points[low].Value {
				low = next
			}
			if points[next].Value > points[high].Value {
				high = next
			}
		}
		all = append(all, points[min(low, high)])
		if low != high {
			all = append(all, points[max(low, high)])
		}
		i = next
	}
	return all
}

// y is where a value is, from the top.
func (c curve) y(v float64) float64 {
	return (1 - min(max((v-c.low)/(c.high-c.low), 0), 1)) * stripHeight
}

// within reports whether the scale has a value.
func (c curve) within(v float64) bool { return v >= c.low && v <= c.high }

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
