package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// table prints results for people.
type table struct {
	out   io.Writer
	width int // in columns
	color bool
}

// defaultWidth is the width of what is no terminal.
const defaultWidth = 120

// newTable fits the table to the terminal; colours are for terminals alone.
//
// https://no-color.org
func newTable(out io.Writer) table {
	t := table{out: out, width: defaultWidth}
	if f, ok := out.(*os.File); ok && isTerminal(f) {
		t.color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		if columns := terminalWidth(f); columns > 0 {
			t.width = columns
		}
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		t.width = columns
	}
	return t
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// marks are how outcomes look, and their colours.
var marks = map[result.Outcome]struct{ sign, color string }{
	result.Sent:      {"✓", "32"},
	result.Skipped:   {"–", "2"},
	result.Unmatched: {"?", "33"},
	result.Failed:    {"✗", "31"},
}

// print prints one row for each item, and what failed once more in full.
func (t table) print(items []inbox.Item) {
	rows := [][]string{{"EVENT", "RULE", "SINK", "TOLD"}}
	for _, i := range items {
		rows = append(rows, []string{i.File, i.Rule, i.Sink, told(i)})
	}
	dropCommonScope(rows[1:])
	widths := t.fit(rows)
	fmt.Fprintln(t.out)
	fmt.Fprintln(t.out, t.paint("2", "  "+line(rows[0], widths)))
	for n, i := range items {
		if n > 0 && items[n-1].File == i.File && items[n-1].EventID == i.EventID {
			rows[n+1][0] = "" // the same event at another target
		}
		mark, text := marks[i.Outcome], line(rows[n+1], widths)
		if i.Outcome == result.Skipped {
			text = t.paint(mark.color, text)
		}
		fmt.Fprintln(t.out, t.paint(mark.color, mark.sign)+" "+text)
	}
	fmt.Fprintln(t.out)
	for _, i := range items {
		if i.Outcome == result.Failed {
			fmt.Fprintf(t.out, "%s %s to %s: %s\n", t.paint("31", "failed:"), oneLine(i.File), oneLine(i.Sink), oneLine(i.Reason))
		}
	}
}

// line joins a row's cells, padded and cut to the widths.
// Without a rule and a sink, the last cell has their room too.
func line(cells []string, widths []int) string {
	var b strings.Builder
	if last := len(cells) - 1; cells[1] == "" && cells[2] == "" {
		const gap = 2
		cells = []string{cells[0], cells[last]}
		widths = []int{widths[0], widths[1] + widths[2] + widths[last] + 2*gap}
	}
	for c, cell := range cells {
		cut := shorten
		if c < len(cells)-1 { // files and paths tell most at their end
			cut = shortenStart
		}
		cell = cut(oneLine(cell), widths[c])
		b.WriteString(cell + strings.Repeat(" ", widths[c]-utf8.RuneCountInString(cell)+2))
	}
	return strings.TrimRight(b.String(), " ")
}

// told is what a row says at its end.
func told(i inbox.Item) string {
	if i.Outcome == result.Sent {
		return i.Subject()
	}
	return string(i.Outcome) + ": " + i.Reason
}

// dropCommonScope takes the constructs that all rules lie in off their paths, and
// leaves each the last two of its own.
func dropCommonScope(rows [][]string) {
	common, first := []string(nil), true
	for _, row := range rows {
		path := strings.Split(row[1], "/")
		if row[1] == "" {
			continue
		}
		if path = path[:max(len(path)-2, 0)]; first {
			common, first = path, false
		}
		n := 0
		for n < min(len(common), len(path)) && common[n] == path[n] {
			n++
		}
		common = common[:n]
	}
	for _, row := range rows {
		if row[1] != "" {
			row[1] = strings.Join(strings.Split(row[1], "/")[len(common):], "/")
		}
	}
}

// fit chooses the columns' widths: what they need, and when that is too much, the
// last column gets at least half of the line.
func (t table) fit(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for c, cell := range row {
			widths[c] = max(widths[c], utf8.RuneCountInString(oneLine(cell)))
		}
	}
	const mark, gap = 2, 2
	room := max(t.width-mark-gap*(len(widths)-1), 40)
	widths[2] = min(widths[2], 14)
	names := room - widths[2] - min(widths[3], room/2)
	widths[0] = min(widths[0], max(names-widths[1], names*2/3))
	widths[1] = min(widths[1], names-widths[0])
	widths[3] = min(widths[3], room-widths[0]-widths[1]-widths[2])
	return widths
}

func (t table) paint(color, text string) string {
	if !t.color || color == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// oneLine takes out what would break a line or steer the terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 || r == '\u2028' || r == '\u2029'
	}), " ")
}

func shorten(s string, width int) string {
	if runes := []rune(s); len(runes) > width {
		return string(runes[:max(width-1, 0)]) + "…"
	}
	return s
}

func shortenStart(s string, width int) string {
	if runes := []rune(s); len(runes) > width {
		return "…" + string(runes[len(runes)-max(width-1, 0):])
	}
	return s
}
