package toolchain

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// path makes a PATH with one program, a shell script.
func path(t *testing.T, name, script string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs of the test are shell scripts")
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
}

func TestGo(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"new enough", "echo go1.25; echo auto", ""},
		{"newer", "echo go1.26.8; echo local", ""},
		{"of the future", "echo go2.0; echo", ""},
		{"a development version", "echo devel go1.27-abc; echo local", ""},
		{"old, downloads", "echo go1.24.1; echo auto", ""},
		{"old, downloads from PATH", "echo go1.24.1; echo go1.22.0+path", ""},
		{"old, local", "echo go1.24.1; echo local", `go1.24.1 is too old: install Go 1.25 or later, from https://go.dev/dl, or let go download it with GOTOOLCHAIN=auto, which is "local" now`},
		{"old, a fixed version", "echo go1.24.1; echo go1.24.1", `which is "go1.24.1" now`},
		{"too old to download", "echo go1.20.3; echo", "go1.20.3 is too old: install Go 1.25 or later, from https://go.dev/dl"},
		{"fails", "echo what is this; exit 1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path(t, "go", c.script)
			check(t, Go, c.want)
		})
	}
}

func TestNode(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"new enough", "echo v20.0.0", ""},
		{"newer", "echo v100.1", ""},
		{"old", "echo v18.20.4", "node v18.20.4 is too old: CDK needs Node.js 20 or later, from https://nodejs.org"},
		{"unreadable", "echo nothing", ""},
		{"fails", "exit 1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("JSII_NODE", "")
			path(t, "node", c.script)
			check(t, Node, c.want)
		})
	}
}

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JSII_NODE", "")
	check(t, Go, "go is not in PATH: install Go 1.25 or later, from https://go.dev/dl")
	check(t, Node, "node is not in PATH: CDK needs Node.js 20 or later, from https://nodejs.org")
	t.Setenv("JSII_NODE", "/nowhere/node")
	check(t, Node, "there is no /nowhere/node, which JSII_NODE names: CDK needs Node.js 20 or later, from https://nodejs.org")
}

// jsii looks for Node.js in JSII_NODE first.
func TestJSIINode(t *testing.T) {
	path(t, "my-node", "echo v22.1.0")
	t.Setenv("JSII_NODE", filepath.Join(os.Getenv("PATH"), "my-node"))
	check(t, Node, "")
}

// The version that is asked for is the one that go.mod asks for.
func TestMinimum(t *testing.T) {
	mod, err := os.ReadFile("../../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "\ngo "+strings.TrimPrefix(minGo, "go")+".0\n") {
		t.Errorf("go.mod does not ask for %s", minGo)
	}
}

func check(t *testing.T, tool func(context.Context) error, want string) {
	t.Helper()
	err := tool(t.Context())
	switch {
	case err == nil && want == "":
	case err == nil || want == "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n"):
		t.Errorf("got %v, want %q", err, want)
	}
}
