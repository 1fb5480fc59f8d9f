package event

import (
	"slices"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestFields reads values of the documented types and of others.
func TestFields(t *testing.T) {
	f, ok := Object([]byte(`{"text":" a ","number":1.50,"true":true,"null":null,"array":["a",null,7,{},""],"object":{"a":{"b":"c"}},
		"objects":[{"a":1},null,"x",{"a":2}],"time":"2024-01-15T10:20:30Z","zone":"2024-01-15T11:20:30.000+0100","early":"0000-01-01T00:00:00+01:00","late":"9999-12-31T23:59:59-01:00","gmt":"Mon, 15 Jan 2024 10:20:30 GMT"}`))
	if !ok {
		t.Fatal("not an object")
	}
	for key, want := range map[string]string{"text": "a", "number": "1.50", "true": "true", "null": "", "array": "", "object": "", "none": ""} {
		if got := f.Text(key); got != want {
			t.Errorf("text %s is %q, want %q", key, got, want)
		}
	}
	for key, want := range map[string][]string{"text": {"a"}, "array": {"a", "7"}, "null": nil, "object": nil, "none": nil} {
		if got := f.Texts(key); !slices.Equal(got, want) {
			t.Errorf("texts %s are %q, want %q", key, got, want)
		}
	}
	if got := f.Objects("objects"); len(got) != 2 || got[1].Text("a") != "2" {
		t.Errorf("objects are %q", got)
	}
	if got := f.Object("object").Object("a").Text("b"); got != "c" || f.Object("text") != nil || f.Object("none") != nil {
		t.Errorf("nested text is %q", got)
	}
	at := time.Date(2024, 1, 15, 10, 20, 30, 0, time.UTC)
	for key, want := range map[string]time.Time{"time": at, "zone": at, "gmt": at, "early": {}, "late": {}, "text": {}, "number": {}, "none": {}} {
		if got := f.Time(key); !got.Equal(want) {
			t.Errorf("time %s is %s, want %s", key, got, want)
		}
	}
	for _, raw := range []string{``, `null`, `7`, `"x"`, `[]`, `{`} {
		if _, ok := Object([]byte(raw)); ok {
			t.Errorf("%s is an object", raw)
		}
	}
}

func TestFieldsAt(t *testing.T) {
	f, _ := Object([]byte(`{"a":{"b c":[1,{"d":"e"}]}}`))
	for path, want := range map[string]string{
		`$.a["b c"][0]`: "1", `$.a["b c"][1].d`: `"e"`, `$.a["b c"][2]`: "", `$.a.b`: "", `$.a[0]`: "", `$.b`: "",
	} {
		steps, err := wire.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := f.At(steps); string(got) != want || ok != (want != "") {
			t.Errorf("%s is %q, %t, want %q", path, got, ok, want)
		}
	}
}
