package services

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// place is where something is in a file.
type place struct{ line, column int }

// places are where everything is, by such paths as teams[0].name.
type places map[string]place

// node is a value of a file, and the path to it.
type node struct {
	ast.Node
	path string
}

// checker checks a file.
type checker struct {
	file    string
	anchors map[string]ast.Node
	errors  Errors
	places  places
	seen    int // values so far
}

// maxValues is how many values a file may have, those included that aliases repeat.
const maxValues = 300_000

func newChecker(file string, root ast.Node) *checker {
	c := &checker{file: file, anchors: map[string]ast.Node{}, places: places{}}
	ast.Walk(anchors(c.anchors), root)
	return c
}

// anchors collects what aliases can stand for.
type anchors map[string]ast.Node

// Visit implements [ast.Visitor].
func (a anchors) Visit(n ast.Node) ast.Visitor {
	if anchor, ok := n.(*ast.AnchorNode); ok && anchor.Name != nil {
		a[anchor.Name.GetToken().Value] = anchor.Value
	}
	return a
}

// check checks a node and returns what it says.
func (c *checker) check(s shape, n node) any {
	c.places[n.path] = where(n.Node)
	switch c.seen++; {
	case c.seen == maxValues:
		c.errorf(n, "the file has more than 300,000 values; write fewer")
		return nil
	case c.seen > maxValues:
		return nil
	}
	value, ok := c.resolve(n)
	if !ok {
		return nil
	}
	return s.check(c, node{value, n.path})
}

// resolve follows anchors and aliases.
func (c *checker) resolve(n node) (ast.Node, bool) {
	for range 100 {
		switch v := n.Node.(type) {
		case *ast.AnchorNode:
			n.Node = v.Value
		case *ast.AliasNode:
			name := v.Value.GetToken().Value
			target, ok := c.anchors[name]
			if !ok {
				c.errorf(n, "there is no anchor &%s; write one at what *%s is to repeat", name, name)
				return nil, false
			}
			n.Node = target
		case *ast.TagNode:
			c.errorf(n, "the tag %s is not taken; write the value without it", v.Start.Value)
			return nil, false
		default:
			return n.Node, true
		}
	}
	c.errorf(n, "an alias stands for itself")
	return nil, false
}

func (m mapping) check(c *checker, n node) any {
	pairs, ok := pairsOf(n.Node)
	if !ok {
		c.errorf(n, "%s, and must be an object with %s", is(n.Node), listed(m.names()))
		return nil
	}
	all := map[string]any{}
	for _, pair := range pairs {
		name := keyOf(pair.Key)
		f := m.field(name)
		at := node{pair.Key, n.path}
		switch _, twice := all[name]; {
		case twice:
			c.errorf(at, "%q is there twice; remove one", name)
		case pair.Key.IsMergeKey():
			c.errorf(at, "<< is not taken; write an alias in place of a whole value, or the fields")
		case f == nil:
			c.errorf(at, "%s has no field %q; it has %s", m.what, name, listed(m.names()))
		default:
			all[name] = c.check(f.shape, node{pair.Value, join(n.path, name)})
		}
	}
	m.checkFields(c, n, all)
	return all
}

// checkFields checks which fields there are.
func (m mapping) checkFields(c *checker, n node, all map[string]any) {
	for _, f := range m.fields {
		if _, ok := all[f.name]; !ok && f.required {
			c.errorf(n, "%s needs %s: %s", m.what, f.name, f.description)
		}
	}
	count := 0
	for _, name := range m.exactlyOne {
		if _, ok := all[name]; ok {
			count++
		}
	}
	if len(m.exactlyOne) > 0 && count != 1 {
		c.errorf(n, "%s has %d of %s; write exactly one", m.what, count, listed(m.exactlyOne))
	}
	_, has := all[m.needs[0]]
	if _, ok := all[m.needs[1]]; has && !ok {
		c.errorf(n, "%s has %s without %s; remove it, or add the other", m.what, m.needs[0], m.needs[1])
	}
}

func (l sequence) check(c *checker, n node) any {
	s, ok := n.Node.(*ast.SequenceNode)
	if !ok {
		c.errorf(n, "%s, and must be a list: write each element on a line of its own, after a dash", is(n.Node))
		return nil
	}
	switch {
	case len(s.Values) < l.least:
		c.errorf(n, "the list is empty; write at least %d, or remove it", l.least)
	case l.most > 0 && len(s.Values) > l.most:
		c.errorf(n, "the list has %d elements; write at most %d", len(s.Values), l.most)
	}
	all, seen := []any{}, map[any]bool{}
	for i, v := range s.Values {
		element := node{v, fmt.Sprintf("%s[%d]", n.path, i)}
		value := c.check(l.of, element)
		if l.unique && value != nil && seen[value] {
			c.errorf(element, "%q is named twice; remove one", value)
		}
		if l.unique {
			seen[value] = true
		}
		all = append(all, value)
	}
	return all
}

func (t text) check(c *checker, n node) any {
	value, ok := textOf(n.Node)
	switch {
	case !ok:
		c.errorf(n, "%s, and must be a text: write %s", is(n.Node), t.say)
		return nil
	case t.pattern != "" && !compiled(t.pattern).MatchString(value) || t.choices != nil && !slices.Contains(t.choices, value):
		c.errorf(n, "%.100q is not right; write %s", value, t.say)
	case t.notARN && strings.HasPrefix(value, "arn:"):
		c.errorf(n, "%.100q is an ARN; write %s", value, t.say)
	case t.longest > 0 && utf8.RuneCountInString(value) > t.longest:
		c.errorf(n, "%.40q has %d characters; write %s, of at most %d", value, utf8.RuneCountInString(value), t.say, t.longest)
	}
	return value
}

func (flag) check(c *checker, n node) any {
	v, ok := n.Node.(*ast.BoolNode)
	if !ok {
		c.errorf(n, "%s, and must be true or false", is(n.Node))
		return nil
	}
	return v.Value
}

func (c *checker) errorf(n node, format string, args ...any) {
	at, path := where(n.Node), n.path
	if path != "" {
		path += ": "
	}
	c.errors = append(c.errors, Error{c.file, at.line, at.column, path + fmt.Sprintf(format, args...)})
}

func join(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }

// listed writes names as a sentence has them.
func listed(names []string) string {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "$schema" })
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
