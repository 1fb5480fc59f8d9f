package event

import (
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// MaxQuoted is how much of AWS's text a summary quotes, in characters.
const MaxQuoted = 300

// Quoted shortens AWS's text and fits it into a sentence.
func Quoted(text string) string {
	return strings.TrimRight(notice.Cut(notice.Line(text), MaxQuoted), ". ")
}

// Sentences ends the first sentence of a summary and makes a second one of the other parts,
// which begin in lower case. Empty parts are left out.
func Sentences(first string, more ...string) string {
	if !strings.HasSuffix(first, "…") {
		first += "."
	}
	if second := Joined("; ", more...); second != "" {
		first += " " + Capital(second) + "."
	}
	return first
}

// Capital writes the first letter, which must be ASCII, in upper case.
func Capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// Joined joins the parts that are not empty.
func Joined(separator string, parts ...string) string {
	var known []string
	for _, part := range parts {
		if part != "" {
			known = append(known, part)
		}
	}
	return strings.Join(known, separator)
}

// Labeled returns a value after its label, "" without a value.
func Labeled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
}

// maxListed is how many items of a list a notice has.
const maxListed = 20

// Listed writes a list, a line for each item, and how many more there are.
func Listed(all []string) string {
	if more := len(all) - maxListed; more > 0 {
		all = append(all[:maxListed:maxListed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, "\n")
}

// FirstOf writes the first item of a list, which must not be empty, and how many more there
// are.
func FirstOf(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	return fmt.Sprintf("%s and %d more", all[0], len(all)-1)
}

// maxNamed is how many items of a list a sentence has.
const maxNamed = 5

// And joins a list in a sentence: "a, b and c", or "a, b, c, d, e and 2 more".
func And(all []string) string {
	if more := len(all) - maxNamed; more > 0 {
		all = append(all[:maxNamed:maxNamed], fmt.Sprintf("%d more", more))
	}
	last := len(all) - 1
	if last < 1 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:last], ", ") + " and " + all[last]
}

// ReleaseName names a version of an application: "web 1.4.2". It does not repeat the
// application before a version that names it, such as "web-1.4.2"; "web-api:3" names
// another one.
func ReleaseName(application, version string) string {
	rest, same := strings.CutPrefix(strings.ToLower(version), strings.ToLower(application))
	number := strings.TrimLeft(rest, "-_.:/ v")
	switch {
	case version == "":
		return application
	case same && (rest == "" || number != rest && number != "" && '0' <= number[0] && number[0] <= '9'):
		return version
	default:
		return strings.TrimSpace(application + " " + version)
	}
}
