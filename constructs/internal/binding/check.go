package binding

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// IsToken reports whether s holds a value that is known only at deployment.
func IsToken(s string) bool {
	return strings.Contains(s, "${Token[") && *awscdk.Token_IsUnresolved(jsii.String(s))
}

// isListToken reports whether s is the one element of a list that is known only
// at deployment: such a list works whole, never copied into another one.
func isListToken(s string) bool { return strings.HasPrefix(s, "#{Token[") }

// CheckNames checks a list of names that a rule is to match exactly. Where is the
// field, such as "Terminations.Groups"; what is one of them in AWS's words.
func CheckNames(where, what string, names []string, maxLength int) []Problem {
	if len(names) == 0 {
		return []Problem{Problemf(NoNames, "%s is empty; write the name of at least one %s", where, what)}
	}
	var problems []Problem
	seen := map[string]bool{}
	for i, name := range names {
		switch {
		case isListToken(name):
			problems = append(problems, Problemf(ListToken, "%s[%d] is a list that is known only at deployment; a rule is packed when the app is synthesized, so write the name of each %s as a string of its own", where, i, what))
		case seen[name]:
			problems = append(problems, Problemf(DuplicateName, "%s[%d] %q is named twice; remove one", where, i, name))
		case IsToken(name):
		case strings.TrimSpace(name) == "":
			problems = append(problems, Problemf(BadName, "%s[%d] %q is empty; write the name of the %s, or remove it", where, i, name, what))
		case name != strings.TrimSpace(name) || strings.ContainsFunc(name, unicode.IsControl):
			problems = append(problems, Problemf(BadName, "%s[%d] %q has blanks around it or a control character in it; no %s is named so", where, i, name, what))
		case strings.HasPrefix(name, "arn:"):
			problems = append(problems, Problemf(BadName, "%s[%d] %q is an ARN; write the name of the %s", where, i, name, what))
		case strings.ContainsAny(name, "*?"):
			problems = append(problems, Problemf(BadName, "%s[%d] %q has a wildcard; names are matched exactly, so write each %s by its name", where, i, name, what))
		case len([]rune(name)) > maxLength:
			problems = append(problems, Problemf(BadName, "%s[%d] %q has %d characters; the name of one %s has at most %d", where, i, name, len([]rune(name)), what, maxLength))
		}
		seen[name] = true
	}
	return problems
}

// CheckOptionalNames checks a list of names that may be left out. An empty list is
// not: a list that a program computed may be empty by mistake.
func CheckOptionalNames(where, what string, names []string, maxLength int) []Problem {
	if names == nil {
		return nil
	}
	return CheckNames(where, what, names, maxLength)
}

// CheckChoices checks a list of values of which all are known.
func CheckChoices[T ~string](where string, values, known []T) []Problem {
	var problems []Problem
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			problems = append(problems, Problemf(DuplicateName, "%s[%d] %q is named twice; remove one", where, i, string(v)))
		} else {
			problems = append(problems, CheckChoice(fmt.Sprintf("%s[%d]", where, i), v, known)...)
		}
	}
	return problems
}

// CheckChoice checks a value of which all are known.
func CheckChoice[T ~string](where string, value T, known []T) []Problem {
	if slices.Contains(known, value) {
		return nil
	}
	return []Problem{Problemf(UnknownChoice, "%s %q is not known; it must be one of %q", where, string(value), known)}
}

// ImproperText reports whether a text has blanks around it or a control character in
// it, as far as it is known now.
func ImproperText(text string) bool {
	return !IsToken(text) && (text != strings.TrimSpace(text) || strings.ContainsFunc(text, unicode.IsControl))
}

// CheckText checks a text that is sent as it is, if it is known now.
func (s *Sink) CheckText(where, text string) {
	if ImproperText(text) {
		s.Problemf(BadSetting, "%s %q has blanks around it or a control character in it; remove them", where, text)
	}
}
