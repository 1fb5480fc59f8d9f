package extraeye_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// teams are n teams with a mail and a Slack channel each, and so many services.
func teams(stack awscdk.Stack, n, servicesEach int) (all []extraeye.Team) {
	for i := range n {
		name := fmt.Sprintf("team-%03d", i)
		team := extraeye.Team{Name: name, Sinks: []sink.Sink{
			sink.Email{From: "ops@example.com", To: []string{name + "@example.com"}},
			sink.Slack{Token: cdktest.Secret(stack, name+"/slack"), Channel: "#" + name},
		}}
		for j := range servicesEach {
			service := fmt.Sprintf("some-service-%03d-%02d", i, j)
			team.Services = append(team.Services, extraeye.Service{
				Name: service, AutoScalingGroupNames: []string{service + "-production", service + "-canary"}, CodeDeployApplications: []string{service},
			})
		}
		all = append(all, team)
	}
	return all
}

// tableOf reads the table in the layer of a stack's assembly.
func tableOf(t *testing.T, app awscdk.App) *wire.Table {
	t.Helper()
	var files []string
	for _, pattern := range []string{"asset.*/extraeye/table.jsonl", "assembly-*/asset.*/extraeye/table.jsonl"} {
		found, err := filepath.Glob(filepath.Join(*app.Outdir(), pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) != 1 {
		t.Fatalf("%d tables: %q", len(files), files)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	table, err := wire.ReadTable(text, wire.Here{Partition: "aws", Region: "eu-west-1", Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestFleet checks what a fleet consists of, and that it does not grow with its services.
func TestFleet(t *testing.T) {
	define := func(n, servicesEach int) (cdktest.Template, *wire.Table) {
		app := cdktest.App(t)
		stack := awscdk.NewStack(app, jsii.String("some-stack"), nil)
		extraeye.NewFleet(stack, "Fleet", &extraeye.FleetProps{
			Teams: teams(stack, n, servicesEach), TeamTag: "team", Others: []sink.Sink{cdktest.Mail},
		})
		cdktest.Correct(t, stack)
		all := cdktest.Synthesize(t, stack)
		for _, excess := range (limits.Stack{Name: "some-stack"}).Check(all) {
			t.Errorf("%s: %s", excess.ID, excess)
		}
		return all, tableOf(t, app)
	}
	one, _ := define(1, 1)
	all, table := define(1, 300)
	if a, b := one.Resources("AWS::Events::Rule"), all.Resources("AWS::Events::Rule"); len(a) != 5 || cdktest.Encode(t, a) != cdktest.Encode(t, b) {
		t.Errorf("%d rules of one service, and %d of 300, or others", len(a), len(b))
	}
	if layers, permissions := len(all.Resources("AWS::Lambda::LayerVersion")), len(all.Resources("AWS::Lambda::Permission")); layers != 1 || permissions != 1 {
		t.Errorf("%d layers and %d permissions, want one of each", layers, permissions)
	}
	for _, r := range all.Resources("AWS::Events::Rule") {
		text := cdktest.FlatJSON(t, r.Properties)
		if !strings.Contains(text, `\"fleet\":true`) || strings.Contains(text, "some-service-0") || strings.Contains(text, "example.com") {
			t.Errorf("%s: %s", r.ID, text)
		}
	}
	for _, action := range []string{"autoscaling:DescribeTags", "codedeploy:ListTagsForResource", "ecs:ListTagsForResource", "ses:SendEmail", "secretsmanager:GetSecretValue"} {
		if !slices.Contains(all.Actions(), action) {
			t.Errorf("%s is not granted", action)
		}
	}
	owned, ok := table.Find(wire.Thing{Kind: wire.AutoScalingGroup, Name: "some-service-000-42-canary"})
	if !ok || owned.Service != "some-service-000-42" || table.TeamTag != "team" || len(table.Others) != 1 {
		t.Errorf("the table is %+v, and has %v", table, owned)
	}
	if want := "arn:aws:secretsmanager:eu-west-1:123456789012:secret:team-000/slack"; table.Teams[0].Sinks[1].Slack.Token.ARN != want {
		t.Errorf("the secret is %s, want %s", table.Teams[0].Sinks[1].Slack.Token.ARN, want)
	}
}

// TestHundredTeams checks that the sinks of many teams are granted in managed policies, which
// stay within their limit, and that one more team changes few of them.
func TestHundredTeams(t *testing.T) {
	policies := func(n int) map[string]string {
		stack := awscdk.NewStack(cdktest.App(t), jsii.String(longestStack), nil)
		extraeye.NewFleet(stack, "Fleet", &extraeye.FleetProps{Teams: teams(stack, n, 1), TeamTag: "team"})
		cdktest.Correct(t, stack)
		all := cdktest.Synthesize(t, stack)
		for _, excess := range (limits.Stack{Name: longestStack}).Check(all) {
			t.Errorf("%s: %s", excess.ID, excess)
		}
		found, secrets := map[string]string{}, map[string]bool{}
		for _, p := range all.Resources("AWS::IAM::ManagedPolicy") {
			found[p.ID] = cdktest.FlatJSON(t, p.Properties)
			for _, part := range strings.Split(found[p.ID], ":secret:")[1:] {
				name, _, _ := strings.Cut(part, "-??")
				secrets[name] = true
			}
		}
		if len(secrets) != n {
			t.Errorf("%d secrets are granted to read, want %d", len(secrets), n)
		}
		return found
	}
	before := policies(100)
	if ids := touched(before, policies(101)); len(ids) == 0 || len(ids) > 3 || len(before) < 2 {
		t.Errorf("one more team changes %q of %d policies", ids, len(before))
	}
}

// withPolicies is a fleet of n teams, to whose function's role the user has attached own policies.
func withPolicies(n, own int) func(awscdk.Stack) {
	return func(s awscdk.Stack) {
		fleet := extraeye.NewFleet(s, "Fleet", &extraeye.FleetProps{Teams: teams(s, n, 0)})
		for i := range own {
			name := jsii.String(fmt.Sprint("Own", i))
			fleet.Notifier().Function().Role().AddManagedPolicy(awsiam.ManagedPolicy_FromManagedPolicyName(s, name, name))
		}
	}
}

// withSenders is a fleet of n teams, each of which sends mails as itself.
func withSenders(s awscdk.Stack, n int) {
	all := teams(s, n, 0)
	for i, team := range all {
		address := fmt.Sprintf("team-%03d@%sexample.com", i, strings.Repeat(strings.Repeat("x", 50)+".", 3))
		team.Sinks[0] = sink.Email{From: address, To: []string{address}}
	}
	extraeye.NewFleet(s, "Fleet", &extraeye.FleetProps{Teams: all})
}

// TestManagedPoliciesAtTheirLimit checks that what is a little too much for one managed policy is in two, and that
// none of many is longer than IAM allows.
func TestManagedPoliciesAtTheirLimit(t *testing.T) {
	policies := func(stack awscdk.Stack) (bytes []int) {
		cdktest.Correct(t, stack)
		for _, p := range cdktest.Synthesize(t, stack).Resources("AWS::IAM::ManagedPolicy") {
			bytes = append(bytes, limits.Stack{Name: "some-stack"}.Bytes(p.Properties["PolicyDocument"]))
		}
		return bytes
	}
	secrets := func(characters int) awscdk.Stack {
		stack := cdktest.Stack(t)
		team := extraeye.Team{Name: "team"}
		for i := range 12 {
			name := fmt.Sprintf("%02d", i) + strings.Repeat("x", (characters+i)/12)
			team.Sinks = append(team.Sinks, sink.Slack{Token: cdktest.Secret(stack, name), Channel: "#ops"})
		}
		extraeye.NewFleet(stack, "Fleet", &extraeye.FleetProps{Teams: []extraeye.Team{team}})
		return stack
	}
	less := policies(secrets(4000))
	if got := policies(secrets(4000 + limits.ManagedPolicyBytes + 1 - less[0])); len(less) != 1 || len(got) != 2 || slices.Max(got) > limits.ManagedPolicyBytes {
		t.Errorf("secrets are in policies of %d bytes, and longer ones of %d", less, got)
	}
	stack := cdktest.Stack(t)
	withSenders(stack, 40)
	if got := policies(stack); len(got) < 4 || slices.Max(got) > limits.ManagedPolicyBytes {
		t.Errorf("senders are in policies of %d bytes", got)
	}
}

// TestLoadFleet checks that a file and literals are the same.
func TestLoadFleet(t *testing.T) {
	app := cdktest.App(t)
	stack := awscdk.NewStack(app, jsii.String("some-stack"), nil)
	extraeye.NewFleet(stack, "Fleet", extraeye.LoadFleet("../../internal/services/testdata/services.yaml"))
	cdktest.Correct(t, stack)
	cdktest.Synthesize(t, stack)
	table := tableOf(t, app)
	text, err := json.Marshal(table)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"teamTag":"team"`, `"from":"Ops \u003cops@example.com\u003e"`, `"channel":"#checkout","mention":"\u003c!here\u003e","mentionFrom":"critical"`,
		`{"parameter":"/search/webhook"}`, `"arn":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:search/pagerduty"`, `"changes":true`,
		`{"topic":{"arn":"arn:aws:sns:eu-west-1:123456789012:search"}}`, `"url":"https://hooks.example.com/search","signingKey":`, `"accounts":["123456789012"]`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the table has no %s: %s", want, text)
		}
	}
	for _, thing := range []wire.Thing{{Kind: wire.ECSService, Name: "main/cart"}, {Kind: wire.ECSCluster, Name: "cart"}, {Kind: wire.Alarm, Name: "Cart is slow"}, {Kind: wire.CodeDeployApplication, Name: "cart"}} {
		if o, ok := table.Find(thing); !ok || o.Service != "cart" || table.Teams[o.Team].Name != "checkout" {
			t.Errorf("%v belongs to %v", thing, o)
		}
	}
}

// TestFleetWatches checks that every watch that a fleet can have sees everything of its kind.
func TestFleetWatches(t *testing.T) {
	stack := cdktest.Stack(t)
	all := []watch.Watch{
		watch.Terminations{Who: true}, watch.Launches{Successful: true}, watch.InstanceRefreshes{}, watch.Lifecycle{}, watch.Deployments{Who: true},
		watch.DeploymentInstances{}, watch.ECSTasks{}, watch.ECSDeployments{}, watch.ECSServices{}, watch.Alarms{}, watch.Health{},
		watch.Terminations{AutoScalingGroupNames: []string{"only-this"}, Causes: []watch.Cause{watch.CauseScaleIn}},
	}
	fleet := extraeye.NewFleet(stack, "Fleet", &extraeye.FleetProps{Teams: teams(stack, 1, 1), TeamTag: "team", Watches: all})
	cdktest.Correct(t, stack)
	if n := len(fleet.Rules()); n != len(all) {
		t.Errorf("%d rules of %d watches", n, len(all))
	}
	for _, r := range cdktest.Synthesize(t, stack).Resources("AWS::Events::Rule") {
		pattern := cdktest.FlatJSON(t, r.Properties["EventPattern"])
		if strings.Contains(pattern, "null") || strings.Contains(pattern, "[]") {
			t.Errorf("%s matches %s", r.ID, pattern)
		}
	}
}
