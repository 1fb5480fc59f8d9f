// Package examples_test judges the templates of all examples.
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

// findings is what this test reads of CDK's validation report.
type findings struct {
	PluginReports []struct {
		Violations []struct {
			RuleName    string `json:"ruleName"`
			Description string `json:"description"`
		} `json:"violations"`
	} `json:"pluginReports"`
}

// TestNoFindings synthesizes every example with no feature flags and with all that
// "cdk init" recommends, and checks that CDK's own validation finds nothing and
// that the logical ids are the same.
func TestNoFindings(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and synthesizes every example")
	}
	t.Parallel()
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "./...").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	flags := recommended(t)
	for _, main := range mains {
		name := filepath.Dir(main)
		app := filepath.Join(bin, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.List(t, "logical ids with the recommended flags", synthesize(t, app, flags), synthesize(t, app, map[string]any{}))
		})
	}
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

// synthesize runs an app with CDK's validation on, and returns its logical ids.
func synthesize(t *testing.T, app string, context map[string]any) []string {
	t.Helper()
	out := t.TempDir()
	context = maps.Clone(context)
	context["aws:cdk:bundling-stacks"] = []string{}
	encoded, err := json.Marshal(context)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(app)
	cmd.Env = append(os.Environ(), "CDK_OUTDIR="+out, "CDK_CONTEXT_JSON="+string(encoded),
		"CDK_VALIDATION=true", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	noFindings(t, filepath.Join(out, "validation-report.json"))
	return logicalIDs(t, out)
}

// noFindings reads the validation's report. Without one, the validation did not run.
func noFindings(t *testing.T, file string) {
	t.Helper()
	var report findings
	raw := readJSON(t, file, &report)
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			t.Errorf("%s: %s", v.RuleName, v.Description)
		}
	}
	if len(report.PluginReports) > 0 && !t.Failed() {
		t.Errorf("the report is not understood: %s", raw)
	}
}

// logicalIDs returns those of all templates in an assembly.
func logicalIDs(t *testing.T, assembly string) []string {
	t.Helper()
	var ids []string
	templates, _ := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	for _, file := range templates {
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
