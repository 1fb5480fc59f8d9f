// Package console reads what an instance wrote to its console for the lines that say why
// it died.
package console

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/secret"
)

const (
	maxConsole = 64 << 10 // bytes, the last ones: EC2 keeps no more
	maxLine    = 2000     // bytes of a line that are looked at
	maxLines   = 8        // lines that are quoted
	maxQuote   = 200      // characters of each
)

// An Output is what EC2 has of an instance's console.
type Output struct {
	Text string
	// Posted is when EC2 got the text, which it does shortly after an instance starts,
	// stops or terminates: the answer's timestamp.
	//
	// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
	Posted time.Time
	// Ended is when it was decided to terminate the instance.
	Ended time.Time
}

// A Report is what a console tells of a death.
type Report struct {
	// Lines are the lines that tell of it, in their order: at most 8 of at most 200
	// characters and how often they came. Lines that differ in numbers only are folded
	// into the last of them. Secrets that they look like having are hidden.
	//
	// No other line is quoted, not even those around: scripts that run at the start of an
	// instance write to the console what they like, secrets included.
	Lines []string
	// Kind is the cause that the lines tell of, as far as one can say.
	Kind Kind
	// Culprit is the process, device, unit or place that the kernel or systemd blamed for
	// it, in their words. It may be empty.
	Culprit string
	// Whole is whether the text goes to the end of the instance's life, so that the lack
	// of lines is a finding: it was posted after the end and its last boot is complete, or
	// it has the machine's own shutdown.
	Whole bool
}

// Cause is what the machine did, in plain words that follow its name: "ran out of memory
// (java)". It is empty if the console tells of nothing.
func (r Report) Cause() string {
	if r.Culprit == "" {
		return r.Kind.String()
	}
	return fmt.Sprintf("%v (%s)", r.Kind, r.Culprit)
}

// Read reads a console's output.
func Read(o Output) Report {
	text := o.Text
	if len(text) >= maxConsole { // what is left of the first line may lack what its value is a secret by
		_, text, _ = strings.Cut(text[len(text)-maxConsole:], "\n")
	}
	r := reader{text: plain(text), alike: map[string]*told{}, started: len(o.Text) < maxConsole}
	newIndex().scan(r.text, r.see)
	r.endLine()
	r.settle()

	lead := r.lead()
	report := Report{Lines: r.quotes(lead)}
	if lead != nil {
		report.Kind, report.Culprit = lead.sign.kind, lead.culprit()
		if report.Culprit == "" && report.Kind.traced() {
			report.Culprit = running(r.text[lead.at:])
		}
	}
	afterwards := !o.Posted.IsZero() && !o.Ended.IsZero() && !o.Posted.Before(o.Ended)
	report.Whole = r.closing || afterwards && (r.booted > 0 || !r.started)
	return report
}

// told is a line that tells of a death, and those that are like it.
type told struct {
	sign  *sign
	line  string
	at    int
	count int
	kept  bool
}

// quote is the line as it is shown. Most are not: it is done late.
func (t *told) quote() string { return notice.Cut(secret.Mask(notice.Line(t.line)), maxQuote) }

func (t *told) culprit() string { return t.sign.culprit(t.quote()) }

// A reader gathers the lines in which a scan finds signs.
type reader struct {
	text  string
	told  []*told
	alike map[string]*told

	start, end int   // the line that signs are found in
	best       *sign // the most specific one of it, or that it is noise

	started bool // the text has the beginning of its last boot, or is all there is
	booted  int  // where the last boot ended as it should
	closing bool // the machine shuts down
}

// see takes in a sign that was found.
func (r *reader) see(s *sign, at int) {
	if at >= r.end {
		r.endLine()
		r.start, r.end = line(r.text, at)
	}
	if at-r.start >= maxLine || !contains(r.text[min(at+len(s.words), r.cut()):r.cut()], s.and) {
		return
	}
	switch s.kind {
	case booting:
		r.started, r.booted, r.closing = true, 0, false
	case booted:
		r.booted = at
	case closing:
		r.closing = true
	default:
		r.best = better(r.best, s)
	}
}

// better is the sign that counts, of two in a line.
func better(a, b *sign) *sign {
	if a == nil || a.kind != noise && (b.kind == noise || b.specific() > a.specific()) {
		return b
	}
	return a
}

// cut is the end of what is looked at of a line.
func (r *reader) cut() int { return min(r.end, r.start+maxLine) }

// endLine takes in the line whose signs are known.
func (r *reader) endLine() {
	s := r.best
	r.best = nil
	if s == nil || s.kind == noise || r.closing && !s.kind.grave() {
		return // what is stopped fails easily
	}
	text := r.text[r.start:r.cut()]
	if i := strings.LastIndex(text, " login: "); i >= 0 { // a prompt that waits in its line
		text = text[i+len(" login: "):]
	}
	key := fold(text)
	t := r.alike[key]
	if t == nil {
		t = &told{}
		r.alike[key] = t
		r.told = append(r.told, t)
	}
	t.sign, t.line, t.at = s, text, r.start
	t.count++
}

// settle orders what was told by when it was told last, and leaves out what turned out to
// say nothing.
func (r *reader) settle() {
	killed := slices.ContainsFunc(r.told, func(t *told) bool {
		return !t.sign.preface && (t.sign.kind == OutOfMemory || t.sign.kind == MemoryLimit)
	})
	r.told = slices.DeleteFunc(r.told, func(t *told) bool {
		return t.sign.preface && killed || t.sign.passing && t.at < r.booted
	})
	slices.SortFunc(r.told, func(a, b *told) int { return a.at - b.at })
}

// lead is the line that tells of the cause: the last one of the first kind, and of those
// the last one that names a culprit. It is nil if no line tells of any.
func (r *reader) lead() *told {
	var of []*told
	for _, t := range slices.Backward(r.told) {
		if len(of) > 0 && t.sign.kind < of[0].sign.kind {
			of = of[:0]
		}
		if len(of) == 0 || t.sign.kind == of[0].sign.kind && len(of) < maxLines {
			of = append(of, t)
		}
	}
	for _, t := range of {
		if t.culprit() != "" {
			return t
		}
	}
	if len(of) == 0 {
		return nil
	}
	return of[0]
}

// quotes are the lines to be quoted, in their order: the lead, the last grave ones, and
// the last others as far as there is room.
func (r *reader) quotes(lead *told) []string {
	if lead == nil {
		return nil
	}
	lead.kept = true
	left := maxLines - 1
	for _, grave := range []bool{true, false} {
		for _, t := range slices.Backward(r.told) {
			if !t.kept && t.sign.kind.grave() == grave && left > 0 {
				t.kept = true
				left--
			}
		}
	}
	var quotes []string
	for _, t := range r.told {
		if !t.kept {
			continue
		}
		quote := t.quote()
		if t.count > 1 {
			quote += fmt.Sprintf(" (%d times)", t.count)
		}
		quotes = append(quotes, quote)
	}
	return quotes
}
