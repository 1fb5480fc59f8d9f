package services

import (
	"regexp"
	"sync"
)

// A shape is the form of a value.
type shape interface {
	// schema is the shape in JSON Schema.
	schema() map[string]any
	// check checks a node and returns what it says.
	check(c *checker, n node) any
}

// mapping is the form of an object.
type mapping struct {
	what   string // one of them, such as "a team"
	fields []member
	// exactlyOne are fields of which there must be exactly one.
	exactlyOne []string
	// needs is a field that there may be only with another one.
	needs [2]string
}

type member struct {
	name        string
	description string
	required    bool
	shape
}

// sequence is the form of a list.
type sequence struct {
	least, most int // how many elements; most is 0 for any number
	unique      bool
	of          shape
}

// text is the form of a string.
type text struct {
	pattern string
	longest int // characters; 0 for as long as the pattern allows
	choices []string
	notARN  bool   // it is a name, for which an ARN is taken easily
	say     string // what to write
}

// flag is true or false.
type flag struct{}

func object(what string, fields ...member) mapping { return mapping{what: what, fields: fields} }

func field(name, description string, s shape) member { return member{name, description, false, s} }

func required(name, description string, s shape) member { return member{name, description, true, s} }

func list(least, most int, of shape) sequence { return sequence{least: least, most: most, of: of} }

// patterns are those of texts, compiled once.
var patterns sync.Map

func compiled(pattern string) *regexp.Regexp {
	if p, ok := patterns.Load(pattern); ok {
		return p.(*regexp.Regexp)
	}
	p := regexp.MustCompile(pattern)
	patterns.Store(pattern, p)
	return p
}

func (m mapping) field(name string) *member {
	for i := range m.fields {
		if m.fields[i].name == name {
			return &m.fields[i]
		}
	}
	return nil
}

func (m mapping) names() (all []string) {
	for _, f := range m.fields {
		all = append(all, f.name)
	}
	return all
}
