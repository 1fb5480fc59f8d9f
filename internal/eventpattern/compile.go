package eventpattern

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// compiler turns a pattern into its alternatives: the fields so far, times the
// branches of every $or met on the way.
type compiler struct {
	alternatives []map[string]*compiled
	orIsField    bool
	order        int
	fields       int // in all alternatives that there were on the way
	lists        []fieldLists
}

func newCompiler(orIsField bool) *compiler {
	return &compiler{alternatives: []map[string]*compiled{{}}, orIsField: orIsField}
}

// compiled is a field and where it first stood in the pattern.
type compiled struct {
	field
	order int
}

// reserved are the names that cannot be fields inside of $or.
//
// https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/Constants.java
var reserved = []string{
	"exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr",
	"=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case",
	"date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range",
	"ip-address-in-range", "ip-address-not-in-range",
}

func (c *compiler) object(n node, path path, insideOr bool) error {
	if len(n.members) == 0 {
		return fmt.Errorf("%s is an empty object: give it a field or leave it out", path)
	}
	for _, m := range n.members {
		var err error
		switch {
		case m.name == "$or" && !c.orIsField:
			err = c.or(m.value, path)
		case insideOr && slices.Contains(reserved, m.name):
			err = fmt.Errorf("%s: %q is an operator and cannot be a field inside of $or", path, m.name)
		default:
			err = c.member(m.value, path.to(m.name), insideOr)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// member reads the value of a field: the fields inside of it, or what it may be.
func (c *compiler) member(n node, path path, insideOr bool) error {
	switch n.kind {
	case kindObject:
		return c.object(n, path, insideOr)
	case kindArray:
		wants, err := c.wants(n.items)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		c.list(path, n.items)
		return c.put(path.name(), wants)
	}
	return fmt.Errorf("%s is %s: it must be an array of values or an object", path, n)
}

// list keeps the list of a field, to warn of it once those of the other branches are known.
func (c *compiler) list(path path, items []node) {
	i := slices.IndexFunc(c.lists, func(l fieldLists) bool { return l.path.name() == path.name() })
	if i < 0 {
		i, c.lists = len(c.lists), append(c.lists, fieldLists{path: path})
	}
	c.lists[i].lists = append(c.lists[i].lists, items)
}

// put sets a field in every alternative; the last of two with one path wins.
func (c *compiler) put(path string, wants []want) error {
	c.order++
	f := &compiled{field{path, wants}, c.order}
	for _, a := range c.alternatives {
		a[path] = f
	}
	return c.count(len(c.alternatives))
}

// count counts fields that are set in alternatives.
func (c *compiler) count(fields int) error {
	if c.fields += fields; c.fields > maxFields {
		return fmt.Errorf("its $or make combinations of more than %d fields in all: use fewer alternatives", maxFields)
	}
	return nil
}

func (c *compiler) or(n node, path path) error {
	if n.kind != kindArray || len(n.items) < 2 {
		return fmt.Errorf("%s is %s: it must be an array of at least two objects", path.to("$or"), n)
	}
	before := c.alternatives
	var all []map[string]*compiled
	for _, item := range n.items {
		if item.kind != kindObject {
			return fmt.Errorf("%s has %s: only objects are allowed", path.to("$or"), item)
		}
		c.alternatives = nil
		for _, a := range before {
			if err := c.count(len(a)); err != nil {
				return err
			}
			c.alternatives = append(c.alternatives, maps.Clone(a))
		}
		if err := c.object(item, path, true); err != nil {
			return err
		}
		if all = append(all, c.alternatives...); len(all) > maxCombinations {
			return fmt.Errorf("%s makes more than %d combinations: use fewer alternatives", path.to("$or"), maxCombinations)
		}
	}
	c.alternatives = all
	return nil
}

func (c *compiler) finish() []alternative {
	var out []alternative
	for _, a := range c.alternatives {
		written := slices.SortedFunc(maps.Values(a), func(x, y *compiled) int { return cmp.Compare(x.order, y.order) })
		var alt alternative
		for _, f := range written {
			alt.fields = append(alt.fields, f.field)
		}
		alt.sorted = slices.SortedFunc(slices.Values(alt.fields), func(x, y field) int { return cmp.Compare(x.path, y.path) })
		out = append(out, alt)
	}
	return out
}

func (c *compiler) wants(items []node) ([]want, error) {
	if len(items) == 0 {
		return nil, errors.New("an empty array matches nothing: give it a value or leave the field out")
	}
	var out []want
	for _, item := range items {
		w, err := c.want(item)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}
