package extraeye_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
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

// TestPoliciesAtTheirLimit checks that a role may have policies of as many bytes as IAM allows, and that the Eye
// is reported with which they have more, and no other.
func TestPoliciesAtTheirLimit(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	reported := func(more ...int) (on string, bytes int) {
		errors := *assertions.Annotations_FromStack(withSecrets(cdktest.Stack(t), 18, more...)).FindError(jsii.String("*"), assertions.Match_AnyValue())
		if len(errors) == 0 {
			return "", 0
		}
		text := errors[0].Entry.Data.(string) //nolint:staticcheck,nolintlint // deprecated, but what the assertions return; the linter forgets that in its cache
		found := regexp.MustCompile(`must be allowed has (\d+) bytes`).FindStringSubmatch(text)
		if len(errors) > 1 || found == nil {
			t.Fatalf("reported %d errors, the first of which is %q", len(errors), text)
		}
		bytes, _ = strconv.Atoi(found[1])
		return *errors[0].Id, bytes
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
