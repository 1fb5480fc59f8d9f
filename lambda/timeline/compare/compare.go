// Package compare says how metrics were before and after each release, and whether that is more
// than they usually change.
package compare

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
	"github.com/extraeye/extraeye/lambda/timeline/releases"
)

// MaxMetrics is how many metrics are compared.
const MaxMetrics = 5

// MaxReleases is how many releases are compared: the newest.
const MaxReleases = 200

// History is how long before a release metrics have to be known to decide whether they changed.
const History = 7*24*time.Hour + 2*Window

// How says what was compared and how the verdicts came about.
const How = "Mean and 99th percentile of the 30 minutes before and after each release. It is worse if even the better half of a " +
	"metric's five-minute values got worse by more than three times its scatter: how much they changed in as long a time in the seven days before. " +
	"After, not because of."

// Releases compares the metrics around each deployment that is in the rows, as far as is known at
// a time.
func Releases(rows []timeline.Row, series []metrics.Series, now time.Time) timeline.Comparisons {
	all := releases.Of(rows)
	series = series[:min(len(series), MaxMetrics)]
	found := timeline.Comparisons{How: How}
	for i := max(0, len(all)-MaxReleases); i < len(all); i++ {
		found.Releases = append(found.Releases, compare(rows, all, i, series, now))
	}
	return found
}

func compare(rows []timeline.Row, all []releases.Deployment, i int, series []metrics.Series, now time.Time) timeline.Comparison {
	d := &all[i]
	w := around(all, i, now)
	c := timeline.Comparison{Release: d.Release, At: later(d.Start, d.End), Verdict: timeline.Unclear, Why: w.short}
	if d.End.IsZero() {
		return withoutChanges(c, series)
	}
	c.Deaths, c.Alarms = releases.Followed(rows, d.End, later(w.after.to, d.End))
	var scores []scored
	for j := range series {
		change, score := measure(&series[j], w)
		c.Changes = append(c.Changes, change)
		if score.verdict != "" {
			scores = append(scores, score)
		}
	}
	if w.short == "" {
		c.Verdict, c.Why = sum(scores)
	}
	return c
}

// sum is the verdict of all metrics: that of the one that changed most for the worse, or else for
// the better. If none did, it is that of the first, which says most of the service.
func sum(scores []scored) (timeline.Verdict, string) {
	if len(scores) == 0 {
		return timeline.Unclear, "there is no metric"
	}
	best := scores[0]
	for _, s := range scores[1:] {
		if s.beats(best) && (best.verdict != timeline.Unclear || s.verdict != timeline.Same) {
			best = s
		}
	}
	return best.verdict, best.why
}

// withoutChanges is the comparison of a deployment of which nothing can be said yet.
func withoutChanges(c timeline.Comparison, series []metrics.Series) timeline.Comparison {
	for i := range series {
		c.Changes = append(c.Changes, timeline.Change{Label: series[i].Label, Unit: series[i].Unit, Verdict: timeline.Unclear})
	}
	return c
}

// measure compares a metric in two windows.
func measure(s *metrics.Series, w windows) (timeline.Change, scored) {
	before, after := w.before.in(s), w.after.in(s)
	change := timeline.Change{Label: s.Label, Unit: s.Unit, Before: stats(s, before), After: stats(s, after)}
	if s.Worse == metrics.NeitherIsWorse {
		return change, scored{}
	}
	score := scored{verdict: timeline.Unclear, why: w.short}
	if w.short == "" {
		score = decide(s, s.Values, before, after)
		if s.High != nil {
			if high := decide(s, s.High, before, after); high.beats(score) {
				score = high
			}
		}
	}
	change.Verdict = score.verdict
	score.why = s.Label + ": " + score.reason()
	return change, score
}

// order is which verdict of several metrics counts.
var order = []timeline.Verdict{timeline.Unclear, timeline.Same, timeline.Better, timeline.Worse}

// beats reports whether a score counts more than another.
func (s scored) beats(other scored) bool {
	mine, its := slices.Index(order, s.verdict), slices.Index(order, other.verdict)
	return mine > its || mine == its && math.Abs(s.times) > math.Abs(other.times)
}

// reason says what decided the verdict.
func (s scored) reason() string {
	times := math.Abs(s.times)
	switch {
	case s.why != "":
		return s.why
	case times > 99:
		return "changed more than 99 times its own scatter"
	default:
		return fmt.Sprintf("changed %.1f times its own scatter", times)
	}
}

// stats sums up a window. Values that are of requests count as often as there were requests.
func stats(s *metrics.Series, w span) timeline.Stats {
	var sum, weights float64
	var high []float64
	for i := max(w.from, 0); i < min(w.to, len(s.Values)); i++ {
		v, weight := s.Values[i], 1.0
		if s.Of != nil {
			weight = s.Of[i]
		}
		if math.IsNaN(v) || math.IsNaN(weight) {
			continue
		}
		sum += v * weight
		weights += weight
		if s.High != nil && !math.IsNaN(s.High[i]) {
			v = s.High[i]
		}
		high = append(high, v)
	}
	if len(high) == 0 || weights == 0 {
		return timeline.Stats{}
	}
	return timeline.Stats{Points: len(high), Mean: sum / weights, P99: slices.Max(high)}
}
