package eventpattern

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// kind is the kind of a JSON value.
type kind byte

const (
	kindObject kind = iota
	kindArray
	kindString
	kindNumber
	kindLiteral // true, false, null
)

// node is a JSON value as written: the order of members and repeated keys are
// kept, numbers keep their spelling.
type node struct {
	kind    kind
	text    string // of a string (unquoted), a number or a literal
	members []member
	items   []node
}

type member struct {
	name  string
	value node
}

// String shows the value in a message, cut short.
func (n node) String() string {
	switch n.kind {
	case kindObject:
		if len(n.members) == 0 {
			return "{}"
		}
		return "{" + quote(n.members[0].name) + ": …}"
	case kindArray:
		if len(n.items) == 0 {
			return "[]"
		}
		return "[…]"
	case kindString:
		return quote(n.text)
	}
	return shorten(n.text)
}

// parseNode reads exactly one JSON value.
func parseNode(raw []byte) (node, error) {
	var whole json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil { // also bounds the nesting
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return node{}, fmt.Errorf("not valid JSON at byte %d: %w", syntax.Offset, err)
		}
		return node{}, fmt.Errorf("not valid JSON: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return readNode(d, 0)
}

// maxDepth is how deep the engine's JSON reader follows objects and arrays.
//
// https://javadoc.io/doc/com.fasterxml.jackson.core/jackson-core/latest/com/fasterxml/jackson/core/StreamReadConstraints.html
const maxDepth = 1000

// readNode reads a value that is nested in so many objects and arrays.
func readNode(d *json.Decoder, depth int) (node, error) {
	token, err := d.Token()
	if err != nil {
		return node{}, err
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == maxDepth {
			return node{}, fmt.Errorf("objects and arrays are nested more than %d deep", maxDepth)
		}
		if t == '[' {
			return readArray(d, depth+1)
		}
		return readObject(d, depth+1)
	case string:
		return node{kind: kindString, text: t}, nil
	case json.Number:
		return node{kind: kindNumber, text: t.String()}, nil
	case bool:
		return node{kind: kindLiteral, text: fmt.Sprint(t)}, nil
	}
	return node{kind: kindLiteral, text: "null"}, nil
}

// readArray reads the rest of an array, whose bracket was read.
func readArray(d *json.Decoder, depth int) (node, error) {
	n := node{kind: kindArray}
	for d.More() {
		item, err := readNode(d, depth)
		if err != nil {
			return node{}, err
		}
		n.items = append(n.items, item)
	}
	_, err := d.Token()
	return n, err
}

// readObject reads the rest of an object, whose brace was read.
func readObject(d *json.Decoder, depth int) (node, error) {
	n := node{kind: kindObject}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return node{}, err
		}
		value, err := readNode(d, depth)
		if err != nil {
			return node{}, err
		}
		name, _ := key.(string)
		n.members = append(n.members, member{name, value})
	}
	_, err := d.Token()
	return n, err
}
