package services

import (
	"fmt"

	"github.com/extraeye/extraeye/internal/plainjson"
)

// SchemaID is where editors find the schema.
const SchemaID = "https://raw.githubusercontent.com/extraeye/extraeye/main/docs/services.schema.json"

// Schema is the form of a file in JSON Schema.
func Schema() []byte {
	s := format.schema()
	s["$schema"], s["$id"] = "https://json-schema.org/draft/2020-12/schema", SchemaID
	s["title"] = "Teams and services of extraeye"
	text, err := plainjson.Marshal(s)
	if err != nil {
		panic(fmt.Errorf("services: %w", err))
	}
	return text
}

func (m mapping) schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range m.fields {
		s := f.schema()
		s["description"] = f.description
		properties[f.name] = s
		if f.required {
			required = append(required, f.name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	var one []any
	for _, name := range m.exactlyOne {
		one = append(one, map[string]any{"required": []string{name}})
	}
	if len(one) > 0 {
		s["oneOf"] = one
	}
	if m.needs[0] != "" {
		s["dependentRequired"] = map[string]any{m.needs[0]: []string{m.needs[1]}}
	}
	return s
}

func (l sequence) schema() map[string]any {
	s := map[string]any{"type": "array", "items": l.of.schema()}
	if l.least > 0 {
		s["minItems"] = l.least
	}
	if l.most > 0 {
		s["maxItems"] = l.most
	}
	if l.unique {
		s["uniqueItems"] = true
	}
	return s
}

func (t text) schema() map[string]any {
	s := map[string]any{"type": "string"}
	if t.pattern != "" {
		s["pattern"] = t.pattern
	}
	if t.longest > 0 {
		s["maxLength"] = t.longest
	}
	if t.choices != nil {
		s["enum"] = t.choices
	}
	if t.notARN {
		s["not"] = map[string]any{"pattern": "^arn:"}
	}
	return s
}

func (flag) schema() map[string]any { return map[string]any{"type": "boolean"} }
