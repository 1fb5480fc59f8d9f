package drill

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/decode"
)

var setting = samples.Setting{Account: "123456789012", Region: "eu-west-1", Now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}

func rule(name, pattern, orders string) assembly.Rule {
	return assembly.Rule{
		Name: name, ARN: "arn:aws-cn:events:eu-west-1:123456789012:rule/" + name, Enabled: true, Pattern: json.RawMessage(pattern),
		Targets: []assembly.Target{{Transformer: &assembly.Transformer{Template: `{` + orders + `,"event":<aws.events.event.json>}`}}},
	}
}

const (
	launches = `"watch":{"service":"web","launches":{}},"sinks":[{"slack":{"channel":"#ops","token":{"arn":"x"}}},{"pagerduty":{"routingKey":{"arn":"x"}}}]`
	launched = `{"source":["aws.autoscaling","extraeye.drill"],"detail-type":["EC2 Instance Launch Successful"],"detail":{"AutoScalingGroupName":["web","api"]}}`
)

func TestPlan(t *testing.T) {
	launch := rule("launch", launched, launches)
	off := rule("off", launched, launches)
	off.Enabled = false
	old := rule("old", strings.Replace(launched, `,"extraeye.drill"`, "", 1), launches)
	tasks := rule("tasks", `{"source":["aws.ecs","extraeye.drill"],"detail-type":["ECS Task State Change"],"detail":{"clusterArn":["arn:aws:ecs:eu-west-1:1:cluster/main"],"lastStatus":["STOPPED"]}}`,
		`"watch":{"service":"web","ecsTasks":{}},"sinks":[{"teams":{"webhook":{"arn":"x"}}}],"also":[{"watch":{"service":"other","ecsTasks":{}},"fleet":true,"sinks":null}]`)
	hooks := rule("hooks", `{"source":["aws.autoscaling","extraeye.drill"],"detail-type":["EC2 Instance-launch Lifecycle Action"]}`, `"watch":{"lifecycle":{"afterSeconds":60}},"sinks":[{"email":{}}]`)
	hooks.EventBus = "own"
	forward := rule("forward", `{"source":["aws.autoscaling","extraeye.drill"],"detail-type":["EC2 Instance Launch Unsuccessful","EC2 Instance Terminate Successful"]}`, ``)
	forward.Targets = []assembly.Target{{ARN: "arn:aws:events:eu-west-1:111122223333:event-bus/extraeye"}}
	fleet := rule("fleet", `{"source":["aws.codedeploy","extraeye.drill"],"detail-type":["CodeDeploy Deployment State-change Notification"]}`,
		`"watch":{"service":"fleet","deployments":{}},"fleet":true,"sinks":null`)
	for name, tt := range map[string]struct {
		rules []assembly.Rule
		opt   Options
		want  string
	}{
		"forwarded":        {[]assembly.Rule{forward}, Options{Sinks: []string{"email"}}, "forward EC2 Instance Terminate Successful  those of the team; forward EC2 Instance Launch Unsuccessful  those of the team"},
		"for a team":       {[]assembly.Rule{forward}, Options{Team: "search"}, "forward EC2 Instance Terminate Successful  those of the team for search; forward EC2 Instance Launch Unsuccessful  those of the team for search"},
		"beside others":    {[]assembly.Rule{forward, launch}, Options{}, "launch launches web slack"},
		"one":              {[]assembly.Rule{launch}, Options{}, "launch launches web slack"},
		"pagers, too":      {[]assembly.Rule{launch}, Options{Page: true}, "launch launches web slack,pagerduty"},
		"once":             {[]assembly.Rule{launch, rule("again", launched, launches)}, Options{}, "launch launches web slack"},
		"two services":     {[]assembly.Rule{tasks}, Options{}, "tasks ecsTasks web teams; tasks ecsTasks other those of the team"},
		"that waits":       {[]assembly.Rule{hooks}, Options{}, "hooks lifecycle  email in 60s on own"},
		"a kind of watch":  {[]assembly.Rule{launch, tasks}, Options{Watches: []string{"ecsTasks"}, Sinks: []string{"teams"}}, "tasks ecsTasks web teams; tasks ecsTasks other those of the team"},
		"a kind of sink":   {[]assembly.Rule{launch, hooks}, Options{Sinks: []string{"email"}}, "hooks lifecycle  email in 60s on own"},
		"a team":           {[]assembly.Rule{launch, tasks}, Options{Team: "search"}, "tasks ecsTasks other those of the team for search"},
		"a thing":          {[]assembly.Rule{launch, fleet}, Options{About: "cart"}, "fleet deployments fleet those of the team about cart"},
		"no fleet":         {[]assembly.Rule{launch}, Options{Team: "search"}, "there is no watch of a Fleet that is asked for; -team and -about are for one"},
		"only a pager":     {[]assembly.Rule{launch}, Options{Sinks: []string{"pagerduty"}}, "there is no watch and sink that is asked for; pagers need -page"},
		"none takes any":   {[]assembly.Rule{off, old}, Options{}, "no rule takes drills; deploy it with this version of extraeye, and without NoDrills"},
		"no sample for it": {[]assembly.Rule{rule("odd", `{"source":["extraeye.drill"],"detail-type":["Odd"]}`, launches)}, Options{}, "there is no watch and sink that is asked for; pagers need -page"},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := Plan(tt.rules, tt.opt, setting)
			var got []string
			for _, e := range events {
				d := checkEvent(t, tt.rules, e)
				text := fmt.Sprintf("%s %s %s %s", e.Rule, e.Watch, d.Service, strings.Join(e.Sinks, ","))
				if e.AfterSeconds > 0 {
					text += fmt.Sprintf(" in %ds", e.AfterSeconds)
				}
				if d.Team != "" {
					text += " for " + d.Team
				}
				if name := tt.opt.About; name != "" && strings.Contains(e.entry.Detail, `"application":"`+name+`"`) {
					text += " about " + name
				}
				if e.entry.EventBusName != "" {
					text += " on " + e.entry.EventBusName
				}
				got = append(got, text)
				if d.Page != tt.opt.Page || !slices.Equal(d.Sinks, tt.opt.Sinks) {
					t.Errorf("the options are %+v", d)
				}
			}
			text := strings.Join(got, "; ")
			if err != nil {
				text = err.Error()
			}
			if text != tt.want {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

// checkEvent checks that the notifier reads an event as if AWS had sent it, for the watch that it is
// for, and returns what it asks for.
func checkEvent(t *testing.T, rules []assembly.Rule, e *Event) (d wire.Drill) {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"id": "e-1", "source": e.entry.Source, "detail-type": e.entry.DetailType, "resources": e.entry.Resources, "detail": json.RawMessage(e.entry.Detail)})
	if err != nil {
		t.Fatal(err)
	}
	var detail struct{ ExtraeyeDrill wire.Drill }
	if err := json.Unmarshal([]byte(e.entry.Detail), &detail); err != nil {
		t.Fatal(err)
	}
	d = detail.ExtraeyeDrill // of what is only forwarded
	for _, r := range rules {
		if r.Name != e.Rule {
			continue
		}
		for _, order := range scope.Orders(r) {
			read := decode.Decode(raw, order.Watch)
			if read.Drill == nil {
				t.Fatalf("%s is no drill", raw)
			}
			d = *read.Drill
			if _, unknown := read.Subject.(*decode.Unknown); unknown || read.SkipReason() != "" && d.WantsWatch(order.Watch) {
				t.Errorf("%s: %T: %s", raw, read.Subject, read.SkipReason())
			}
		}
	}
	return d
}

// TestEveryWatch makes a drill of each watch that has built-in events, out of the rules that the
// constructs make.
func TestEveryWatch(t *testing.T) {
	dir := t.TempDir()
	raw, err := os.ReadFile("../../../../constructs/watch/testdata/watches.template.json")
	if err != nil {
		t.Fatal(err)
	}
	const manifest = `{"version":"38.0.0","artifacts":{"Stack":{"type":"aws:cloudformation:stack","environment":"aws://123456789012/eu-west-1","properties":{"templateFile":"t.json"}}}}`
	for name, content := range map[string]string{"t.json": string(raw), "manifest.json": manifest} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	app, err := assembly.Read(dir, assembly.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, r := range app.Rules() {
		for _, order := range scope.Orders(r) {
			if order.Watch.Pattern == nil {
				want[order.Watch.Kind()] = true
			}
		}
	}
	events, err := Plan(app.Rules(), Options{Page: true}, setting)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		delete(want, e.Watch)
		checkEvent(t, app.Rules(), e)
	}
	if len(want) > 0 {
		t.Errorf("there is no drill of %v", want)
	}
}

func TestPut(t *testing.T) {
	var bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, r.Header.Get("X-Amz-Target")+" "+string(body))
		if len(bodies) == 2 {
			_, _ = io.WriteString(w, `{"FailedEntryCount":1,"Entries":[{"ErrorCode":"AccessDenied","ErrorMessage":"no"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"Entries":[`+strings.Repeat(`{"EventId":"e"},`, 8)+`{"EventId":"e"}]}`)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	api := awsapi.New(server.Client(), "eu-west-1")
	api.Credentials = func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "s"}, nil
	}
	var events []*Event
	for range 11 {
		events = append(events, &Event{entry: entry{Source: wire.DrillSource, DetailType: "x", Detail: "{}", Resources: []string{"r"}}})
	}
	if err := Put(t.Context(), api, events); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events {
		got = append(got, e.ID+e.Problem)
	}
	if want := strings.Repeat("e ", 9) + "EventBridge did not answer AccessDenied: no"; strings.Join(got, " ") != want || len(bodies) != 2 {
		t.Errorf("%d requests: %s, want %s", len(bodies), got, want)
	}
	if want := `AWSEvents.PutEvents {"Entries":[{"Source":"extraeye.drill","DetailType":"x","Detail":"{}","Resources":["r"]}]}`; bodies[1] != want {
		t.Errorf("sent %s, want %s", bodies[1], want)
	}
}
