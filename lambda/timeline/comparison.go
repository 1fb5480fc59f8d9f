package timeline

import (
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// Comparisons are how metrics were before and after each release of a timeline.
type Comparisons struct {
	// Releases are in the order of their times.
	Releases []Comparison
	// How says in a sentence or two what was compared and how the verdicts came about.
	How string
}

// Comparison is one release, with metrics before and after it and what followed it.
type Comparison struct {
	// Release is that of the row with the same [notice.Release.ID].
	Release notice.Release
	// At is the moment that divides before from after.
	At time.Time
	// Changes are the metrics, at most five. All comparisons of a timeline have the same
	// ones in the same order.
	Changes []Change
	// Deaths and Alarms are how many of them began after the release, within the time that
	// was compared.
	Deaths, Alarms int
	Verdict        Verdict
	// Why is one line: what decided the verdict, such as "5xx 8 times its own scatter", or
	// why there is none, such as "1.4.3 came 12 minutes later".
	Why string
}

// Change is a metric before and after a release.
type Change struct {
	// Label and Unit are those of [Metric].
	Label, Unit   string
	Before, After Stats
	Verdict       Verdict
}

// Stats sums up a metric over some minutes.
type Stats struct {
	// Points is how many points there are. If there are none, Mean and P99 mean nothing.
	Points    int
	Mean, P99 float64
}

// MeanText is the mean in as many digits, or all those before the point from 100 on.
func (s Stats) MeanText(digits int) string {
	switch {
	case s.Points == 0:
		return "–"
	case s.Mean >= 100 || s.Mean <= -100:
		return strconv.FormatFloat(s.Mean, 'f', 0, 64)
	default:
		return strconv.FormatFloat(s.Mean, 'g', digits, 64)
	}
}

// Verdict says whether something got worse. What was not decided has the empty verdict.
type Verdict string

// The verdicts.
const (
	Worse   Verdict = "worse"
	Better  Verdict = "better"
	Same    Verdict = "unchanged" // the change is within the metric's own scatter
	Unclear Verdict = "unclear"   // there is too little to compare
)
