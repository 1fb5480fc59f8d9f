package golden

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// How much of a difference is shown, so that it can be read.
const (
	contextLines = 3
	maxLines     = 60  // in all
	maxRun       = 20  // lines removed or added in one place
	maxLine      = 240 // bytes of a line
)

// Diff shows how a text differs from the wanted one, in the unified format. It is empty
// if they are equal.
func Diff(got, want string) string {
	if got == want {
		return ""
	}
	all := unified(lines(want), lines(got))
	if more := len(all) - maxLines; more > 0 {
		all = append(all[:maxLines], fmt.Sprintf("… %d more lines", more))
	}
	return "--- want\n+++ got\n" + strings.Join(all, "\n") + "\n"
}

// lines splits a text into lines, each with its line break.
func lines(text string) []string {
	all := strings.SplitAfter(text, "\n")
	if last := len(all) - 1; all[last] == "" {
		all = all[:last]
	}
	return all
}

func unified(want, got []string) []string {
	var all []string
	context := func(lines []string) {
		for _, line := range lines {
			all = append(all, " "+show(line, 0))
		}
	}
	changes := changes(want, got)
	shown := 0 // lines of want
	for i, c := range changes {
		begin := max(shown, c.aBegin-contextLines)
		if i == 0 || begin > shown {
			all = append(all, fmt.Sprintf("@@ -%d +%d @@", begin+1, begin+1+c.bBegin-c.aBegin))
		}
		context(want[begin:c.aBegin])
		removed, added := want[c.aBegin:c.aEnd], got[c.bBegin:c.bEnd]
		all = append(all, run("-", removed, added)...)
		all = append(all, run("+", added, removed)...)
		shown = min(c.aEnd+contextLines, len(want))
		if i+1 < len(changes) {
			shown = min(shown, changes[i+1].aBegin)
		}
		context(want[c.aEnd:shown])
	}
	return all
}

// run shows lines that are removed or added, each from about where it differs from the
// line that takes its place.
func run(sign string, lines, others []string) []string {
	var all []string
	for i, line := range lines {
		if i == maxRun {
			return append(all, fmt.Sprintf("%s… %d more lines", sign, len(lines)-i))
		}
		same := 0
		for i < len(others) && same < min(len(line), len(others[i])) && line[same] == others[i][same] {
			same++
		}
		all = append(all, sign+show(line, same))
	}
	return all
}

// show bounds a line around a place in it, and makes visible what is not.
func show(line string, at int) string {
	text, whole := strings.CutSuffix(line, "\n")
	if len(text) > maxLine {
		begin := min(max(at-maxLine/2, 0), len(text)-maxLine)
		part := strings.ToValidUTF8(text[begin:begin+maxLine], "")
		if begin > 0 {
			part = "…" + part
		}
		if begin+maxLine < len(text) {
			part += "…"
		}
		text = part
	}
	invisible := func(r rune) bool { return r != '\t' && !unicode.IsPrint(r) }
	if strings.ContainsFunc(text, invisible) || strings.TrimRight(text, " \t") != text {
		text = strconv.Quote(text)
	}
	if !whole {
		text += " (no line break at the end)"
	}
	return text
}
