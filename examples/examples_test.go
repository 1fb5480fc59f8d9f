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
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, main := range mains {
		name := filepath.Dir(main)
		t.Run(name, func(t *testing.T) {
			app := build(t, name)
			without, with := synthesize(t, app, map[string]any{}), synthesize(t, app, recommended(t))
			if !slices.Equal(without, with) {
				t.Errorf("the flags change logical ids:\n%q\n%q", without, with)
			}
		})
	}
}

// recommended are the feature flags of the root cdk.json, which are those of
// "cdk init".
func recommended(t *testing.T) map[string]any {
	t.Helper()
	raw, err := os.ReadFile("../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Context) < 50 {
		t.Fatalf("cdk.json has %d feature flags; the recommended ones are more", len(file.Context))
	}
	return file.Context
}

func build(t *testing.T, example string) (app string) {
	t.Helper()
	app = filepath.Join(t.TempDir(), example)
	out, err := exec.Command("go", "build", "-o", app, "./"+example).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return app
}

// synthesize runs an app with CDK's validation on, and returns its logical ids.
func synthesize(t *testing.T, app string, context map[string]any) (ids []string) {
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

	// Without the report, the validation did not run.
	raw, err := os.ReadFile(filepath.Join(out, "validation-report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report findings
	if err := json.Unmarshal(raw, &report); err != nil {
		t.Fatal(err)
	}
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			t.Errorf("%s: %s", v.RuleName, v.Description)
		}
	}
	if len(report.PluginReports) > 0 && !t.Failed() {
		t.Errorf("the report is not understood: %s", raw)
	}

	templates, _ := filepath.Glob(filepath.Join(out, "*.template.json"))
	for _, file := range templates {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var template struct{ Resources map[string]any }
		if err := json.Unmarshal(raw, &template); err != nil {
			t.Fatal(err)
		}
		for id := range template.Resources {
			ids = append(ids, strings.TrimSuffix(filepath.Base(file), ".template.json")+"/"+id)
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		t.Fatal("the app has no resources")
	}
	return ids
}
