package extraeye_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
)

// TestNag checks the defaults against the AwsSolutions rules of cdk-nag.
func TestNag(t *testing.T) {
	for name, tt := range map[string]struct {
		define   func(awscdk.Stack)
		findings bool
	}{
		"defaults":          {func(s awscdk.Stack) { cdktest.Service(s) }, false},
		"many applications": {func(s awscdk.Stack) { manyApplications(s) }, false},
		"all sinks": {func(s awscdk.Stack) {
			cdktest.Send(s, cdktest.Given(cdktest.FullSinks(t, s))...)
		}, false},
		"a journal": {func(s awscdk.Stack) {
			extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{cdktest.Mail}, Journal: extraeye.NewJournal(s, "Journal", nil)})
		}, false},
		"all watches": {func(s awscdk.Stack) { cdktest.Watch(s, cdktest.FullWatches(t)...) }, false},
		"a fleet with a bus": {func(s awscdk.Stack) {
			extraeye.NewFleet(s, "Organization", &extraeye.FleetProps{Teams: teams(s, 1, 1), TeamTag: "team", Bus: &extraeye.Bus{Organization: organization}})
			extraeye.NewFleet(s, "Accounts", &extraeye.FleetProps{Teams: teams(awscdk.NewStack(awscdk.App_Of(s), jsii.String("secrets"), nil), 1, 1), Bus: &extraeye.Bus{Name: "other", Accounts: []string{"444455556666"}, ExternalID: "some-id"}})
		}, false},
		"many senders": {func(s awscdk.Stack) { withSenders(s, 30) }, false},
		"forwarder": {func(s awscdk.Stack) {
			extraeye.NewForwarder(s, "Forwarder", &extraeye.ForwarderProps{To: centralBus, Organization: organization, Watches: fleetKinds(), TeamTag: "team"})
		}, false},
		"timeline":           {func(s awscdk.Stack) { everyTimeline(t, s) }, false},
		"watches by default": {func(s awscdk.Stack) { cdktest.Watch(s, cdktest.MinimalWatches(t)...) }, false},
		// So that this test can fail: a queue that has a finding.
		"a plain queue": {func(s awscdk.Stack) { awssqs.NewQueue(s, jsii.String("Queue"), nil) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			tt.define(stack)
			awscdk.Aspects_Of(stack).Add(cdknag.NewAwsSolutionsChecks(nil), nil)
			annotations := assertions.Annotations_FromStack(stack)
			rules := assertions.Match_StringLikeRegexp(jsii.String("AwsSolutions-.*"))
			found := append(*annotations.FindError(jsii.String("*"), rules), *annotations.FindWarning(jsii.String("*"), rules)...)
			for _, f := range found {
				if !tt.findings {
					t.Errorf("%s: %v", *f.Id, f.Entry.Data) //nolint:staticcheck,nolintlint // deprecated, but what the assertions return; the linter forgets that in its cache
				}
			}
			if tt.findings && len(found) == 0 {
				t.Error("cdk-nag finds nothing in a queue without TLS; is it on?")
			}
		})
	}
}
