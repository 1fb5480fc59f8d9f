package binding

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
// the list, such as "Terminations".
func (p *Problems) CheckNames(where string, kind Kind, names []string) {
	where += "." + kind.Names
	if len(names) == 0 {
		p.Problemf(NoNames, "%s is empty; write the name of at least one %s", where, kind.What)
	}
	seen := map[string]bool{}
	for i, name := range names {
		if seen[name] && !isListToken(name) {
			p.Problemf(DuplicateName, "%s[%d] %q is named twice; remove one", where, i, name)
		} else {
			p.checkName(fmt.Sprintf("%s[%d]", where, i), kind, name)
		}
		seen[name] = true
	}
}

func (p *Problems) checkName(where string, kind Kind, name string) {
	switch {
	case isListToken(name):
		p.Problemf(ListToken, "%s is a list that is known only at deployment; a rule is packed when the app is synthesized, so write the name of each %s as a string of its own", where, kind.What)
	case IsToken(name):
	case strings.TrimSpace(name) == "":
		p.Problemf(BadName, "%s %q is empty; write the name of the %s, or remove it", where, name, kind.What)
	case ImproperText(name):
		p.Problemf(BadName, "%s %q has blanks around it or a control character in it; no %s is named so", where, name, kind.What)
	case strings.HasPrefix(name, "arn:") && (kind.ARN == "" || !strings.Contains(name, kind.ARN)):
		p.Problemf(BadName, "%s %q is an ARN; write the name of the %s", where, name, kind.What)
	case strings.ContainsAny(name, "*?"):
		p.Problemf(BadName, "%s %q has a wildcard; names are matched exactly, so write each %s by its name", where, name, kind.What)
	case utf8.RuneCountInString(name) > kind.MaxLength:
		p.Problemf(BadName, "%s %q has %d characters; the name of one %s has at most %d", where, name, utf8.RuneCountInString(name), kind.What, kind.MaxLength)
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
	if !slices.Contains(all, value) {
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
