package eventpattern

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

func (e *Event) object(n node, path string, root bool, places []place) {
	if !root {
		e.containers[path] = "an object"
	}
	for _, m := range n.members {
		p := m.name
		if !root {
			p = path + "." + m.name
		}
		e.value(m.value, p, places)
	}
}

func (e *Event) value(n node, path string, places []place) {
	switch n.kind {
	case kindObject:
		e.object(n, path, false, places)
	case kindArray:
		e.array(n, path, places)
	default:
		v := value{kind: n.kind, text: n.text, places: places}
		if n.kind == kindNumber {
			v.number, v.comparable = parseNumber(n.text)
		}
		e.add(path, v)
	}
}

// array adds an array's elements. Only objects and arrays are bound to their
// element: any one scalar goes with any other.
func (e *Event) array(n node, path string, places []place) {
	if len(n.items) == 0 {
		e.containers[path] = "an empty array"
	}
	id := e.arrays
	e.arrays++
	for i, item := range n.items {
		inner := places
		if item.kind == kindObject || item.kind == kindArray {
			inner = append(places[:len(places):len(places)], place{id, i})
		}
		e.value(item, path, inner)
	}
}

func (e *Event) add(path string, v value) {
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
}
