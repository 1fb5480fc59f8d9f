// Package golden compares what tests get with files. "go test PACKAGE -update" writes
// the files again; read the difference before you commit it.
package golden

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// File compares a text with a file.
func File(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := Diff(got, string(want)); diff != "" {
		t.Errorf("%s differs (run with -update to accept):\n%s", path, diff)
	}
}

// List compares two lists, and shows the items that are missing, added or moved.
func List[T any](t testing.TB, what string, got, want []T) {
	t.Helper()
	if !slices.EqualFunc(got, want, func(a, b T) bool { return reflect.DeepEqual(a, b) }) {
		t.Errorf("%s differ:\n%s", what, Diff(column(got), column(want)))
	}
}

// column writes a list with one item on each line.
func column[T any](list []T) string {
	var b strings.Builder
	for _, item := range list {
		fmt.Fprintf(&b, "%#v\n", item)
	}
	return b.String()
}

// JSON compares a value, as indented JSON, with a file.
func JSON(t testing.TB, path string, v any) {
	t.Helper()
	File(t, path, Indent(t, v))
}

// Indent writes a value as the files have it: indented, with <, > and & as they are.
func Indent(t testing.TB, v any) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
