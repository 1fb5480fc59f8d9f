package extraeye_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/internal/wire"
)

// central is a Fleet with a bus, in account 111122223333.
func central(t *testing.T, app awscdk.App, props extraeye.FleetProps) (awscdk.Stack, *extraeye.Fleet) {
	t.Helper()
	stack := inEnv(app, "central", "111122223333", "eu-west-1")
	props.Teams = teams(stack, 1, 1)
	fleet := extraeye.NewFleet(stack, "Fleet", &props)
	cdktest.Correct(t, stack)
	return stack, fleet
}

// TestFleetWithBus checks that all rules of a fleet are on its bus, which has the events of its
// own account, too, and admits just whom it is to admit.
func TestFleetWithBus(t *testing.T) {
	app := cdktest.App(t)
	stack, fleet := central(t, app, extraeye.FleetProps{Bus: &extraeye.Bus{Organization: organization}, Watches: fleetKinds()})
	all := cdktest.Synthesize(t, stack)
	onBus, others := 0, 0
	for _, r := range all.Resources("AWS::Events::Rule") {
		if r.Properties["EventBusName"] == nil {
			others++
			has(t, "the rule on the default bus", cdktest.FlatJSON(t, r.Properties), `FleetBus`, `"DeadLetterConfig"`)
			continue
		}
		onBus++
	}
	if onBus != len(fleet.Rules()) || onBus != len(fleetKinds()) || others != 3 {
		t.Errorf("%d rules on the bus and %d on the default one; the fleet knows %d", onBus, others, len(fleet.Rules()))
	}
	has(t, "the permission", cdktest.FlatJSON(t, one(t, all, "AWS::Lambda::Permission", "").Properties), `/extraeye-`, `:rule/`)
	has(t, "the bus's policy", cdktest.FlatJSON(t, one(t, all, "AWS::Events::EventBusPolicy", "").Properties),
		`"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}`, `"Principal":"*"`, `"Action":"events:PutEvents"`)
	has(t, "the bus", cdktest.FlatJSON(t, one(t, all, "AWS::Events::EventBus", "").Properties), `"Name":"extraeye"`)
	has(t, "the function's role", cdktest.Encode(t, all.Resources("AWS::IAM::Policy")), "sts:AssumeRole", "aws:ResourceOrgID", ":role/extraeye-lookups-*")
	if l := tableOf(t, app).LookUps; l == nil || *l != (wire.LookUps{Role: "extraeye-lookups"}) {
		t.Errorf("the table says that it assumes %+v", l)
	}
	for _, excess := range (limits.Stack{Name: "some-stack"}).Check(all) {
		t.Errorf("%s: %s", excess.ID, excess)
	}
}

// TestBusOfAccounts checks a bus that admits accounts, and a fleet without look-ups elsewhere.
func TestBusOfAccounts(t *testing.T) {
	app := cdktest.App(t)
	stack := inEnv(app, "central", "111122223333", "eu-west-1")
	topic := awssns.NewTopic(stack, jsii.String("Topic"), nil)
	extraeye.NewFleet(stack, "Fleet", &extraeye.FleetProps{
		Teams: teams(stack, 1, 1), Notifier: extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{AlarmTopic: topic}),
		Bus: &extraeye.Bus{Name: "fleet", Accounts: []string{"444455556666", "777788889999"}, ExternalID: "some-id", LookUpRole: "fleet"},
	})
	cdktest.Correct(t, stack)
	all := cdktest.Synthesize(t, stack)
	policy := cdktest.FlatJSON(t, one(t, all, "AWS::Events::EventBusPolicy", "").Properties)
	has(t, "the bus's policy", policy, ":iam::444455556666:root", ":iam::777788889999:root")
	if strings.Contains(policy, `"*"`) || strings.Contains(policy, "Condition") {
		t.Errorf("the policy is %s", policy)
	}
	has(t, "the function's role", cdktest.Encode(t, all.Resources("AWS::IAM::Policy")),
		":iam::444455556666:role/fleet-*", ":iam::777788889999:role/fleet-*", ":iam::111122223333:role/fleet-*")
	if l := tableOf(t, app).LookUps; l == nil || *l != (wire.LookUps{Role: "fleet", ExternalID: "some-id"}) {
		t.Errorf("the table says that it assumes %+v", l)
	}
	has(t, "the alarm on losses", cdktest.FlatJSON(t, one(t, all, "AWS::CloudWatch::Alarm", "LossAlarm").Properties), `"Name":"EventBusName"`, `"Name":"RuleName","Value":"extraeye-`)
}

// TestNoLookUps checks a fleet that looks nothing up elsewhere.
func TestNoLookUps(t *testing.T) {
	app := cdktest.App(t)
	stack, _ := central(t, app, extraeye.FleetProps{Bus: &extraeye.Bus{Accounts: []string{"444455556666"}, NoLookUps: true}})
	if text := cdktest.Encode(t, cdktest.Synthesize(t, stack)); strings.Contains(text, "sts:AssumeRole\",\"Effect\":\"Allow\",\"Resource") || tableOf(t, app).LookUps != nil {
		t.Error("it may assume roles")
	}
}

// TestBusIsChanged checks that no rule keeps its name when it goes to another bus: CloudFormation
// would not replace it.
func TestBusIsChanged(t *testing.T) {
	names := map[string]int{}
	for _, bus := range []*extraeye.Bus{nil, {Organization: organization}, {Organization: organization, Name: "other"}} {
		stack, _ := central(t, cdktest.App(t), extraeye.FleetProps{Bus: bus})
		for _, r := range cdktest.Synthesize(t, stack).Resources("AWS::Events::Rule") {
			if strings.Contains(r.ID, "Forward") {
				continue // always on the default bus
			}
			name := r.Properties["Name"].(string)
			if names[name]++; names[name] > 1 || len(name) > 64 {
				t.Errorf("%s is named %s, as before", r.ID, name)
			}
		}
	}
	if len(names) != 15 {
		t.Errorf("%d names of 3 times 5 rules", len(names))
	}
}
