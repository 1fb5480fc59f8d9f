package assembly

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
)

// TestReadApp reads an assembly that CDK wrote: stacks with and without an
// environment, nested stacks, a stage, an export, targets of five kinds. The stage
// is as the CDK command line makes it, with paths in the template's metadata.
func TestReadApp(t *testing.T) {
	app, err := Read("testdata/app", Options{})
	if err != nil {
		t.Fatal(err)
	}
	golden.JSON(t, "testdata/app.golden.json", json.RawMessage(marshal(app)))
	if len(app.Rules()) != 8 {
		t.Errorf("%d rules, want 8", len(app.Rules()))
	}
}

func TestReadOneStack(t *testing.T) {
	for _, name := range []string{"Prod-Svc", "Prod/Svc", "ProdSvc66695059"} {
		app, err := Read("testdata/app", Options{Stack: name})
		if err != nil {
			t.Fatal(err)
		}
		if len(app.Stacks) != 2 || app.Stacks[0].Name != "Prod-Svc" || app.Stacks[1].Parent != "Prod-Svc" {
			t.Errorf("-stack %s: %+v, want Prod-Svc and the stack nested in it", name, app.Stacks)
		}
	}
	_, err := Read("testdata/app", Options{Stack: "prod"})
	if err == nil || !strings.HasSuffix(err.Error(), `no stack "prod", it has Prod-Svc, Svc, Third, other-name`) {
		t.Errorf("error = %v", err)
	}
	app, err := Read("testdata/app", Options{Stack: "Third"})
	if err != nil {
		t.Fatal(err)
	}
	if r := app.Rules()[0].Targets[0].Resource; r == nil || r.Stack != "Svc" {
		t.Errorf("the imported queue is %+v, want one of the stack Svc that is not shown", r)
	}
}

// write makes a folder of files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Errors are those of the constructs of the stacks that are shown, in stages too.
func TestErrorsOfConstructs(t *testing.T) {
	dir := write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{
			"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.json"},"metadata":{"/S/Eye":[
				{"type":"aws:cdk:error","data":"no sinks; set Sinks (Annotation::extraeye:E101)"},{"type":"aws:cdk:warning","data":"w"},{"type":"aws:cdk:error","data":{}}]}},
			"Other":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.json"},"additionalMetadataFile":"Other.metadata.json"},
			"Stage":{"type":"cdk:cloud-assembly","properties":{"directoryName":"stage"}}}}`,
		"S.json":              `{}`,
		"Other.metadata.json": `{"/Other/Eye":[{"type":"aws:cdk:error","data":"named twice"}]}`,
		"stage/manifest.json": `{"version":"54.0.0","artifacts":{"Deep":{"type":"aws:cloudformation:stack","displayName":"Stage/Deep",
			"properties":{"templateFile":"Deep.json"},"metadata":{"/Stage/Deep/Eye":[{"type":"aws:cdk:error","data":"deep"}]}}}}`,
		"stage/Deep.json": `{}`,
	})
	for stack, want := range map[string]string{
		"":           "[Other/Eye: named twice S/Eye: no sinks; set Sinks Stage/Deep/Eye: deep]",
		"S":          "[S/Eye: no sinks; set Sinks]",
		"Stage/Deep": "[Stage/Deep/Eye: deep]",
	} {
		app, err := Read(dir, Options{Stack: stack})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(app.Errors); got != want {
			t.Errorf("stack %q: got %s, want %s", stack, got, want)
		}
	}
}

func TestReadErrors(t *testing.T) {
	stack := `{"version": "54.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.json"}}}}`
	for name, c := range map[string]struct{ dir, want string }{
		"no directory":      {"testdata/gone", "does not exist: run cdk synth first"},
		"no manifest":       {t.TempDir(), "is not a cloud assembly: run cdk synth first"},
		"a file":            {"read.go", "cloud assembly read.go"},
		"empty manifest":    {write(t, map[string]string{"manifest.json": ""}), "not the manifest of a cloud assembly, run cdk synth again"},
		"other manifest":    {write(t, map[string]string{"manifest.json": `{"name": "web app"}`}), "it has no version"},
		"array":             {write(t, map[string]string{"manifest.json": `[]`}), "not the manifest"},
		"newer schema":      {write(t, map[string]string{"manifest.json": `{"version": "99.0.0", "artifacts": []}`}), "newer than the 54 that extraeye knows: update extraeye"},
		"no template":       {write(t, map[string]string{"manifest.json": stack}), "stack S: read its template: "},
		"broken template":   {write(t, map[string]string{"manifest.json": stack, "S.json": `{"Resources": {`}), "template S.json is not valid: unexpected EOF: run cdk synth again"},
		"template outside":  {write(t, map[string]string{"manifest.json": strings.ReplaceAll(stack, "S.json", "../../etc/passwd")}), "escapes"},
		"endless stages":    {write(t, map[string]string{"manifest.json": `{"version": "1.0.0", "artifacts": {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}}`}), "nested more than"},
		"stage not written": {write(t, map[string]string{"manifest.json": `{"version": "1.0.0", "artifacts": {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "A"}}}}`}), "A/manifest.json does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(c.dir, Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestReadNewerSchemaThatStillReads(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`{"version": "99.1.0", "artifacts": {}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	app, err := Read(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(app.Notes) != 1 || !strings.Contains(app.Notes[0], "update extraeye") {
		t.Errorf("Notes = %q, want one that says to update", app.Notes)
	}
}

// FuzzRead reads any assembly of one stack, and what its rules send of any event.
func FuzzRead(f *testing.F) {
	const manifest = `{"version":"54.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.json"}}}}`
	for _, file := range []string{"testdata/app/Svc.template.json", "testdata/app/Other.template.json", "../rehearse/testdata/app/checkout.template.json"} {
		template, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(manifest), template, []byte(deployment))
	}
	f.Add([]byte(`{"version":"54.0.0","artifacts":{"S":{"type":"cdk:cloud-assembly","properties":{"directoryName":"."}}}}`), []byte("{}"), []byte("null"))
	f.Fuzz(func(t *testing.T, manifest, template, event []byte) {
		app, err := Read(write(t, map[string]string{"manifest.json": string(manifest), "S.json": string(template)}), Options{})
		if err != nil {
			if text := err.Error(); len(text) > 5000 {
				t.Errorf("an error of %d bytes", len(text))
			}
			return
		}
		for _, r := range app.Rules() {
			for _, target := range r.Targets {
				_, _ = target.Payload(event, r) // it must not panic
			}
		}
	})
}
