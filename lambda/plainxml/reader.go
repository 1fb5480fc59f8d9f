package plainxml

import (
	"encoding/xml"
	"reflect"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep elements may be in each other.
const maxDepth = 64

// reader reads a document. Each of its methods reports whether what it reads is plain.
type reader struct {
	rest  string
	depth int
}

// root reads the document, up to the end of its first element, as encoding/xml does.
func (r *reader) root(n *node, into reflect.Value) bool {
	const declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	r.rest = strings.TrimLeft(strings.TrimPrefix(r.rest, declaration), " \t\n")
	tag, ok := r.tag()
	if !ok || tag.closes {
		return false
	}
	if n.rootName >= 0 {
		if tag.name != n.wanted {
			return false
		}
		into.Field(n.rootName).Set(reflect.ValueOf(xml.Name{Space: tag.space, Local: tag.name}))
	}
	return tag.empty || r.inside(n, into, tag.name)
}

// inside reads what is in an element and its end. n is nil if nothing of it is needed.
func (r *reader) inside(n *node, into reflect.Value, name string) bool {
	if r.depth++; r.depth > maxDepth {
		return false
	}
	for {
		if _, ok := r.text(false); !ok {
			return false
		}
		tag, ok := r.tag()
		switch {
		case !ok:
			return false
		case tag.closes:
			r.depth--
			return tag.name == name
		case !r.element(n.find(tag.name), into, tag):
			return false
		}
	}
}

// element reads an element whose first tag has been read.
func (r *reader) element(n *node, into reflect.Value, tag tag) bool {
	if n != nil && n.field >= 0 {
		into = place(into.Field(n.field))
		if len(n.nodes) == 0 {
			return r.value(into, tag)
		}
	}
	return tag.empty || r.inside(n, into, tag.name)
}

// place is where the next element of a field is read into: the field itself, what it points to,
// or another item of its list.
func place(field reflect.Value) reflect.Value {
	switch field.Kind() {
	case reflect.Pointer:
		if field.IsNil() {
			field.Set(reflect.New(field.Type().Elem()))
		}
		return field.Elem()
	case reflect.Slice:
		field.Grow(1)
		field.SetLen(field.Len() + 1)
		return field.Index(field.Len() - 1)
	default:
		return field
	}
}

// value reads an element as text, which is what is between the elements in it.
func (r *reader) value(into reflect.Value, of tag) bool {
	value := ""
	for !of.empty {
		text, ok := r.text(true)
		if !ok {
			return false
		}
		value += text
		tag, ok := r.tag()
		if !ok || tag.closes && tag.name != of.name {
			return false
		}
		if tag.closes {
			break
		}
		if !r.element(nil, into, tag) {
			return false
		}
	}
	into.SetString(value)
	return true
}

// text reads up to the next tag. The text is returned if it is needed.
func (r *reader) text(needed bool) (text string, ok bool) {
	end := strings.IndexByte(r.rest, '<')
	if end < 0 {
		return "", false
	}
	text, r.rest = r.rest[:end], r.rest[end:]
	escaped, ok := isPlain(text)
	if !ok || !escaped {
		return text, ok
	}
	return unescape(text, needed)
}

// tag is the beginning or the end of an element.
type tag struct {
	name   string
	space  string // the value of xmlns
	closes bool   // it is the end
	empty  bool   // it is both
}

// tag reads a tag.
func (r *reader) tag() (t tag, ok bool) {
	rest, ok := strings.CutPrefix(r.rest, "<")
	if !ok {
		return t, false
	}
	rest, t.closes = strings.CutPrefix(rest, "/")
	end := 0
	for end < len(rest) && kinds[rest[end]]&inName != 0 {
		end++
	}
	t.name, rest = rest[:end], rest[end:]
	if end == 0 || kinds[t.name[0]]&beginsName == 0 {
		return t, false
	}
	if !t.closes {
		if after, found := strings.CutPrefix(rest, ` xmlns="`); found {
			if t.space, rest, ok = strings.Cut(after, `"`); !ok || !isName(t.space) {
				return t, false
			}
		}
		rest, t.empty = strings.CutPrefix(rest, "/")
	}
	r.rest, ok = strings.CutPrefix(rest, ">")
	return t, ok
}

// isName reports whether a text is one that a namespace is known by.
func isName(space string) bool {
	for i := range len(space) {
		if kinds[space[i]]&inSpace == 0 {
			return false
		}
	}
	return space != ""
}

// What a byte may be, apart from one of a text.
const (
	beginsName = 1 << iota
	inName
	inSpace
	special // is more than itself in a text, or may not be in one
)

// kinds are what each byte may be.
var kinds = func() (kinds [256]byte) {
	for c := range 256 {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			kinds[c] = beginsName | inName | inSpace
		case '0' <= c && c <= '9', c == '-', c == '.', c == '_':
			kinds[c] = inName | inSpace
		case c == '/', c == ':':
			kinds[c] = inSpace
		case c == '&', c == '>', c < ' ' && c != '\n' && c != '\t', c >= utf8.RuneSelf:
			kinds[c] = special
		}
	}
	return kinds
}()

// isPlain reports whether a text has nothing but characters, and entities or carriage returns if
// it is escaped.
func isPlain(text string) (escaped, ok bool) {
	// Almost all of a long text is plain, and eight bytes of it are checked at once.
	for len(text) >= 8 && (kinds[text[0]]|kinds[text[1]]|kinds[text[2]]|kinds[text[3]]|
		kinds[text[4]]|kinds[text[5]]|kinds[text[6]]|kinds[text[7]])&special == 0 {
		text = text[8:]
	}
	ascii := true
	for i := range len(text) {
		if kinds[text[i]]&special == 0 {
			continue
		}
		switch {
		case text[i] == '&', text[i] == '\r':
			escaped = true
		case text[i] >= utf8.RuneSelf:
			ascii = false
		default:
			return false, false
		}
	}
	return escaped, ascii || utf8.ValidString(text) && !strings.ContainsAny(text, "\uFFFE\uFFFF")
}

// entities are the predefined ones, and those that may end a line.
var entities = [...]struct{ name, text string }{
	{"amp;", "&"}, {"quot;", `"`}, {"lt;", "<"}, {"gt;", ">"}, {"apos;", "'"}, {"#xD;", "\r"}, {"#xd;", "\r"}, {"#13;", "\r"},
}

// unescape puts what entities stand for in their places, after lines have been made to end in
// one way. A text that is not needed is checked.
func unescape(text string, needed bool) (plain string, ok bool) {
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	var b strings.Builder
	if needed {
		b.Grow(len(text))
	}
	for {
		before, after, more := strings.Cut(text, "&")
		if needed {
			b.WriteString(before)
		}
		if !more {
			return b.String(), true
		}
		if plain, text = entity(after); plain == "" {
			return "", false
		}
		if needed {
			b.WriteString(plain)
		}
	}
}

// entity returns what the entity stands for that a text begins with, and the rest of the text.
func entity(text string) (plain, rest string) {
	for _, e := range entities {
		if rest, ok := strings.CutPrefix(text, e.name); ok {
			return e.text, rest
		}
	}
	return "", ""
}
