package extraeye_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/internal/golden"
)

// No test of this package runs in parallel with another: jsii has one process and
// one pipe.
func TestMain(m *testing.M) {
	if os.Getenv("CDK_VALIDATION") == "" {
		os.Exit(again())
	}
	flag.Parse()
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
		"CDK_VALIDATION=false") // TestNoFindings judges templates, in processes of its own
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

var mail = sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}

// newApp makes an app that compiles no notifier.
func newApp(t *testing.T, context map[string]any) awscdk.App {
	t.Helper()
	all := map[string]any{"aws:cdk:bundling-stacks": []string{}}
	for k, v := range context {
		all[k] = v
	}
	return awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(t.TempDir()), Context: &all})
}

func newStack(t *testing.T) awscdk.Stack {
	t.Helper()
	return awscdk.NewStack(newApp(t, nil), jsii.String("some-stack"), nil)
}

// service is an Eye with all defaults.
func service(stack awscdk.Stack) *extraeye.Eye {
	return extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames:  []string{"some-service-production", "some-service-canary"},
		CodeDeployApplications: []string{"some-service"},
		Sinks:                  []sink.Sink{mail},
	})
}

// must turns a panic of jsii, which is how CDK's assertions fail, into a failure
// of this test only.
func must(t *testing.T, check func()) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Error(r)
		}
	}()
	check()
}

// template synthesizes a stack as plain data, in JSON's types.
func template(t *testing.T, stack awscdk.Stack) map[string]any {
	t.Helper()
	raw, err := json.Marshal(assertions.Template_FromStack(stack, nil).ToJSON())
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// resource is a resource of a template.
type resource struct {
	ID         string
	Type       string
	Properties map[string]any
}

// resources returns the resources of a type, in no particular order.
func resources(t *testing.T, template map[string]any, kind string) []resource {
	t.Helper()
	var all []resource
	for id, r := range template["Resources"].(map[string]any) {
		r := r.(map[string]any)
		if r["Type"] == kind {
			properties, _ := r["Properties"].(map[string]any)
			all = append(all, resource{id, kind, properties})
		}
	}
	return all
}

// reported returns the codes of the errors reported in a stack, and their texts.
func reported(stack awscdk.Stack) (ids []string, texts []string) {
	for _, m := range *assertions.Annotations_FromStack(stack).FindError(jsii.String("*"), assertions.Match_AnyValue()) {
		//lint:ignore SA1019 the assertions return this type
		text := m.Entry.Data.(string)
		texts = append(texts, text)
		if code := errorCode.FindString(text); code != "" {
			ids = append(ids, "E"+strings.TrimPrefix(code, "#e"))
		}
	}
	return ids, texts
}

var errorCode = regexp.MustCompile(`#e\d+`)

var scrubbed = regexp.MustCompile(`"[0-9a-f]{64}(\.zip)?"`)

// goldenTemplate compares a template with a file, but for the hashes of assets.
func goldenTemplate(t *testing.T, file string, template map[string]any) {
	t.Helper()
	delete(template, "Parameters")
	delete(template, "Rules")
	golden.File(t, file, scrubbed.ReplaceAllString(golden.Indent(t, template), `"<asset>"`))
}
