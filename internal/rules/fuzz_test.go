package rules

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fuzzedBy are the packages that read what others write and have no fuzz target of their own,
// with the package whose target runs their code.
var fuzzedBy = map[string]string{
	"cmd/extraeye/internal/rehearse/card": "cmd/extraeye/internal/rehearse/destination",
	"lambda/event":                        "lambda/decode",
	"lambda/later":                        "lambda/notifier",
	"lambda/post":                         "lambda/sink/webhook",
	"lambda/sink/sinktest":                "lambda/sink/webhook",
}

// readsOwn are the packages that read only what the project, or the person who runs it, wrote.
var readsOwn = []string{
	".ci/recipients",
	"cmd/extraeye/internal/drill",                  // samples, and patterns that the constructs wrote
	"cmd/extraeye/internal/rehearse/fake",          // secrets that the rehearsal makes up
	"cmd/extraeye/internal/rehearse/fakeaws",       // what the function asks
	"cmd/extraeye/internal/rehearse/lambdaruntime", // what the function answers
	"cmd/extraeye/internal/rehearse/samples",
	"cmd/extraeye/internal/synth", // cdk.json
	"constructs/extraeye",         // what it wrote itself
	"constructs/internal/cdktest",
	"internal/bundle", // what the go command says
}

// reading is how code reads JSON and XML.
var reading = regexp.MustCompile(`\b(json|xml|plainxml)\.(Unmarshal\w*|NewDecoder)\(`)

// TestForeignTextIsFuzzed checks that each package that reads JSON or XML, each sink and the
// readers of consoles and events have a fuzz target.
func TestForeignTextIsFuzzed(t *testing.T) {
	must, fuzzed := map[string]bool{"lambda/console": true, "lambda/decode": true, "lambda/notice": true}, map[string]bool{}
	walk(t, func(path string) {
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil || filepath.Ext(path) != ".go" {
			return
		}
		dir = filepath.ToSlash(dir)
		code, err := os.ReadFile(path)
		switch {
		case err != nil:
			t.Fatal(err)
		case strings.HasSuffix(path, "_test.go"):
			fuzzed[dir] = fuzzed[dir] || strings.Contains(string(code), "\nfunc Fuzz")
		case reading.Match(code) || filepath.Base(filepath.Dir(dir)) == "sink" && strings.HasPrefix(dir, "lambda/"):
			must[dir] = true
		}
	})
	for _, dir := range slices.Sorted(maps.Keys(must)) {
		if by := fuzzedBy[dir]; !fuzzed[dir] && !fuzzed[by] && !slices.Contains(readsOwn, dir) {
			t.Errorf("%s reads what others write: give it a fuzz target, or list the package that has it", dir)
		}
	}
	for dir, by := range fuzzedBy {
		if !must[dir] || fuzzed[dir] || !fuzzed[by] {
			t.Errorf("%s is listed as fuzzed by %s: it reads nothing, or has its own target, or the other has none", dir, by)
		}
	}
	for _, dir := range readsOwn {
		if !must[dir] || fuzzed[dir] {
			t.Errorf("%s is listed as reading only our own text: it reads nothing, or has a fuzz target", dir)
		}
	}
}
