package extraeye_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/constructs/sink"
)

// withSecrets defines an Eye of so many secrets, whose names have some 400 characters, and one for
// each of some more, whose names have some n.
func withSecrets(stack awscdk.Stack, many int, more ...int) awscdk.Stack {
	eye := func(id string, characters ...int) {
		var sinks []sink.Sink
		for i, n := range characters {
			sinks = append(sinks, sink.Slack{Token: cdktest.Secret(stack, fmt.Sprint(id, i)+strings.Repeat("x", n)), Channel: "#ops"})
		}
		extraeye.NewEye(stack, id, &extraeye.EyeProps{CodeDeployApplications: []string{"app-" + id}, Sinks: sinks})
	}
	eye("First", slices.Repeat([]int{400}, many)...)
	for i, n := range more {
		eye([]string{"Second", "Third"}[i], n)
	}
	return stack
}

// inlineBytes are how long all inline policies are together when they are deployed.
func inlineBytes(all cdktest.Template) (n int) {
	for _, p := range all.Resources("AWS::IAM::Policy") {
		n += limits.Stack{Name: "some-stack"}.Bytes(p.Properties["PolicyDocument"])
	}
	return n
}

// theError is the only error that is reported in a stack, and the path of what it is reported on; both are empty if
// there is none.
func theError(t *testing.T, stack awscdk.Stack) (on, text string) {
	t.Helper()
	for _, m := range *assertions.Annotations_FromStack(stack).FindError(jsii.String("*"), assertions.Match_AnyValue()) {
		if on != "" {
			t.Fatalf("reported on %s: %q, and more", on, text)
		}
		on, text = *m.Id, m.Entry.Data.(string) //nolint:staticcheck,nolintlint // deprecated, but what the assertions return; the linter forgets that in its cache
	}
	return on, text
}

// TestPoliciesAtTheirLimit checks that a role may have policies of as many bytes as IAM allows, and that the Eye
// is reported with which they have more, and no other.
func TestPoliciesAtTheirLimit(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	reported := func(more ...int) (on string, bytes int) {
		on, text := theError(t, withSecrets(cdktest.Stack(t), 18, more...))
		if _, said, _ := strings.Cut(text, " must be allowed has "); text != "" {
			if _, err := fmt.Sscanf(said, "%d bytes", &bytes); err != nil {
				t.Fatalf("reported %q", text)
			}
		}
		return on, bytes
	}
	_, bytes := reported(500)
	full := 500 - (bytes - limits.RolePolicyBytes)
	if on, bytes := reported(full); on != "" {
		t.Errorf("%s is reported, with %d bytes", on, bytes)
	}
	if on, bytes := reported(full, 10); on != "/some-stack/Third" {
		t.Errorf("%q is reported, with %d bytes; want what is added to full policies", on, bytes)
	}
	if on, bytes := reported(full+1, 10); on != "/some-stack/Second" {
		t.Errorf("%q is reported, with %d bytes; want that with which there is one too many", on, bytes)
	}
}

// TestNarrowGrants checks that what is looked up is granted on each application by itself as long as the
// policies have up to 7,000 bytes: the rest is for sinks.
func TestNarrowGrants(t *testing.T) {
	granted := func(last int) (bytes int, narrow bool) {
		all := cdktest.Synthesize(t, withSecrets(cdktest.Stack(t), 11, last))
		return inlineBytes(all), strings.Contains(cdktest.Encode(t, all.Resources("AWS::IAM::Policy")), "app-Second")
	}
	bytes, _ := granted(100)
	if got, narrow := granted(100 + 7000 - bytes); got != 7000 || !narrow {
		t.Errorf("%d bytes of policies, by application: %t", got, narrow)
	}
	if got, narrow := granted(100 + 7000 - bytes + 1); narrow {
		t.Errorf("%d bytes of policies, by application: %t", got, narrow)
	}
}
