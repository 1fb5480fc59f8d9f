package wire

import (
	"reflect"
	"strings"
	"testing"
)

func name(n string) Step { return Step{Field: n, Index: -1} }

func TestParsePath(t *testing.T) {
	for path, want := range map[string][]Step{
		"$.detail":                      {name("detail")},
		"detail.build-status":           {name("detail"), name("build-status")},
		"$.detail-type":                 {name("detail-type")},
		"$.detail.a/b_c.Größe":          {name("detail"), name("a/b_c"), name("Größe")},
		"$.resources[0]":                {name("resources"), {Index: 0}},
		"$.detail.list[10].x[0][1]":     {name("detail"), name("list"), {Index: 10}, name("x"), {Index: 0}, {Index: 1}},
		`$["detail"]['a.b c'].d`:        {name("detail"), name("a.b c"), name("d")},
		`["detail"]["a\"]b\\"]["it's"]`: {name("detail"), name(`a"]b\`), name("it's")},
		`$.detail["*"]["{}"]['']`:       {name("detail"), name("*"), name("{}"), name("")},
	} {
		if got, err := ParsePath(path); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("ParsePath(%q) = %v, %v, want %v", path, got, err, want)
		}
	}
	for _, path := range []string{
		"", "$", "$.", ".", "..a", "$detail", "$.detail.", "$.detail..state", "$.detail[", "$.detail[]", "$.detail[*]", "$.detail[-1]",
		"$.detail[+1]", "$.detail[1", "$.detail[99999999999]", `$.detail["a]`, `$.detail["a"`, `$.detail["a"x]`, `$.detail["a\`, "$.*", "$.detail.*",
		"$.a b", " $.a", "$.a}", "{$.a}", "$.a]", `$."a"`, "$.detail[?(@.a)]", "$['a']b",
	} {
		if got, err := ParsePath(path); err == nil {
			t.Errorf("ParsePath(%q) = %v, want an error", path, got)
		} else if !strings.Contains(err.Error(), "path") {
			t.Errorf("ParsePath(%q): %v does not say what is wrong", path, err)
		}
	}
}

func TestParseTitle(t *testing.T) {
	for title, want := range map[string][]Part{
		"":                       nil,
		"plain {} {x} ${y} }":    {{Text: "plain {} {x} ${y} }"}},
		"{$.detail.state}":       {{Path: []Step{name("detail"), name("state")}}},
		`a {$.b["}"]}{$.c[0]} d`: {{Text: "a "}, {Path: []Step{name("b"), name("}")}}, {Path: []Step{name("c"), {Index: 0}}}, {Text: " d"}},
	} {
		if got, err := ParseTitle(title); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("ParseTitle(%q) = %v, %v, want %v", title, got, err, want)
		}
	}
	for _, title := range []string{"{$", "{$}", "{$.}", "a {$.detail", "a {$.detail b}", "{$.a[*]}", `{$.a["}`} {
		if got, err := ParseTitle(title); err == nil {
			t.Errorf("ParseTitle(%q) = %v, want an error", title, got)
		}
	}
}

func FuzzParseTitle(f *testing.F) {
	f.Add(`a {$.b["}"]}{$.c[0]} d`)
	f.Fuzz(func(t *testing.T, title string) {
		parts, err := ParseTitle(title)
		if err == nil && title != "" && len(parts) == 0 {
			t.Errorf("nothing is left of %q", title)
		}
	})
}
