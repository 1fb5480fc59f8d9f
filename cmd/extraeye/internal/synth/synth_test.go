package synth

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// write makes a project of files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func skipOnWindows(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the test's apps are shell scripts")
	}
}

// The app is run in its directory, by a shell, with the CLI's variables.
func TestRun(t *testing.T) {
	skipOnWindows(t)
	t.Setenv("CDK_VALIDATION", "")
	dir := write(t, map[string]string{
		"cdk.json":         `{"build":"echo built > built.txt","app":"cat built.txt \"name with space\" && env > \"$CDK_OUTDIR/env\" && printf %s \"$CDK_CONTEXT_JSON\" > \"$CDK_OUTDIR/manifest.json\"","context":{"mine":"cdk.json","only":1}}`,
		"cdk.context.json": `{"mine":"cdk.context.json","looked-up":["eu-central-1a"]}`,
		"name with space":  "",
	})
	outdir := t.TempDir()
	if err := Run(t.Context(), dir, "", outdir); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(outdir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var context map[string]any
	if err := json.Unmarshal(raw, &context); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	if context["mine"] != "cdk.json" || context["only"] != 1.0 || context["looked-up"] == nil {
		t.Errorf("context %v", context)
	}
	if stacks, ok := context["aws:cdk:bundling-stacks"].([]any); !ok || len(stacks) != 0 {
		t.Errorf("stacks to bundle: %v", context["aws:cdk:bundling-stacks"])
	}
	env, _ := os.ReadFile(filepath.Join(outdir, "env"))
	if !strings.Contains(string(env), "\nCDK_VALIDATION=\n") {
		t.Errorf("the user's own setting is not kept: %s", env)
	}
}

// A command that is given takes the place of cdk.json's, and needs none.
func TestRunOtherApp(t *testing.T) {
	skipOnWindows(t)
	for name, files := range map[string]map[string]string{
		"instead":          {"cdk.json": `{"app":"false","context":{"mine":"cdk.json"}}`},
		"with no app":      {"cdk.json": `{"context":{"mine":"cdk.json"}}`},
		"with no cdk.json": nil,
	} {
		outdir := t.TempDir()
		if err := Run(t.Context(), write(t, files), `printf %s "$CDK_CONTEXT_JSON" > "$CDK_OUTDIR/manifest.json"`, outdir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		context, _ := os.ReadFile(filepath.Join(outdir, "manifest.json"))
		if got, want := strings.Contains(string(context), `"mine":"cdk.json"`), files != nil; got != want {
			t.Errorf("%s: the context is %s", name, context)
		}
	}
}

func TestLargeContextGoesThroughAFile(t *testing.T) {
	outdir := t.TempDir()
	env, err := environment(nil, map[string]any{"large": strings.Repeat("x", maxContext)}, outdir)
	if err != nil {
		t.Fatal(err)
	}
	var path string
	for _, v := range env {
		if len(v) > 1000 {
			t.Errorf("a variable of %d bytes", len(v))
		}
		if after, ok := strings.CutPrefix(v, overflowVariable+"="); ok {
			path = after
		}
	}
	if raw, err := os.ReadFile(path); err != nil || !strings.Contains(string(raw), "xxx") {
		t.Errorf("%q, %v", raw, err)
	}
}

func TestRunFails(t *testing.T) {
	skipOnWindows(t)
	cases := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"without cdk.json", nil, "there is no cdk.json in "},
		{"without app", map[string]string{"cdk.json": `{}`}, `has no "app" command`},
		{"on broken cdk.json", map[string]string{"cdk.json": `{`}, "cdk.json: unexpected end"},
		{"on broken context", map[string]string{"cdk.json": `{"app":"true"}`, "cdk.context.json": `[]`}, "cdk.context.json: json:"},
		{"on an app that fails", map[string]string{"cdk.json": `{"app":"echo no such stack >&2; exit 3"}`}, "exit status 3\nno such stack"},
		{"on a build that fails", map[string]string{"cdk.json": `{"app":"true","build":"false"}`}, "the build command of cdk.json: false: exit status 1"},
		{"without a manifest", map[string]string{"cdk.json": `{"app":"true","context":null}`}, "wrote no cloud assembly"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := Run(t.Context(), write(t, c.files), "", t.TempDir()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// An app that dies because Node.js is missing or old says so in one line; one that fails
// for another reason says its own.
func TestRunWithoutNode(t *testing.T) {
	skipOnWindows(t)
	t.Setenv("JSII_NODE", "")
	const (
		jsii    = `echo 'panic: exec: "node": executable file not found in $PATH' >&2; echo 'goroutine 1 [running]:' >&2; exit 2`
		missing = "node is not in PATH: CDK needs Node.js 20 or later, from https://nodejs.org"
		old     = "node v16.20.2 is too old: CDK needs Node.js 20 or later, from https://nodejs.org"
	)
	for _, c := range []struct{ name, node, app, want string }{
		{"jsii without Node.js", "", jsii, missing},
		{"a shell without Node.js", "", "npx ts-node app.ts", missing},
		{"an app that is compiled first", "", "go run .", missing},
		{"an old Node.js", "echo v16.20.2", "echo 'SyntaxError at node:internal/vm' >&2; exit 1", old},
		{"an old Node.js, an app that is compiled first", "echo v16.20.2", "go run .", old},
		{"another reason without Node.js", "", "echo no such stack >&2; exit 3", "the app: echo no such stack >&2; exit 3: exit status 3\nno such stack"},
		{"another reason with Node.js", "echo v22.1.0", "echo node is here >&2; exit 3", "the app: echo node is here >&2; exit 3: exit status 3\nnode is here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bin := t.TempDir()
			if sh, err := exec.LookPath("sh"); err != nil || os.Symlink(sh, filepath.Join(bin, "sh")) != nil {
				t.Fatal(err)
			}
			if c.node != "" {
				if err := os.WriteFile(filepath.Join(bin, "node"), []byte("#!/bin/sh\n"+c.node+"\n"), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", bin)
			if err := Run(t.Context(), t.TempDir(), c.app, t.TempDir()); err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
