package binding

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/constructs-go/constructs/v10"
)

// A Kind is a kind of thing that goes by name.
type Kind struct {
	// What is one of them in AWS's words, such as "Auto Scaling group".
	What string
	// Names is the field that has them as strings, the same wherever there is one, and
	// Refs the one that has CDK's own objects.
	Names, Refs string
	// MaxLength is the longest name that AWS allows, in characters.
	MaxLength int
	// ARN is what an ARN contains that may be given in place of a name, such as
	// ":cluster/". Empty: no ARN is taken.
	ARN string
}

// CheckNames checks a list of names that a rule is to match exactly. Where is what has
// the list, such as "Terminations", and scope where it is used.
func (p *Problems) CheckNames(scope constructs.IConstruct, where string, kind Kind, names []string) {
	where += "." + kind.Names
	if len(names) == 0 {
		p.Problemf(NoNames, "%s is empty; write the name of at least one %s", where, kind.What)
	}
	seen := map[string]bool{}
	for i, name := range names {
		if seen[name] && !isListToken(name) {
			p.Problemf(DuplicateName, "%s[%d] %q is named twice; remove one", where, i, name)
		} else {
			p.checkName(scope, fmt.Sprintf("%s[%d]", where, i), kind, name)
		}
		seen[name] = true
	}
}

func (p *Problems) checkName(scope constructs.IConstruct, where string, kind Kind, name string) {
	switch {
	case isListToken(name):
		p.Problemf(ListToken, "%s is a list that is known only at deployment; a rule is packed when the app is synthesized, so write the name of each %s as a string of its own", where, kind.What)
	case !kind.takes(ARN(scope, name)):
		p.Problemf(BadName, "%s %q is an ARN; write the name of the %s", where, name, kind.What)
	case !IsToken(name):
		p.checkKnownName(where, kind, name)
	}
}

// takes reports whether an ARN may be given in place of a name. It takes "", which is no
// ARN, and an ARN of which nothing is known.
func (k Kind) takes(arn string) bool {
	return arn == "" || k.ARN != "" && (arn == someARN || strings.Contains(arn, k.ARN))
}

func (p *Problems) checkKnownName(where string, kind Kind, name string) {
	length := utf8.RuneCountInString(name)
	switch {
	case strings.TrimSpace(name) == "":
		p.Problemf(BadName, "%s %q is empty; write the name of the %s, or remove it", where, name, kind.What)
	case ImproperText(name):
		p.Problemf(BadName, "%s %q has blanks around it or a control character in it; no %s is named so", where, name, kind.What)
	case strings.ContainsAny(name, "*?"):
		p.Problemf(BadName, "%s %q has a wildcard; names are matched exactly, so write each %s by its name", where, name, kind.What)
	case length > kind.MaxLength:
		p.Problemf(BadName, "%s %q has %d characters; the name of one %s has at most %d", where, name, length, kind.What, kind.MaxLength)
	}
}

// CheckChoices checks a list of values against all values that there are.
func CheckChoices[T ~string](p *Problems, where string, values, all []T) {
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			p.Problemf(DuplicateName, "%s[%d] %q is named twice; remove one", where, i, string(v))
		} else {
			CheckChoice(p, fmt.Sprintf("%s[%d]", where, i), v, all)
		}
	}
}

// CheckChoice checks a value against all values that there are.
func CheckChoice[T ~string](p *Problems, where string, value T, all []T) {
	switch {
	case IsToken(string(value)):
		p.Problemf(UnknownChoice, "%s is known only at deployment, and the rule is written before; write one of %q", where, all)
	case !slices.Contains(all, value):
		p.Problemf(UnknownChoice, "%s %q is not known; it must be one of %q", where, string(value), all)
	}
}

// ImproperText reports whether a text has blanks around it or a control character in
// it, as far as it is known now.
func ImproperText(text string) bool {
	return !IsToken(text) && (text != strings.TrimSpace(text) || strings.ContainsFunc(text, unicode.IsControl))
}

// CheckText checks a text that is sent as it is, if it is known now.
func (p *Problems) CheckText(where, text string) {
	if ImproperText(text) {
		p.Problemf(BadSetting, "%s %q has blanks around it or a control character in it; remove them", where, text)
	}
}
