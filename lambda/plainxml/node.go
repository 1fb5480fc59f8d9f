package plainxml

import (
	"encoding"
	"encoding/xml"
	"reflect"
	"strings"
)

// node is what becomes of an element.
type node struct {
	name string
	// field is the field that the element is read into, of the struct that is being read; -1 if
	// it is only a step of a path to one.
	field int
	// nodes are the elements in it. An element that has none is read as text.
	nodes []*node
	// rootName is the field of a struct that the root's name is read into; wanted is that name.
	rootName int
	wanted   string
	// depth is how deep the element is in others.
	depth int
}

var (
	nameType = reflect.TypeFor[xml.Name]()
	// Types that read themselves.
	fromXML  = reflect.TypeFor[xml.Unmarshaler]()
	fromText = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// addFields adds the elements that a struct is read from, and reports whether they are plain.
func (n *node) addFields(of reflect.Type) bool {
	if n.rootName = -1; n.depth > maxDepth { // it contains itself
		return false
	}
	for i := range of.NumField() {
		f := of.Field(i)
		tag := f.Tag.Get("xml")
		switch {
		case tag == "" || strings.ContainsAny(tag, " ,:-") || !f.IsExported() || f.Anonymous:
			return false
		case f.Type == nameType && f.Name == "XMLName":
			n.rootName, n.wanted = i, tag
		case !n.addField(i, f.Type, tag):
			return false
		}
	}
	return true
}

// addField adds the elements of a field's path.
func (n *node) addField(field int, of reflect.Type, path string) bool {
	for step, rest, more := strings.Cut(path, ">"); ; step, rest, more = strings.Cut(rest, ">") {
		next := n.find(step)
		switch {
		case next == nil:
			next = &node{name: step, field: -1, rootName: -1, depth: n.depth + 1}
			n.nodes = append(n.nodes, next)
		case !more || next.field >= 0: // two fields are read from one element
			return false
		}
		if n = next; !more {
			break
		}
	}
	n.field = field
	return n.addType(of)
}

// addType adds the elements of a field's type.
func (n *node) addType(of reflect.Type) bool {
	if of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch at := reflect.PointerTo(of); {
	case at.Implements(fromXML), at.Implements(fromText):
		return false
	case of.Kind() == reflect.String:
		return true
	case of.Kind() != reflect.Struct || of.NumField() == 0:
		return false
	}
	return n.addFields(of) && n.rootName < 0
}

// find returns the element of a name, nil if it is not read.
func (n *node) find(name string) *node {
	if n == nil {
		return nil
	}
	for _, in := range n.nodes {
		if in.name == name {
			return in
		}
	}
	return nil
}
