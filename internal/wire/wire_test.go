package wire

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestWatchKinds checks that every watch has a kind, and that it is its name in JSON.
func TestWatchKinds(t *testing.T) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Watch]()) {
		if f.Type.Kind() != reflect.Pointer {
			continue
		}
		var w Watch
		reflect.ValueOf(&w).Elem().FieldByIndex(f.Index).Set(reflect.New(f.Type.Elem()))
		text, err := json.Marshal(w)
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"` + w.Kind() + `":`; w.Kind() == "" || !strings.HasPrefix(string(text), want) {
			t.Errorf("%s: the kind is %q, the JSON %s", f.Name, w.Kind(), text)
		}
	}
	if kind := (Watch{}).Kind(); kind != "" {
		t.Errorf("no watch is of kind %q", kind)
	}
}

// TestPaths checks that the paths in the state machine lead to the fields.
func TestPaths(t *testing.T) {
	for _, tt := range []struct {
		path  string
		of    reflect.Type
		field string
	}{
		{AfterSecondsPath, reflect.TypeFor[Later](), "AfterSeconds"},
		{AfterSecondsPath, reflect.TypeFor[Delivery](), "AfterSeconds"},
		{DeadLetterPath, reflect.TypeFor[Later](), "DeadLetter"},
	} {
		f, ok := tt.of.FieldByName(tt.field)
		if !ok {
			t.Fatalf("%v has no field %s", tt.of, tt.field)
		}
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if at := "$." + tag; at != tt.path {
			t.Errorf("the path is %s, and %v.%s is at %s", tt.path, tt.of, tt.field, at)
		}
	}
}

// TestLaterAlwaysWaits checks that a zero is written: Step Functions fails an execution whose
// path leads to nothing.
func TestLaterAlwaysWaits(t *testing.T) {
	text, err := json.Marshal(Later{})
	if err != nil || !strings.Contains(string(text), `"afterSeconds":0`) || strings.Contains(string(text), "deadLetter") {
		t.Errorf("it is %s, %v", text, err)
	}
}
