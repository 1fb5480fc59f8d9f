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

// TestAfterSecondsPath checks that the path in the state machine leads to the field, by
// walking the contract's own names.
func TestAfterSecondsPath(t *testing.T) {
	path, at := "$", reflect.TypeFor[Delivery]()
	for _, name := range []string{"Watch", "Lifecycle", "AfterSeconds"} {
		if at.Kind() == reflect.Pointer {
			at = at.Elem()
		}
		field, ok := at.FieldByName(name)
		if !ok {
			t.Fatalf("%v has no field %s", at, name)
		}
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		path, at = path+"."+tag, field.Type
	}
	if path != AfterSecondsPath {
		t.Errorf("the path is %s, and the field is at %s", AfterSecondsPath, path)
	}
}
