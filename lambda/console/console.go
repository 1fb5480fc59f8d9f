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

	prompt = " login: "
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

// A Report is what a console says about a death.
type Report struct {
	// Lines are the lines with signs of it, in order: at most 8, each at most 200 characters
	// and how often it came. Lines that differ only in numbers are folded into the last of
	// them. What looks like a secret is masked.
	//
	// No other line is quoted, not even the ones around: scripts that run at the start of an
	// instance write to the console what they like, secrets included.
	Lines []string
	// Kind is the most likely cause among those that the lines are signs of.
	Kind Kind
	// Culprit is the process, device, unit or place that the line of the cause names. It may
	// be empty.
	Culprit string
	// Whole is whether the text reaches the end of the instance's life, so that a lack of
	// lines is a finding: the text was posted after Ended and its last boot is complete, or
	// it has the machine's own shutdown.
	Whole bool
}

// Cause is what the machine did, in plain words that follow its name: "ran out of memory
// (java)". It is empty if no line is a sign of anything.
func (r Report) Cause() string {
	if r.Culprit == "" {
		return r.Kind.String()
	}
	return fmt.Sprintf("%v (%s)", r.Kind, r.Culprit)
}

// Read reads a console's output.
func Read(o Output) Report {
	text := o.Text
	if len(text) >= maxConsole { // the rest of the first line may lack the name that its secret is known by
		_, text, _ = strings.Cut(text[len(text)-maxConsole:], "\n")
	}
	r := reader{text: plain(text), alike: map[string]*hit{}, started: len(o.Text) < maxConsole}
	allSigns().scan(r.text, r.see)
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

// A hit is a line that has a sign, and the lines that are like it.
type hit struct {
	sign  *sign
	line  string
	at    int
	count int
	kept  bool
}

// quote is the line as it is shown. Few lines are, so it is made late.
func (h *hit) quote() string { return notice.Cut(secret.Mask(notice.Line(h.line)), maxQuote) }

func (h *hit) culprit() string { return h.sign.culprit(h.quote()) }

// A reader gathers the lines in which a scan finds signs.
type reader struct {
	text  string
	hits  []*hit
	alike map[string]*hit

	start, end int   // the line that signs are found in
	best       *sign // the most specific one of it, or that it is noise
	bestAt     int

	started bool // the text has the beginning of its last boot, or is all there is
	booted  int  // where the last boot ended as it should
	closing bool // the machine shuts down
}

// see handles a sign that the scan found.
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
		r.booted, r.closing = at, false
	case closing:
		r.closing = true
	default:
		if r.best == nil || better(s, r.best) {
			r.best, r.bestAt = s, at
		}
	}
}

// better reports whether of two signs in a line the first one counts.
func better(a, b *sign) bool {
	return b.kind != noise && (a.kind == noise || a.specific() > b.specific())
}

// cut is the end of what is looked at of a line.
func (r *reader) cut() int { return min(r.end, r.start+maxLine) }

// endLine handles a line whose signs have all been seen.
func (r *reader) endLine() {
	s := r.best
	r.best = nil
	if s == nil || s.kind == noise || r.closing && !s.kind.grave() {
		return // services that are being stopped often fail
	}
	text := r.text[r.start:r.cut()]
	if i := strings.LastIndex(text[:r.bestAt-r.start], prompt); i >= 0 { // it waits in its line
		text = text[i+len(prompt):]
	}
	key := fold(text)
	h := r.alike[key]
	if h == nil {
		h = &hit{}
		r.alike[key] = h
		r.hits = append(r.hits, h)
	}
	h.sign, h.line, h.at = s, text, r.start
	h.count++
}

// settle sorts the hits by their last lines, and drops those that mean nothing after all:
// prefaces of a kill, and what a boot recovered from.
func (r *reader) settle() {
	killed := slices.ContainsFunc(r.hits, func(h *hit) bool {
		return !h.sign.preface && (h.sign.kind == OutOfMemory || h.sign.kind == MemoryLimit)
	})
	r.hits = slices.DeleteFunc(r.hits, func(h *hit) bool {
		return h.sign.preface && killed || h.sign.passing && h.at < r.booted
	})
	slices.SortFunc(r.hits, func(a, b *hit) int { return a.at - b.at })
}

// lead is the line of the cause: the last one of the first kind that names a culprit, or
// else the last one of that kind. It is nil if there are no hits.
func (r *reader) lead() *hit {
	var of []*hit
	for _, h := range slices.Backward(r.hits) {
		if len(of) > 0 && h.sign.kind < of[0].sign.kind {
			of = of[:0]
		}
		if len(of) == 0 || h.sign.kind == of[0].sign.kind && len(of) < maxLines {
			of = append(of, h)
		}
	}
	for _, h := range of {
		if h.culprit() != "" {
			return h
		}
	}
	if len(of) == 0 {
		return nil
	}
	return of[0]
}

// quotes are the lines to be quoted, in their order: the lead, the last grave ones, and
// the last others as far as there is room.
func (r *reader) quotes(lead *hit) []string {
	if lead == nil {
		return nil
	}
	lead.kept = true
	left := maxLines - 1
	for _, grave := range []bool{true, false} {
		for _, h := range slices.Backward(r.hits) {
			if !h.kept && h.sign.kind.grave() == grave && left > 0 {
				h.kept = true
				left--
			}
		}
	}
	var quotes []string
	for _, h := range r.hits {
		if !h.kept {
			continue
		}
		quote := h.quote()
		if h.count > 1 {
			quote += fmt.Sprintf(" (%d times)", h.count)
		}
		quotes = append(quotes, quote)
	}
	return quotes
}
