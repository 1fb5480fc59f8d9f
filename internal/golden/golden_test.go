package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recorder is a test that keeps what is reported to it.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "want.json")
	if err := os.WriteFile(file, []byte("{\n  \"a\": \"<b>\"\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var r recorder
	JSON(&r, file, map[string]string{"a": "<b>"})
	if len(r.errors) != 0 {
		t.Errorf("an equal file is reported: %q", r.errors)
	}
	JSON(&r, file, map[string]string{"a": "c"})
	want := file + " differs (run with -update to accept):\n--- want\n+++ got\n@@ -1 +1 @@\n {\n-  \"a\": \"<b>\"\n+  \"a\": \"c\"\n }\n"
	if len(r.errors) != 1 || r.errors[0] != want {
		t.Errorf("got  %q\nwant %q", r.errors, want)
	}
}

func TestList(t *testing.T) {
	var r recorder
	List(&r, "names", []string{}, nil)
	List(&r, "pairs", [][]int{{1, 2}}, [][]int{{1, 2}})
	if len(r.errors) != 0 {
		t.Errorf("equal lists are reported: %q", r.errors)
	}
	List(&r, "names", []string{"a", "b", "d\ne"}, []string{"a", "b", "c", "d", "e"})
	want := "names differ:\n--- want\n+++ got\n@@ -1 +1 @@\n \"a\"\n \"b\"\n-\"c\"\n-\"d\"\n-\"e\"\n+\"d\\ne\"\n"
	if len(r.errors) != 1 || r.errors[0] != want {
		t.Errorf("got  %q\nwant %q", r.errors, want)
	}
}

func TestDiff(t *testing.T) {
	tests := []struct{ name, got, want, diff string }{
		{"equal", "a\n", "a\n", ""},
		{"all new", "a\n", "", "@@ -1 +1 @@\n+a\n"},
		{"all gone", "", "a\nb\n", "@@ -1 +1 @@\n-a\n-b\n"},
		{"no line break", "a\nb", "a\nb\n", "@@ -1 +1 @@\n a\n-b\n+b (no line break at the end)\n"},
		{"invisible", "a \nb\u00a0c\n", "a\nb c\n", "@@ -1 +1 @@\n-a\n-b c\n+\"a \"\n+\"b\\u00a0c\"\n"},
		{"apart", "1\n2\n3\nx\n4\n5\n6\n7\n8\n9\n10\n11\ny\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n",
			"@@ -1 +1 @@\n 1\n 2\n 3\n+x\n 4\n 5\n 6\n@@ -9 +10 @@\n 9\n 10\n 11\n-12\n+y\n"},
		{"together", "a\nb\nc\n1\n2\nd\ne\nf\n", "A\na\nb\nc\nd\ne\nf\nF\n",
			"@@ -1 +1 @@\n-A\n a\n b\n c\n+1\n+2\n d\n e\n f\n-F\n"},
		{"moved", "b\nc\nd\na\n", "a\nb\nc\nd\n", "@@ -1 +1 @@\n-a\n b\n c\n d\n+a\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.diff
			if want != "" {
				want = "--- want\n+++ got\n" + want
			}
			if diff := Diff(tt.got, tt.want); diff != want {
				t.Errorf("got\n%s\nwant\n%s", diff, want)
			}
		})
	}
}

// TestDiffIsBounded compares texts that differ too much to be read whole.
func TestDiffIsBounded(t *testing.T) {
	numbered := func(name string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintln(&b, name, i)
		}
		return b.String()
	}
	long := strings.Repeat("ü", 1000)
	for name, tt := range map[string]struct{ got, want, contains string }{
		"many lines":   {"same\n" + numbered("got", 5000), "same\n" + numbered("want", 5000), "@@ -1 +1 @@\n same\n-want 0\n"},
		"many changes": {strings.ReplaceAll(numbered("a", 400), "5\n", "x\n"), numbered("a", 400), " more lines\n"},
		"long line":    {long + "x" + long + "\n", long + "y" + long + "\n", "y" + strings.Repeat("ü", 59) + "…\n+…"},
	} {
		diff := Diff(tt.got, tt.want)
		if !strings.Contains(diff, tt.contains) || strings.Count(diff, "\n") > maxLines+3 || len(diff) > maxLines*maxLine {
			t.Errorf("%s: the difference is\n%s", name, diff)
		}
	}
}

func FuzzChanges(f *testing.F) {
	f.Add("abcabba", "cbabac")
	f.Add("", "a")
	f.Fuzz(func(t *testing.T, from, to string) {
		a, b := strings.Split(from, ""), strings.Split(to, "")
		var made []string
		at := 0
		for _, c := range changes(a, b) {
			if c.aBegin < at || c.aEnd-c.aBegin+c.bEnd-c.bBegin < 1 {
				t.Fatalf("%+v comes after line %d", c, at)
			}
			made = append(append(made, a[at:c.aBegin]...), b[c.bBegin:c.bEnd]...)
			at = c.aEnd
		}
		if made = append(made, a[at:]...); !slices.Equal(made, b) {
			t.Errorf("the changes of %q make %q, want %q", a, made, b)
		}
	})
}
