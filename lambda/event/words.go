package event

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// maxQuoted bounds what a summary quotes of AWS's words, in characters.
const maxQuoted = 300

// quoted is AWS's prose inside a sentence.
func quoted(text string) string {
	return strings.TrimRight(notice.Cut(notice.Line(text), maxQuoted), ". ")
}

// sentences ends the first sentence of a summary and adds a second one of what else is
// known: parts that begin in lower case. Parts that are empty are left out.
func sentences(first string, more ...string) string {
	if !strings.HasSuffix(first, "…") {
		first += "."
	}
	if second := joined("; ", more...); second != "" {
		first += " " + capital(second) + "."
	}
	return first
}

// capital begins a sentence, of which the first character is a letter of ASCII.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// joined joins the parts that are not empty.
func joined(separator string, parts ...string) string {
	var known []string
	for _, part := range parts {
		if part != "" {
			known = append(known, part)
		}
	}
	return strings.Join(known, separator)
}

// labelled is a value after its label, or "" without a value.
func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// named returns what an instance is called in a title and in a sentence.
func named(id, name, group string) (title, sentence string) {
	sentence = or(id, "without an id")
	if name != "" {
		sentence += " (" + name + ")"
	}
	return or(or(name, id), "an unnamed instance"), sentence + labelled(" of group ", group)
}

// kindAndName is "cluster prod", or "an unnamed cluster".
func kindAndName(kind, name string) string {
	if name == "" {
		return "an unnamed " + kind
	}
	return kind + " " + name
}
