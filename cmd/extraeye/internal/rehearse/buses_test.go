package rehearse

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
)

// twoAccounts reads an app whose rules on default buses forward to a bus of one of them.
func twoAccounts(t *testing.T) (*assembly.App, buses) {
	t.Helper()
	const (
		terminations = `"source":["aws.autoscaling"],"detail-type":["EC2 Instance Terminate Successful"]`
		launches     = `"source":["aws.autoscaling"],"detail-type":["EC2 Instance Launch Unsuccessful"]`
		terminating  = `"source":["aws.autoscaling"],"detail-type":["EC2 Instance Terminate Successful","EC2 Instance Terminate Unsuccessful"]`
		bus          = "arn:aws:events:eu-west-1:111122223333:event-bus/all"
	)
	rule := func(bus, pattern, target string) string {
		return fmt.Sprintf(`{"Type":"AWS::Events::Rule","Properties":{"EventBusName":%q,"EventPattern":{%s},"Targets":[{"Id":"T","Arn":%q}]}}`, bus, pattern, target)
	}
	queue := "arn:aws:sqs:eu-west-1:111122223333:queue"
	app, err := assembly.Read(write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{
			"central":{"type":"aws:cloudformation:stack","environment":"aws://111122223333/eu-west-1","properties":{"templateFile":"central.json"}},
			"member":{"type":"aws:cloudformation:stack","environment":"aws://444455556666/us-east-1","properties":{"templateFile":"member.json"}}}}`,
		"central.json": `{"Resources":{"Bus":{"Type":"AWS::Events::EventBus","Properties":{"Name":"all"}},"Own":` + rule("", terminating, bus) +
			`,"Reports":` + rule("all", terminations, queue) + `,"Other":` + rule("other", launches, queue) + `}}`,
		"member.json": `{"Resources":{"Forwards":` + rule("", terminating, bus) + `,"Eye":` + rule("", terminations, queue) + `}}`,
	}), assembly.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return app, newBuses(readRules(app, func(err error) { t.Error(err) }, func(note string) { t.Error(note) }))
}

// An event is on the default bus of its account and Region, and on the buses that it is forwarded to.
func TestBuses(t *testing.T) {
	_, buses := twoAccounts(t)
	for _, tt := range []struct{ account, region, detailType, want, why string }{
		{"111122223333", "eu-west-1", "EC2 Instance Terminate Successful", "Reports", ""},
		{"444455556666", "us-east-1", "EC2 Instance Terminate Successful", "Eye, Reports", ""},
		{"777788889999", "us-east-1", "EC2 Instance Terminate Successful", "Eye, Reports", ""}, // the app does not say where that is
		{"", "", "EC2 Instance Terminate Successful", "Eye, Reports", ""},
		{"111122223333", "eu-west-1", "EC2 Instance Launch Unsuccessful", "Other", ""}, // whoever puts it there
		{"444455556666", "us-east-1", "EC2 Instance Terminate Unsuccessful", "", "(the nearest rule is Reports)"},
		{"444455556666", "us-east-1", "AWS Health Event", "", "(the nearest rule is "},
	} {
		e, err := newEvent("e.json", fmt.Appendf(nil, `{"account":%q,"region":%q,"source":"aws.autoscaling","detail-type":%q,"detail":{}}`, tt.account, tt.region, tt.detailType))
		if err != nil {
			t.Fatal(err)
		}
		p := &player{buses: buses, problem: func(err error) { t.Error(err) }}
		all, none := p.cues(e)
		var got []string
		for _, c := range all {
			got = append(got, c.rule.LogicalID)
		}
		slices.Sort(got)
		why := none.Items[0].Reason
		if strings.Join(got, ", ") != tt.want || len(got) == 0 && !strings.Contains(why, tt.why) {
			t.Errorf("%s of %s %s: %q (%s), want %q (%s)", tt.detailType, tt.account, tt.region, got, why, tt.want, tt.why)
		}
	}
}

// Built-in events happen where they are first, and say it if they are reported elsewhere.
func TestBuiltInElsewhere(t *testing.T) {
	app, buses := twoAccounts(t)
	events, err := builtIn(app, buses, nil, func(note string) { t.Error(note) })
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]home{}
	for _, e := range events {
		got[e.file] = e.home
	}
	const name = "termination-elb-health-check"
	for file, want := range map[string]home{
		name: {"111122223333", "eu-west-1"}, name + "-from-444455556666-in-us-east-1": {"444455556666", "us-east-1"},
		"launch-no-capacity": {"111122223333", "eu-west-1"}, // on the bus that nobody forwards to
	} {
		if got[file] != want {
			t.Errorf("%s is of %v, want %v; all: %v", file, got[file], want, got)
		}
	}
}
