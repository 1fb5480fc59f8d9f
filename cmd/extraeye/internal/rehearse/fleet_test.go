package rehearse

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
)

// fleetRules are the rules of a fleet: what each matches, by its watch.
var fleetRules = map[string]string{
	"terminations":   `"source":["aws.autoscaling"],"detail-type":["EC2 Instance Terminate Successful","EC2 Instance Terminate Unsuccessful"]`,
	"launches":       `"source":["aws.autoscaling"],"detail-type":["EC2 Instance Launch Unsuccessful"]`,
	"deployments":    `"source":["aws.codedeploy"],"detail-type":["CodeDeploy Deployment State-change Notification"],"detail":{"state":["SUCCESS","FAILURE","STOP"]}`,
	"ecsTasks":       `"source":["aws.ecs"],"detail-type":["ECS Task State Change"],"detail":{"lastStatus":["STOPPED"]}`,
	"ecsDeployments": `"source":["aws.ecs"],"detail-type":["ECS Deployment State Change","ECS Hook State Change"]`,
	"alarms":         `"source":["aws.cloudwatch"],"detail-type":["CloudWatch Alarm State Change"]`,
}

// fleetAssembly makes an assembly of fleets, each with its rules, its function, and its table in a
// layer.
func fleetAssembly(t testing.TB, tables ...[]byte) string {
	t.Helper()
	files := map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{"fleet":{"type":"aws:cloudformation:stack","environment":"aws://111122223333/eu-west-1","properties":{"templateFile":"fleet.json"}}}}`,
	}
	resources, assets := map[string]any{}, map[string]any{}
	for n, table := range tables {
		id := fmt.Sprint(n)
		files["asset."+id+"/extraeye/table.jsonl"] = string(table)
		assets["hash"+id] = map[string]any{"source": map[string]any{"path": "asset." + id}}
		resources["Table"+id] = map[string]any{"Type": "AWS::Lambda::LayerVersion", "Properties": map[string]any{"Content": map[string]any{"S3Key": "hash" + id + ".zip"}}}
		resources["Notifier"+id] = map[string]any{"Type": "AWS::Lambda::Function", "Properties": map[string]any{"Layers": []any{map[string]any{"Ref": "Table" + id}}}}
		for watch, pattern := range fleetRules {
			template := fmt.Sprintf(`{"watch":{"service":"fleet","%s":{}},"sinks":null,"fleet":true,"event":<aws.events.event.json>}`, watch)
			resources[watch+id] = map[string]any{"Type": "AWS::Events::Rule", "Properties": map[string]any{
				"EventPattern": json.RawMessage("{" + pattern + "}"),
				"Targets": []any{map[string]any{
					"Id": "Notifier", "Arn": map[string]any{"Fn::GetAtt": []string{"Notifier" + id, "Arn"}}, "InputTransformer": map[string]any{"InputTemplate": template},
				}},
			}}
		}
	}
	for name, content := range map[string]any{"fleet.json": map[string]any{"Resources": resources}, "fleet.assets.json": map[string]any{"files": assets}} {
		text, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	return write(t, files)
}

// mailTo is a sink that no other team has, in the Region and account of the function.
func mailTo(team string) wire.Sink {
	return wire.Sink{Email: &wire.Email{From: "ops@example.com", To: []string{team + "@example.com"}}}
}

func owned(kind wire.ThingKind, name string, team int, service string) wire.Owned {
	return wire.Owned{Thing: wire.Thing{Kind: kind, Name: name}, Team: team, Service: service}
}

// smallTable has two teams with sinks of several kinds. A name is one that would be made up for
// nobody's things.
func smallTable(t testing.TB, tag string, others ...wire.Sink) []byte {
	t.Helper()
	slack := wire.Sink{Slack: &wire.Slack{Channel: "#checkout", Token: &wire.Secret{ARN: "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:slack-AbCdEf", Field: "token"}}}
	topic := wire.Sink{Topic: &wire.Topic{ARN: "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:search"}}
	all := wire.Table{TeamTag: tag, Others: others, Teams: []wire.Team{{Name: "checkout", Sinks: []wire.Sink{mailTo("checkout"), slack}}, {Name: "search", Sinks: []wire.Sink{topic}}}}
	text, err := all.Write([]wire.Owned{
		owned(wire.AutoScalingGroup, "cart-production", 0, "cart"), owned(wire.AutoScalingGroup, "index-production", 1, "index"),
		owned(wire.CodeDeployApplication, "cart", 0, "cart"), owned(wire.CodeDeployApplication, "other-service", 1, "other"),
		owned(wire.ECSCluster, "production", 1, "everything"), owned(wire.ECSService, "production/cart", 0, "cart"),
		owned(wire.Alarm, "cart is slow", 0, "cart"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestFleet plays the built-in events for the teams of a fleet, by names, tags and neither. The golden
// file lists who is notified of each, and why.
func TestFleet(t *testing.T) {
	report, problems := rehearsal(t, Options{Assembly: fleetAssembly(t, smallTable(t, "team", mailTo("others")))})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	var lines strings.Builder
	called := map[string]bool{}
	for _, d := range report.Deliveries {
		for _, c := range d.Calls {
			if called[c.Service+"."+c.Operation] = true; c.Status != 200 && !d.IsRepeated {
				t.Errorf("%s %s is answered with %d", c.Service, c.Operation, c.Status)
			}
		}
		for _, i := range d.Items {
			fmt.Fprintf(&lines, "%s: %s to %s%s: %s\n", i.File, i.Outcome, i.Sink, address(i), i.Team)
			if i.Outcome == result.Sent && !slices.ContainsFunc(i.Facts, func(f result.Fact) bool { return f.Label == "Team" && f.Value == i.Team }) {
				t.Errorf("%s: the notice does not say %q: %+v", i.File, i.Team, i.Facts)
			}
		}
	}
	golden.File(t, "testdata/fleet.golden.txt", lines.String())
	for _, operation := range tagReads() {
		if !called[operation] {
			t.Errorf("nothing calls %s, which has an answer", operation)
		}
	}
	for _, how := range []string{"by the name of", "by its tag", "of no team"} {
		if !strings.Contains(lines.String(), how) {
			t.Errorf("nothing is decided %s", how)
		}
	}
}

// tagReads are the operations that only fleets call.
func tagReads() []string {
	return slices.DeleteFunc(fakeaws.Operations(), func(name string) bool {
		return !strings.HasSuffix(name, "Tags") && !strings.HasSuffix(name, ".ListTagsForResource")
	})
}

// address is where an item went, if it says that.
func address(i inbox.Item) string {
	switch {
	case i.Mail != nil:
		return " " + strings.Join(i.Mail.To, ",")
	case i.Message != nil:
		return " " + i.Message.TopicARN
	}
	return ""
}

// TestFleets checks that each of several fleets has its own table, and what becomes of what is of no
// team that anybody is notified about.
func TestFleets(t *testing.T) {
	other, err := (&wire.Table{TeamTag: "owner", Teams: []wire.Team{{Name: "platform", Sinks: []wire.Sink{mailTo("platform")}}}}).Write(nil)
	if err != nil {
		t.Fatal(err)
	}
	report, problems := rehearsal(t, Options{Assembly: fleetAssembly(t, smallTable(t, ""), other), Down: "slack"})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	got := map[string]bool{}
	for _, i := range report.Items() {
		if i.File == "launch-no-capacity" || i.File == "launch-bad-template" {
			got[strings.Join([]string{i.Rule, i.Sink, i.Team, i.Reason}, " | ")] = true
		}
	}
	want := []string{
		"launches0 | email | checkout, by the name of the Auto Scaling group | ",
		"launches0 | slack | checkout, by the name of the Auto Scaling group | 15 minutes late: Slack answered 503 Service Unavailable",
		"launches0 | those of the team | of no team | it is of no team, and the fleet has nobody to notify about that",
		"launches1 | email | platform, by its tag | ",
		"launches1 | those of the team | of no team (it has no tag owner) | it is of no team (it has no tag owner), and the fleet has nobody to notify about that",
	}
	for _, line := range want {
		if !got[line] {
			t.Errorf("no %q in %q", line, slices.Sorted(maps.Keys(got)))
		}
	}
	if slices.ContainsFunc(report.Items(), func(i inbox.Item) bool { return i.Outcome == result.Failed }) {
		t.Error("something failed")
	}
}

// TestBrokenTable reports a table that cannot be read; the notifier refuses its events.
func TestBrokenTable(t *testing.T) {
	report, problems := rehearsal(t, Options{Assembly: fleetAssembly(t, []byte("{"))})
	if len(problems) != 1 || !strings.Contains(problems[0], "function:fleet-Notifier0: the table of teams has no line break") {
		t.Errorf("problems: %q", problems)
	}
	for _, i := range report.Items() {
		if i.Outcome == result.Skipped { // the watch decides without the table
			continue
		}
		if i.Outcome != result.Failed || i.Sink != ofTeam || !strings.Contains(i.Reason, "the function has no table of them") {
			t.Errorf("%s is %s to %s: %s", i.File, i.Outcome, i.Sink, i.Reason)
		}
	}
}
