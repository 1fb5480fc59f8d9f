// Package cdktest is what the tests of the constructs share: apps that compile no
// notifier, templates as plain data, and one table each of all watches and all sinks.
//
// No test that uses it runs in parallel with another: jsii is one process with one pipe.
package cdktest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// Main runs the tests of a package. It is what TestMain calls. Every one of them starts
// CDK, so "go test -short" runs none.
func Main(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("skipped: the tests need CDK")
		return
	}
	if os.Getenv("CDK_VALIDATION") == "" {
		os.Exit(again())
	}
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// again runs this test binary with the environment that its Node process needs.
// jsii takes the environment while packages are initialized, before TestMain can
// set anything.
func again() int {
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(),
		"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20",
		"CDK_VALIDATION=false") // the tests of examples/ validate templates, in processes of their own
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// App makes an app that compiles no notifier and prints no summaries.
func App(t *testing.T) awscdk.App {
	t.Helper()
	return awscdk.NewApp(&awscdk.AppProps{
		Outdir:  jsii.String(t.TempDir()),
		Context: &map[string]any{"aws:cdk:bundling-stacks": []string{}, "extraeye:summary": false},
	})
}

// Stack makes the one stack of an app.
func Stack(t *testing.T) awscdk.Stack {
	t.Helper()
	return awscdk.NewStack(App(t), jsii.String("some-stack"), nil)
}

// Must turns a panic of jsii, which is how CDK's assertions fail, into a failure of
// this test only.
func Must(t *testing.T, check func()) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Error(r)
		}
	}()
	check()
}

// Names are n names, numbered.
func Names(n int, format string) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(format, i))
	}
	return all
}
