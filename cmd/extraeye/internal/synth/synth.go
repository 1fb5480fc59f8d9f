// Package synth synthesizes a CDK app as the CDK CLI does, without the CLI. It needs no
// credentials, and bundles no Lambda code.
package synth

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/toolchain"
)

// project is what the CLI reads of cdk.json.
type project struct {
	App     string         `json:"app"`
	Build   string         `json:"build"`
	Context map[string]any `json:"context"`
}

// Run synthesizes the app of dir/cdk.json into outdir. A command in app replaces that
// of cdk.json, which then need not be there.
func Run(ctx context.Context, dir, app, outdir string) error {
	p, err := readProject(dir, app)
	if err != nil {
		return err
	}
	env, err := environment(os.Environ(), p.Context, outdir)
	if err != nil {
		return err
	}
	if p.Build != "" {
		if err := shell(ctx, p.Build, dir, os.Environ()); err != nil {
			return fmt.Errorf("the build command of cdk.json: %w", err)
		}
	}
	if compiles(p.App) { // then a missing Node.js would show only minutes later
		if err := toolchain.Node(ctx); err != nil {
			return err
		}
	}
	if err := shell(ctx, p.App, dir, env); err != nil {
		return blameNode(ctx, fmt.Errorf("the app: %w", err))
	}
	if _, err := os.Stat(filepath.Join(outdir, "manifest.json")); err != nil {
		return fmt.Errorf("the app (%s) succeeded but wrote no cloud assembly; does it call app.Synth?", p.App)
	}
	return nil
}

// compiles says whether a command compiles the app before it runs it.
func compiles(app string) bool {
	words := strings.Fields(app)
	return len(words) > 0 && words[0] == "go"
}

// aboutNode is what shells and jsii write when there is no Node.js, or an old one.
var aboutNode = regexp.MustCompile(`\b(node|npm|npx)\b`)

// blameNode replaces the error of an app by what is wrong with Node.js. The app may also
// run where this process cannot look, in a container, and then it fails for reasons of its own.
func blameNode(ctx context.Context, err error) error {
	if !aboutNode.MatchString(err.Error()) {
		return err
	}
	return cmp.Or(toolchain.Node(ctx), err)
}

// readProject reads cdk.json, and the context of cdk.context.json beneath its own.
//
// https://docs.aws.amazon.com/cdk/v2/guide/context.html
func readProject(dir, app string) (project, error) {
	p := project{Context: map[string]any{}}
	if err := readJSON(filepath.Join(dir, "cdk.context.json"), &p.Context); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	err := readJSON(filepath.Join(dir, "cdk.json"), &p)
	if app != "" {
		p.App = app
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && app != "":
	case errors.Is(err, fs.ErrNotExist):
		return p, fmt.Errorf("there is no cdk.json in %s: run this where your CDK app is, or give -app COMMAND or -assembly DIR", dir)
	case err != nil:
		return p, err
	case p.App == "":
		return p, fmt.Errorf(`%s has no "app" command: add one, or give -app COMMAND or -assembly DIR`, filepath.Join(dir, "cdk.json"))
	}
	return p, nil
}

// readJSON reads a file into v. It overrides entries that the maps of v already have.
func readJSON(path string, v any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// The variables through which the CLI and an app communicate.
//
// https://github.com/aws/aws-cdk-cli/blob/main/packages/@aws-cdk/toolkit-lib/lib/api/cloud-assembly/private/prepare-source.ts
const (
	outdirVariable   = "CDK_OUTDIR"
	contextVariable  = "CDK_CONTEXT_JSON"
	overflowVariable = "CONTEXT_OVERFLOW_LOCATION_ENV"
)

// maxContext is the length of a context that fits in a variable, in bytes. A longer one
// goes into a file: on Windows, all variables together must fit in 32 KB.
const maxContext = 8 << 10

// environment is the environment of the app.
func environment(base []string, context map[string]any, outdir string) ([]string, error) {
	all := map[string]any{}
	maps.Copy(all, context)
	all["aws:cdk:enable-path-metadata"] = true
	all["aws:cdk:enable-asset-metadata"] = true
	all["aws:cdk:bundling-stacks"] = []string{}
	raw, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("write the context: %w", err)
	}
	// What the user set comes after the defaults, and so wins.
	env := append([]string{"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20", "CDK_VALIDATION=false"}, base...)
	env = append(env, outdirVariable+"="+outdir)
	if len(raw) <= maxContext {
		return append(env, contextVariable+"="+string(raw)), nil
	}
	path := filepath.Join(outdir, "context.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return nil, fmt.Errorf("write the context: %w", err)
	}
	return append(env, contextVariable+"={}", overflowVariable+"="+path), nil
}

// maxOutput is how much of the end of a failed app's output is quoted, in bytes.
const maxOutput = 16 << 10

// shell runs a command line. Its output is part of the error when it fails.
func shell(ctx context.Context, command, dir string, env []string) error {
	name, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		name, flag = "cmd", "/c"
	}
	cmd := exec.CommandContext(ctx, name, flag, command)
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, env, 5*time.Second
	output, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	output = bytes.TrimSpace(output)
	if over := len(output) - maxOutput; over > 0 {
		output = append([]byte("…"), output[over:]...)
	}
	return fmt.Errorf("%s: %w\n%s", command, err, output)
}
