package page

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// element is what a page has of an element.
type element struct {
	name string
	attr map[string]string
	path string // the names of the elements around it
}

// elements reads a page as XML, which it must be, and returns its elements.
func elements(t testing.TB, page string) []element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<all>" + page + "</all>"))
	var all []element
	var path []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("not well-formed at byte %d: %v", d.InputOffset(), err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range e.Attr {
				if _, twice := attr[a.Name.Local]; twice {
					t.Errorf("<%s> has %s twice", e.Name.Local, a.Name.Local)
				}
				attr[a.Name.Local] = a.Value
			}
			all = append(all, element{e.Name.Local, attr, strings.Join(path, " ")})
			path = append(path, e.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

// may are the elements of a page. A widget's page of CloudWatch removes others, and scripts
// do not belong on any.
var may = map[string]bool{}

func init() {
	for name := range strings.FieldsSeq("all html head meta title style body main div header footer h1 h2 p span b i small a time ol li dl dt dd pre details summary table thead tbody tr th td svg g line rect circle path polygon polyline text tspan") {
		may[name] = true
	}
}

// checkStructure checks what is true of every page, whatever is on it, and returns how many
// marks it has.
func checkStructure(t testing.TB, page string) (marks int) {
	t.Helper()
	ids := map[string]string{} // and the class of each
	all := elements(t, page)
	for _, e := range all {
		if !may[e.name] {
			t.Errorf("there is a <%s>", e.name)
		}
		if id, ok := e.attr["id"]; ok {
			if _, twice := ids[id]; twice {
				t.Errorf("the id %s is there twice", id)
			}
			ids[id] = e.attr["class"]
		}
		for name := range e.attr {
			if strings.HasPrefix(name, "on") || name == "src" || name == "style" {
				t.Errorf("<%s> has %s", e.name, name)
			}
		}
	}
	for _, e := range all {
		href, ok := e.attr["href"]
		anchor, inside := strings.CutPrefix(href, "#")
		switch {
		case !ok:
		case !inside && !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://"):
			t.Errorf("a link leads to %q", href)
		case !inside && e.attr["rel"] != "noopener noreferrer":
			t.Errorf("the link to %q lacks its rel", href)
		case inside && ids[anchor] == "":
			t.Errorf("a link leads to #%s, which is not there", anchor)
		}
		if strings.HasPrefix(e.attr["class"], "mark ") {
			marks++
		}
	}
	return marks
}

// links are the targets of the links within a page, by the id of the row or the mark that
// they are in.
func links(t testing.TB, page string) map[string][]string {
	t.Helper()
	found, row := map[string][]string{}, ""
	for _, e := range elements(t, page) {
		if e.name == "li" {
			row = e.attr["id"]
		}
		href, inside := strings.CutPrefix(e.attr["href"], "#")
		switch {
		case !inside:
		case e.attr["id"] != "":
			found[e.attr["id"]] = append(found[e.attr["id"]], href)
		case row != "":
			found[row] = append(found[row], href)
		}
	}
	return found
}
