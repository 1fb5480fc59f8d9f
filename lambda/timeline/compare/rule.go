package compare

import (
	"math"
	"slices"

	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
)

// The rule is described in docs/releases.md, with how often it is wrong. The numbers were chosen on
// other seeds than those that the tests have.
const (
	// far is from how many times the scatter on a change is one for the worse or the better.
	far = 3
	// least is the smallest change that counts, as a share of what was before.
	least = 0.1
	// fewest is how many values of each window there have to be.
	fewest = 3
	// perDay is how many windows a day has, and history how many earlier changes are looked at.
	perDay  = 48
	history = 7 * perDay
	// enough is how many of them must be known.
	enough = perDay
	// nearby is how many windows apart times of day are near, and enoughNear how many changes near
	// that of a release must be known for them to count.
	nearby, enoughNear = 8, 30
	// tail is the share of usual changes that is cut off, so that a few incidents make no scatter,
	// and tailSigma how many standard deviations a normal distribution has up to there.
	tail, tailSigma = 0.03, 1.881
	// madSigma is how many of its median absolute deviations a normal distribution has in one
	// standard deviation, and halfNoise how much noisier the better half of six values is than all
	// of them.
	madSigma, halfNoise = 1.4826, 1.15
)

// span is a window of a series: the indexes of its values.
type span struct{ from, to int }

func (s span) shifted(by int) span { return span{s.from - by, s.to - by} }

// level is the mean of the better half of a window's values, so that a short burst decides
// nothing. It is not a number if too few values are known.
func level(values []float64, w span, lower bool) float64 {
	var buffer [full]float64
	known := buffer[:0]
	for i := max(w.from, 0); i < min(w.to, len(values)); i++ {
		if !math.IsNaN(values[i]) {
			known = append(known, values[i])
		}
	}
	if len(known) < fewest {
		return math.NaN()
	}
	slices.Sort(known)
	half := known[:len(known)/2]
	if lower {
		half = known[len(known)-len(known)/2:]
	}
	sum := 0.0
	for _, v := range half {
		sum += v
	}
	return sum / float64(len(half))
}

// scored is a change and how unusual it is.
type scored struct {
	verdict timeline.Verdict
	// times is how many times its own scatter the metric changed, for the worse if it is positive.
	times float64
	why   string
}

// decide compares two windows of one of the values of a series with how much those usually
// change in as long a time.
func decide(s *metrics.Series, values []float64, before, after span) scored {
	at := func(w span) float64 { return level(values, w, s.Worse == metrics.LowerIsWorse) }
	was, is := at(before), at(after)
	if math.IsNaN(was) || math.IsNaN(is) {
		if s.Of != nil {
			return scored{verdict: timeline.Unclear, why: "too little traffic"}
		}
		return scored{verdict: timeline.Unclear, why: "too few values"}
	}
	usual := usualChanges(at, before, after)
	if len(usual.all) < enough {
		return scored{verdict: timeline.Unclear, why: "less than a day of history"}
	}
	moved := is - was - usual.expected
	d := scored{verdict: timeline.Same}
	if moved == 0 {
		return d
	}
	up := moved > 0
	d.times = moved / max(usual.scatter(up), noise(s, before, after), math.SmallestNonzeroFloat64)
	if s.Worse == metrics.LowerIsWorse {
		d.times = -d.times
	}
	floor := max(s.Least, least*math.Abs(was))
	switch {
	case math.Abs(d.times) <= far || math.Abs(is-was) < floor || (is > was) != up:
	case d.times > 0:
		d.verdict = timeline.Worse
	default:
		d.verdict = timeline.Better
	}
	return d
}

// usualChange is how much a metric changes between two windows when nothing is released.
type usualChange struct {
	// expected is the change at the same time of the days before.
	expected float64
	// all are by how much the changes differed from that, in order, and near are those of the same
	// hours of the day.
	all, near []float64
}

// usualChanges moves both windows back in steps of half an hour.
func usualChanges(at func(span) float64, before, after span) (usual usualChange) {
	changes := make([]float64, history)
	for i := range changes {
		by := (i + 1) * full
		changes[i] = at(after.shifted(by)) - at(before.shifted(by))
	}
	usual.expected = sameTime(changes, -1)
	for i, c := range changes {
		if math.IsNaN(c) {
			continue
		}
		residual := c - sameTime(changes, i)
		usual.all = append(usual.all, residual)
		if steps := (i + 1) % perDay; min(steps, perDay-steps) <= nearby {
			usual.near = append(usual.near, residual)
		}
	}
	slices.Sort(usual.all)
	slices.Sort(usual.near)
	return usual
}

// sameTime is the median of the changes at the same time of other days than that of change i,
// or zero if fewer than three are known.
func sameTime(changes []float64, i int) float64 {
	var buffer [history / perDay]float64
	known := buffer[:0]
	for j := (i + perDay) % perDay; j < len(changes); j += perDay {
		if j != i && !math.IsNaN(changes[j]) {
			known = append(known, changes[j])
		}
	}
	if len(known) < 3 {
		return 0
	}
	return median(known)
}

// scatter is how much a metric usually changes in a direction: all day or in the same hours,
// whichever is more.
func (u usualChange) scatter(up bool) float64 {
	if len(u.near) < enoughNear {
		return scatter(u.all, up)
	}
	return max(scatter(u.all, up), scatter(u.near, up))
}

// scatter is the standard deviation of changes that are in order, once from their middle and once
// from the end of the larger ones of a direction: whichever is more.
func scatter(changes []float64, up bool) float64 {
	deviations := make([]float64, len(changes))
	for i, c := range changes {
		deviations[i] = math.Abs(c)
	}
	beyond := int(tail * float64(len(changes)))
	end := -changes[beyond]
	if up {
		end = changes[len(changes)-1-beyond]
	}
	return max(madSigma*median(deviations), end/tailSigma)
}

// noise is the scatter that a share of requests has because there are only so many of them.
func noise(s *metrics.Series, before, after span) float64 {
	if !s.Share {
		return 0
	}
	var all, bad float64
	for i := max(before.from-history*full, 0); i < before.to; i++ {
		if of := s.Of[i]; of > 0 && !math.IsNaN(s.Values[i]) {
			all += of
			bad += of * s.Values[i] / 100
		}
	}
	share := (bad + 1) / (all + 1)
	return 100 * halfNoise * math.Sqrt(share*(1-share)*(1/requests(s, before)+1/requests(s, after)))
}

func requests(s *metrics.Series, w span) float64 {
	var all float64
	for i := max(w.from, 0); i < min(w.to, len(s.Of)); i++ {
		if !math.IsNaN(s.Of[i]) {
			all += s.Of[i]
		}
	}
	return max(all, 1)
}

// median sorts the values.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
