package eventpattern

import (
	"errors"
	"fmt"
	"slices"
)

// The bounds of an event. EventBridge's largest events stay far below them.
const (
	// maxPathText bounds the length of the paths of all values together, in bytes.
	maxPathText = 32 << 20
	// maxPlaces bounds the elements of arrays in which the values lie, summed up over
	// all values.
	maxPlaces = 1_000_000
)

// Event is an event, read once and matched against many patterns.
type Event struct {
	fields     map[string]*values
	containers map[string]string // objects and empty arrays, for explanations
	arrays     int
	pathText   int // bytes
	placed     int // places of all values and elements
}

// ParseEvent reads an event: a JSON object. One that would take too much memory is an
// error. The caller limits its size in bytes.
func ParseEvent(raw []byte) (*Event, error) {
	if len(raw) == 0 {
		return nil, errors.New("event: it is empty")
	}
	root, err := parseNode(raw)
	if err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	if root.kind != kindObject {
		return nil, fmt.Errorf("event: %s is not an object", root)
	}
	e := &Event{fields: map[string]*values{}, containers: map[string]string{}}
	if err := e.object(root, "", true, nil); err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	return e, nil
}

// value is one leaf of an event.
type value struct {
	kind       kind
	text       string
	number     float64
	comparable bool // number says it all
	places     []place
}

// place says in which element of which array a value lies.
type place struct{ array, index int }

// values are the leaves with one path, in the event's order.
type values struct {
	all     []value
	byPlace map[place][]int
	arrays  map[int]bool
}

// lies reports whether values of the path lie in the array.
func (e *Event) lies(path string, array int) bool {
	vs := e.fields[path]
	return vs != nil && vs.arrays[array]
}

func (e *Event) object(n node, path string, root bool, places []place) error {
	if !root {
		e.containers[path] = "an object"
	}
	for _, m := range n.members {
		p := m.name
		if !root {
			p = path + "." + m.name
		}
		if e.pathText += len(p); e.pathText > maxPathText {
			return fmt.Errorf("the names on the way to its values are longer than %d bytes in all", maxPathText)
		}
		if err := e.value(m.value, p, places); err != nil {
			return err
		}
	}
	return nil
}

func (e *Event) value(n node, path string, places []place) error {
	switch n.kind {
	case kindObject:
		return e.object(n, path, false, places)
	case kindArray:
		return e.array(n, path, places)
	}
	v := value{kind: n.kind, text: n.text, places: places}
	if n.kind == kindNumber {
		v.number, v.comparable = parseNumber(n.text)
	}
	return e.add(path, v)
}

// array adds an array's elements. Only objects and arrays are bound to their
// element: any one scalar goes with any other.
func (e *Event) array(n node, path string, places []place) error {
	if len(n.items) == 0 {
		e.containers[path] = "an empty array"
	}
	id := e.arrays
	e.arrays++
	for i, item := range n.items {
		inner := places
		if item.kind == kindObject || item.kind == kindArray {
			inner = slices.Concat(places, []place{{id, i}})
			if err := e.place(inner); err != nil {
				return err
			}
		}
		if err := e.value(item, path, inner); err != nil {
			return err
		}
	}
	return nil
}

// place counts the places of a value or an element.
func (e *Event) place(places []place) error {
	if e.placed += len(places); e.placed > maxPlaces {
		return fmt.Errorf("its arrays have too many elements that are nested too deeply: more than %d elements around its values in all", maxPlaces)
	}
	return nil
}

func (e *Event) add(path string, v value) error {
	vs := e.fields[path]
	if vs == nil {
		vs = &values{byPlace: map[place][]int{}, arrays: map[int]bool{}}
		e.fields[path] = vs
	}
	for _, p := range v.places {
		vs.byPlace[p] = append(vs.byPlace[p], len(vs.all))
		vs.arrays[p.array] = true
	}
	vs.all = append(vs.all, v)
	return e.place(v.places)
}
