package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// layout is one of the forms of the chart. Which of them is shown depends on the
// width that there is.
type layout struct {
	index  int
	class  string
	prefix string  // of the ids of marks
	width  float64 // pixels that the axis has at least; marks keep apart at that width
	above  bool    // names are above what they name, rather than beside it
	ticks  int     // at most
}

var layouts = [...]layout{
	{0, "wide", "w", 780, false, 12},
	{1, "medium", "m", 520, false, 8},
	{2, "narrow", "n", 280, true, 4},
}

// The sizes of marks, in pixels.
const (
	dotHalf   = 6.5 // half of a dot
	shortest  = 8   // bar; what is shorter is a dot
	apart     = 1   // between two marks
	crowded   = 44  // what is nearer to each other may become one mark
	digit     = 7   // the width of a character of a label
	labelGap  = 6   // between a mark and its label
	maxTracks = 4   // marks above each other in a lane
	maxName   = 14  // characters of a label
	maxLines  = 100 // of releases through the chart
)

// mark is what the chart shows of a row, or of several.
type mark struct {
	rows        []*row
	level       notice.Level // the worst
	left, right float64      // pixels; a dot has both at its center
	bar         bool
	before, on  bool // it began before the chart begins, or lasts after it ends
	track       int
	label       string
	labelLeft   bool
}

// half is half of the width of a mark that is no bar.
func (m *mark) half() float64 {
	if len(m.rows) == 1 {
		return dotHalf
	}
	return float64(digit*utf8.RuneCountInString(m.count()))/2 + 5
}

// begin and end are where a mark begins and ends, without its label.
func (m *mark) begin() float64 {
	if m.bar {
		return m.left
	}
	return (m.left+m.right)/2 - m.half()
}

func (m *mark) end() float64 {
	if m.bar {
		return m.right
	}
	return (m.left+m.right)/2 + m.half()
}

// count says of how many rows the mark is.
func (m *mark) count() string { return "×" + strconv.Itoa(len(m.rows)) }

// add makes one mark of two.
func (m *mark) add(other mark) {
	m.left, m.right = min(m.left, other.left), max(m.right, other.right)
	m.rows = append(m.rows, other.rows...)
	m.level = max(m.level, other.level)
	m.before, m.on, m.bar = m.before || other.before, m.on || other.on, m.bar || other.bar
	m.label = ""
}

// lane is a line of the chart.
type lane struct {
	name   string
	marks  []mark
	tracks int
}

// lanes lay out all rows that are within the time of the chart.
func (v *view) lanes(l layout) []lane {
	rows := map[timeline.Lane][]*row{}
	for i := range v.rows {
		r := &v.rows[i]
		if v.span.has(*r) {
			rows[known(r.Lane)] = append(rows[known(r.Lane)], r)
		}
	}
	var all []lane
	for _, name := range append(slices.Clip(timeline.Lanes), other) {
		if len(rows[name]) == 0 && name == other {
			continue
		}
		marks, tracks := place(v.gather(rows[name], l), l.width)
		for i := range marks {
			for _, r := range marks[i].rows {
				r.marks[l.index] = marks[i].rows[0].number
			}
		}
		all = append(all, lane{laneNames[name], marks, tracks})
	}
	return all
}

const other timeline.Lane = "other"

var laneNames = map[timeline.Lane]string{
	timeline.Releases: "Releases", timeline.Instances: "Instances", timeline.Alarms: "Alarms",
	timeline.Hooks: "Hooks & refreshes", timeline.Account: "Account", other: "Other",
}

func known(l timeline.Lane) timeline.Lane {
	if slices.Contains(timeline.Lanes, l) {
		return l
	}
	return other
}

// gather makes a mark of each row, or of several dots that are too near to each other. They
// are in the order of their beginnings.
func (v *view) gather(rows []*row, l layout) []mark {
	var bars, dots []mark
	for _, r := range rows {
		m := v.mark(r, l)
		if m.bar {
			bars = append(bars, m)
			continue
		}
		dots = append(dots, m)
		for n := len(dots); n > 1 && dots[n-2].end()+apart > dots[n-1].begin() && dots[n-1].right-dots[n-2].left <= crowded; n-- {
			dots[n-2].add(dots[n-1])
			dots = dots[:n-1]
		}
	}
	all := slices.Concat(bars, dots)
	slices.SortStableFunc(all, func(a, b mark) int { return cmp.Compare(a.begin(), b.begin()) })
	return all
}

func (v *view) mark(r *row, l layout) mark {
	m := mark{rows: []*row{r}, level: r.level, left: v.span.at(r.Start) * l.width, label: nameOf(r)}
	m.right = m.left
	if r.lasts() {
		m.before = r.Start.Before(v.span.from)
		m.on = r.End.IsZero() || r.End.After(v.span.to)
		m.right = l.width
		if !m.on {
			m.right = v.span.at(r.End) * l.width
		}
		m.bar = m.right-m.left >= shortest
		if !m.bar {
			m.left = m.right
		}
	}
	return m
}

// nameOf is what a release is called beside its mark.
func nameOf(r *row) string {
	if r.Release == nil {
		return ""
	}
	name := cmp.Or(notice.Line(r.Release.Version), notice.Line(r.Release.Commit), notice.Line(r.Release.ID))
	if name == "" {
		return ""
	}
	name = notice.Cut(name, maxName)
	if r.Release.Rollback {
		name = "↩ " + name
	}
	if r.level >= notice.LevelError {
		name += " ✖"
	}
	return name
}

// title says what a mark is of.
func (p *writer) title(m mark) string {
	const most = 6
	var lines []string
	for _, r := range m.rows[:min(len(m.rows), most)] {
		lines = append(lines, r.level.String()+", "+p.when(*r)+": "+notice.Cut(notice.Line(r.Title), maxShort))
	}
	if more := len(m.rows) - most; more > 0 {
		lines = append(lines, "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(lines, "; ")
}
