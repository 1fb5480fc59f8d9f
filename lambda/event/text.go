package event

import (
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// MaxQuoted bounds what a summary quotes of AWS's words, in characters.
const MaxQuoted = 300

// Quoted is AWS's prose inside a sentence.
func Quoted(text string) string {
	return strings.TrimRight(notice.Cut(notice.Line(text), MaxQuoted), ". ")
}

// Sentences ends the first sentence of a summary and adds a second one of what else is
// known: parts that begin in lower case. Parts that are empty are left out.
func Sentences(first string, more ...string) string {
	if !strings.HasSuffix(first, "…") {
		first += "."
	}
	if second := Joined("; ", more...); second != "" {
		first += " " + Capital(second) + "."
	}
	return first
}

// Capital begins a sentence, of which the first character is a letter of ASCII.
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

// Labeled is a value after its label, or "" without a value.
func Labeled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
}

// maxListed is how many of a list are told.
const maxListed = 20

// Listed writes a list, a line for each, and how many there are more.
func Listed(all []string) string {
	if more := len(all) - maxListed; more > 0 {
		all = append(all[:maxListed:maxListed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, "\n")
}

// FirstOf names the first of a list and how many there are more; the list is not empty.
func FirstOf(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	return fmt.Sprintf("%s and %d more", all[0], len(all)-1)
}

// ReleaseName names a version of an application, without saying the application twice: in
// "web-1.4.2" it is said, in "web-api:3" another one is.
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
