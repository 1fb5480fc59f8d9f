// Package examples_test checks the templates of all examples.
package examples_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
)

// TestNoFindings synthesizes every example with no feature flags and with all that
// "cdk init" recommends, and checks that the logical IDs are the same and that CDK's own
// validation finds nothing.
func TestNoFindings(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and synthesizes every example")
	}
	bin, flags := build(t, "./..."), recommended(t)
	examples, err := os.ReadDir(bin)
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	out := t.TempDir()
	t.Chdir("..") // where cdk.json is
	t.Run("logical IDs", func(t *testing.T) {
		for _, example := range examples {
			t.Run(example.Name(), func(t *testing.T) {
				t.Parallel()
				app, without, with := filepath.Join(bin, example.Name()), filepath.Join(out, example.Name()), filepath.Join(out, example.Name()+" with flags")
				synthesize(t, app, without, map[string]any{}, "CDK_VALIDATION=false")
				synthesize(t, app, with, flags, "CDK_VALIDATION=false")
				golden.List(t, "logical IDs with the recommended flags", logicalIDs(t, with), logicalIDs(t, without))
			})
		}
	})
	t.Run("validation", func(t *testing.T) {
		v := newValidator(t)
		golden.List(t, "findings", v.findings(templates(t, filepath.Join(out, "*"))...), nil)
		if found := v.findings(mistake(t)); len(found) != 1 || !strings.Contains(found[0], "NoSuchProperty") {
			t.Errorf("in a template with a mistake, the validation finds %q", found)
		}
	})
}

// TestNoFindingsInAnApp synthesizes the root example as its users do, and reads the
// report of the validation that CDK runs in every app. Without a report, it did not run.
func TestNoFindingsInAnApp(t *testing.T) {
	if testing.Short() {
		t.Skip("synthesizes an example")
	}
	out := t.TempDir()
	synthesize(t, filepath.Join(build(t, "./service"), "service"), out, recommended(t), "CDK_VALIDATION=true")
	var report struct{ PluginReports []json.RawMessage }
	if raw := readJSON(t, filepath.Join(out, "validation-report.json"), &report); report.PluginReports == nil || len(report.PluginReports) > 0 {
		t.Errorf("the report is %s", raw)
	}
}

// build builds examples, each as an executable of its name.
func build(t *testing.T, packages string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if text, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator), packages).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return dir
}

// recommended are the feature flags of the root cdk.json, which are those of
// "cdk init".
func recommended(t *testing.T) map[string]any {
	t.Helper()
	var file struct{ Context map[string]any }
	readJSON(t, "../cdk.json", &file)
	if len(file.Context) < 50 {
		t.Fatalf("cdk.json has %d feature flags; the recommended ones are more", len(file.Context))
	}
	return file.Context
}

// synthesize runs an app, without compiling the notifier.
func synthesize(t *testing.T, app, out string, context map[string]any, env ...string) {
	t.Helper()
	context = maps.Clone(context)
	context["aws:cdk:bundling-stacks"] = []string{}
	encoded, err := json.Marshal(context)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(app)
	cmd.Env = append(os.Environ(), "CDK_OUTDIR="+out, "CDK_CONTEXT_JSON="+string(encoded), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20")
	cmd.Env = append(cmd.Env, env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// templates returns the templates of an assembly.
func templates(t *testing.T, assembly string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no templates: %v", assembly, err)
	}
	return files
}

// logicalIDs returns those of all templates of an assembly.
func logicalIDs(t *testing.T, assembly string) []string {
	t.Helper()
	var ids []string
	for _, file := range templates(t, assembly) {
		var template struct{ Resources map[string]any }
		readJSON(t, file, &template)
		for id := range template.Resources {
			ids = append(ids, strings.TrimSuffix(filepath.Base(file), ".template.json")+"/"+id)
		}
	}
	if len(ids) == 0 {
		t.Fatal("the app has no resources")
	}
	slices.Sort(ids)
	return ids
}

func readJSON(t *testing.T, file string, v any) (raw []byte) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return raw
}
