package assembly

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// variableName is what EventBridge allows as the name of a variable.
var variableName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// apply fills the template with values of the event.
func (tr Transformer) apply(event []byte, fields map[string]json.RawMessage, rule Rule) ([]byte, error) {
	n := utf8.RuneCountInString(tr.Template)
	switch {
	case n == 0 || n > maxInput:
		return nil, fmt.Errorf("the input template is %d characters long, EventBridge allows 1 to %d", n, maxInput)
	case len(tr.Paths) > maxVariables:
		return nil, fmt.Errorf("the input transformer has %d variables, EventBridge allows %d", len(tr.Paths), maxVariables)
	}
	variables := map[string]json.RawMessage{}
	for _, name := range slices.Sorted(maps.Keys(tr.Paths)) {
		if !variableName.MatchString(name) {
			return nil, fmt.Errorf("the variable %q is not allowed: only letters, digits, - and _", name)
		}
		v, err := lookUp(event, tr.Paths[name])
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", name, err)
		}
		variables[name] = v
	}
	variables["aws.events.rule-arn"] = json.RawMessage(marshal(rule.ARN))
	variables["aws.events.rule-name"] = json.RawMessage(marshal(rule.Name))
	variables["aws.events.event.ingestion-time"] = fields["time"] // nothing is later in a rehearsal
	variables["aws.events.event"] = withoutDetail(fields)
	var whole bytes.Buffer
	if err := json.Compact(&whole, event); err != nil {
		return nil, err
	}
	variables["aws.events.event.json"] = whole.Bytes()
	return tr.fill(variables)
}

// withoutDetail is the reserved variable aws.events.event, in the order and with
// the names that the service was recorded with.
func withoutDetail(fields map[string]json.RawMessage) json.RawMessage {
	names := []string{"id", "account", "detail-type", "time", "source", "region", "resources", "version"}
	for _, other := range slices.Sorted(maps.Keys(fields)) {
		if other != "detail" && !slices.Contains(names, other) {
			names = append(names, other)
		}
	}
	out := []byte("{")
	for _, name := range names {
		v, ok := fields[name]
		if !ok {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		if name == "detail-type" {
			name = "detailType"
		}
		out = append(append(append(out, marshal(name)...), ':'), v...)
	}
	return append(out, '}')
}

// fill replaces the variables.
func (tr Transformer) fill(variables map[string]json.RawMessage) ([]byte, error) {
	f := filling{variables: variables, isText: strings.HasPrefix(strings.TrimSpace(tr.Template), `"`)}
	for rest := tr.Template; rest != ""; {
		n, err := f.next(rest)
		if err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return f.result()
}

// filling is a template on its way to an input. A template is JSON, or one or more
// quoted texts.
type filling struct {
	variables map[string]json.RawMessage
	isText    bool
	out       bytes.Buffer

	quoted bool     // within quotes
	filled bool     // the last string or value was or held a placeholder
	risky  []string // placeholders that can break the quotes around them
}

// next writes what the rest of the template begins with: an escaped character, a
// placeholder, or a character. It returns the length of that in the template.
func (f *filling) next(rest string) (length int, err error) {
	switch {
	case rest[0] == '\\' && f.quoted && len(rest) > 1:
		f.out.WriteString(rest[:2])
		return 2, nil
	case rest[0] == '<' && strings.Contains(rest, ">"):
		name, _, _ := strings.Cut(rest[1:], ">")
		return len("<>") + len(name), f.placeholder(name)
	}
	return 1, f.character(rest[0])
}

func (f *filling) placeholder(name string) error {
	v, ok := f.variables[name]
	if !ok {
		return fmt.Errorf("the input template contains the invalid placeholder <%s>: EventBridge refuses the target", name)
	}
	text := show(v, f.quoted, f.isText)
	if f.quoted && !f.isText && !json.Valid([]byte(`"`+text+`"`)) {
		f.risky = append(f.risky, "<"+name+">")
	}
	f.out.WriteString(text)
	f.filled = true
	if f.out.Len() > maxPayload {
		return fmt.Errorf("the payload is longer than %d bytes", maxPayload)
	}
	return nil
}

func (f *filling) character(c byte) error {
	switch {
	case c == '"':
		f.quoted = !f.quoted
		f.filled = f.filled && !f.quoted
	case f.quoted:
	case c == ':' && f.filled && !f.isText:
		return errors.New("the input template has a placeholder in the name of a field: EventBridge allows them only in values")
	case !strings.ContainsRune(" \t\r\n", rune(c)):
		f.filled = false
	}
	f.out.WriteByte(c)
	return nil
}

// result returns the input, if EventBridge would take it.
func (f *filling) result() ([]byte, error) {
	switch {
	case f.isText || json.Valid(f.out.Bytes()):
		return f.out.Bytes(), nil
	case len(f.risky) > 0:
		return nil, fmt.Errorf("%s in quotes holds an object, an array, a quote, a backslash or a line break, which EventBridge does not escape: the input is not valid JSON and EventBridge drops it; take the quotes away", strings.Join(f.risky, ", "))
	}
	return nil, errors.New("the input made by the template is not valid JSON, EventBridge drops it: texts must be in quotes")
}

// show shows a value where its placeholder stood. Strings get quotes unless there
// are some; objects in a quoted text lose theirs; nothing is an empty string.
func show(v json.RawMessage, quoted, isText bool) string {
	var s string
	switch {
	case v == nil || string(v) == "null":
		if quoted {
			return ""
		}
		return `""`
	case !quoted:
		return string(v)
	case json.Unmarshal(v, &s) == nil:
		return s
	case isText:
		return strings.ReplaceAll(string(v), `"`, "")
	}
	return string(v)
}
