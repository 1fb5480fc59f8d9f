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
	json.Compact(&whole, event) // known to be valid
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

// fill replaces the variables. A template is JSON, or one or more quoted texts.
func (tr Transformer) fill(variables map[string]json.RawMessage) ([]byte, error) {
	isText := strings.HasPrefix(strings.TrimSpace(tr.Template), `"`)
	var out bytes.Buffer
	var risky []string           // variables that can break the quotes around them
	quoted, used := false, false // used: the last thing was or held a variable
	rest := tr.Template
	for rest != "" {
		c := rest[0]
		switch {
		case c == '\\' && quoted && len(rest) > 1:
			out.WriteString(rest[:2])
			rest = rest[2:]
			continue
		case c == '<' && strings.Contains(rest, ">"):
			var name string
			name, rest, _ = strings.Cut(rest[1:], ">")
			v, ok := variables[name]
			if !ok {
				return nil, fmt.Errorf("the input template contains the invalid placeholder <%s>: EventBridge refuses the target", name)
			}
			text := show(v, quoted, isText)
			if quoted && !isText && !json.Valid([]byte(`"`+text+`"`)) {
				risky = append(risky, "<"+name+">")
			}
			out.WriteString(text)
			used = true
			if out.Len() > maxPayload {
				return nil, fmt.Errorf("the payload is longer than %d bytes", maxPayload)
			}
			continue
		case c == '"':
			if quoted = !quoted; quoted {
				used = false
			}
		case c == ':' && !quoted && used && !isText:
			return nil, errors.New("the input template has a placeholder in the name of a field: EventBridge allows them only in values")
		case !quoted && !strings.ContainsRune(" \t\r\n", rune(c)):
			used = false
		}
		out.WriteByte(c)
		rest = rest[1:]
	}
	switch {
	case isText || json.Valid(out.Bytes()):
		return out.Bytes(), nil
	case len(risky) > 0:
		return nil, fmt.Errorf("%s in quotes holds an object, an array, a quote, a backslash or a line break, which EventBridge does not escape: the input is not valid JSON and EventBridge drops it; take the quotes away", strings.Join(risky, ", "))
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
