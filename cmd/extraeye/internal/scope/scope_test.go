package scope

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// rulesOf reads the rules of a template that the tests of the constructs write.
func rulesOf(t *testing.T, template string) []assembly.Rule {
	t.Helper()
	dir := t.TempDir()
	raw, err := os.ReadFile(template)
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
	return app.Rules()
}

// TestEveryWatch reads what all watches name out of the rules that the constructs make of them.
func TestEveryWatch(t *testing.T) {
	s, err := OfRules(rulesOf(t, "../../../../constructs/watch/testdata/watches.template.json"), "")
	if err != nil {
		t.Fatal(err)
	}
	golden.JSON(t, "testdata/watches.json", s)
}

func rule(pattern, watches string) assembly.Rule {
	return assembly.Rule{
		Pattern: json.RawMessage(pattern),
		Targets: []assembly.Target{{Transformer: &assembly.Transformer{Template: `{` + watches + `,"event":<aws.events.event.json>}`}}},
	}
}

func TestOfRules(t *testing.T) {
	web := rule(`{"detail":{"AutoScalingGroupName":["web"]}}`, `"watch":{"service":"web","terminations":{}},"sinks":[]`)
	api := rule(`{"detail":{"AutoScalingGroupName":["api"]}}`, `"watch":{"service":"api","terminations":{}},"sinks":[],"also":[{"watch":{"service":"web","launches":{}},"sinks":[]}]`)
	nobody := rule(`{"detail":{"alarmName":[{"prefix":"x-"},{"suffix":"-y"},{"wildcard":"a*b"},{"anything-but":["q"]},{"exists":false}]}}`, `"watch":{"alarms":{}},"sinks":[]`)
	groups := rule(`{"detail":{"application":["web"],"deploymentGroup":["production"]}}`, `"watch":{"service":"web","deployments":{}},"sinks":[]`)
	released := rule(`{"detail":{"AutoScalingGroupName":["web"]}}`, `"watch":{"service":"web","terminations":{"releases":{"applications":["web","other"]}}},"sinks":[]`)
	tasks := rule(`{"detail":{"clusterArn":["arn:aws:ecs:eu-west-1:1:cluster/main"],"group":[{"prefix":"service:"}]}}`, `"watch":{"ecsTasks":{}},"sinks":[]`)
	journaled := rule(`{"detail":{"AutoScalingGroupName":["web"]}}`, `"watch":{"service":"web","terminations":{}},"sinks":[],"also":[{"watch":{"service":"web","lifecycle":{"afterSeconds":1}},"sinks":[]}],"journal":"web-journal"`)
	tagged := rule(`{"detail":{"alarmTags":{"team":["checkout"]}}}`, `"watch":{"alarms":{}},"sinks":[]`)
	theirs := assembly.Rule{Pattern: json.RawMessage(`{}`), Targets: []assembly.Target{{}, {InputPath: "$.detail"}, {Transformer: &assembly.Transformer{Template: `"text"`}}}}
	for _, tt := range []struct {
		name    string
		rules   []assembly.Rule
		service string
		want    string // or the beginning of the error
	}{
		{"one service", []assembly.Rule{web, theirs}, "", `{"service":"web","groups":["web"]}`},
		{"several", []assembly.Rule{web, api}, "", "several services are watched: api, web; choose one with -service"},
		{"chosen, and also in another's rule", []assembly.Rule{web, api}, "web", `{"service":"web","groups":["web","api"]}`},
		{"chosen, with what has no service", []assembly.Rule{web, nobody}, "", `{"service":"web","groups":["web"],"alarms":["x-*","*-y","a*b","*"]}`},
		{"unknown", []assembly.Rule{web}, "shop", `there is no service "shop"; there is web`},
		{"no rules", []assembly.Rule{theirs}, "", "there is no rule of extraeye's"},
		{"deployment groups are narrower than releases", []assembly.Rule{groups, released}, "", `{"service":"web","groups":["web"],"applications":[{"name":"web","group":"production"},{"name":"other"}]}`},
		{"a journal", []assembly.Rule{journaled, journaled}, "", `{"service":"web","groups":["web"],"journals":["web-journal"]}`},
		{"alarms by tags", []assembly.Rule{tagged}, "", `{"unrecorded":["alarms by their tags (name them with -alarm)"]}`},
		{"tasks of all services", []assembly.Rule{tasks}, "", `{"ecsServices":[{"cluster":"main","name":"*"}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := OfRules(tt.rules, tt.service)
			raw, _ := json.Marshal(s)
			got := string(raw)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestDeployedRules reads a stack of two pages, with a nested stack, a deleted rule and one on a
// bus of its own.
func TestDeployedRules(t *testing.T) {
	member := func(kind, id, status string) string {
		return fmt.Sprintf(`<member><LogicalResourceId>L</LogicalResourceId><PhysicalResourceId>%s</PhysicalResourceId><ResourceType>%s</ResourceType><ResourceStatus>%s</ResourceStatus></member>`, id, kind, status)
	}
	page := func(next string, members ...string) string {
		return `<ListStackResourcesResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStackResourcesResult><StackResourceSummaries>` + strings.Join(members, "") +
			`</StackResourceSummaries>` + next + `</ListStackResourcesResult></ListStackResourcesResponse>`
	}
	const nested = "arn:aws:cloudformation:eu-west-1:1:stack/service-Nested/1"
	answers := map[string]string{
		"service":      page("<NextToken>2</NextToken>", member("AWS::Events::Rule", "one", "CREATE_COMPLETE"), member("AWS::Lambda::Function", "f", "CREATE_COMPLETE")),
		"service 2":    page("", member("AWS::CloudFormation::Stack", nested, "UPDATE_COMPLETE"), member("AWS::Events::Rule", "gone", "DELETE_COMPLETE"), member("AWS::Events::Rule", "by-hand", "CREATE_COMPLETE")),
		nested:         page("", member("AWS::Events::Rule", "bus|two", "CREATE_COMPLETE")),
		"one ":         `{"Name":"one","State":"ENABLED","EventPattern":"{\"source\":[\"a\"]}"}`,
		"two bus":      `{"Name":"two","State":"DISABLED","EventPattern":"{\"source\":[\"b\"]}"}`,
		"one targets":  `{"Targets":[{"Id":"1","Input":"{}"}],"NextToken":"x"}`,
		"one targetsx": `{"Targets":[{"Id":"2","InputTransformer":{"InputPathsMap":{"a":"$.b"},"InputTemplate":"<a>"}}]}`,
		"two targets":  `{"Targets":[]}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Name, Rule, EventBusName, NextToken string }
		key := strings.TrimSpace(r.FormValue("StackName") + " " + r.FormValue("NextToken"))
		if r.Header.Get("X-Amz-Target") != "" {
			body, _ := io.ReadAll(r.Body)
			_ = json.Unmarshal(body, &in)
			if key = in.Name + " " + in.EventBusName; in.Rule != "" {
				key = in.Rule + " targets" + in.NextToken
			}
		}
		answer, ok := answers[key]
		switch {
		case !ok && in.Name != "":
			w.WriteHeader(http.StatusBadRequest)
			answer = `{"__type":"ResourceNotFoundException","message":"Rule does not exist"}`
		case !ok:
			w.WriteHeader(http.StatusBadRequest)
			answer = `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>`
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	api := awsapi.New(server.Client(), "eu-west-1")
	rules, err := DeployedRules(t.Context(), api, "service")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rules {
		got = append(got, fmt.Sprintf("%s on %q: %s, %d targets, enabled %v", r.Name, r.EventBus, r.Pattern, len(r.Targets), r.Enabled))
	}
	golden.List(t, "rules", got, []string{
		`one on "": {"source":["a"]}, 2 targets, enabled true`,
		`two on "bus": {"source":["b"]}, 0 targets, enabled false`,
	})
	if _, err := DeployedRules(t.Context(), api, "other"); err == nil || err.Error() != "stack other: it is not deployed in this account and Region" {
		t.Errorf("a stack that does not exist: %v", err)
	}
}

// TestOfAll reads what any service's rules watch.
func TestOfAll(t *testing.T) {
	rules := []assembly.Rule{
		rule(`{"detail":{"AutoScalingGroupName":["web"]}}`, `"watch":{"service":"web","terminations":{"releases":{"applications":["other"]}}},"sinks":[]`),
		rule(`{"detail":{"application":["shop"],"deploymentGroup":["production"]}}`, `"watch":{"service":"shop","deployments":{}},"sinks":[]`),
		rule(`{"detail":{"lastStatus":["STOPPED"]}}`, `"watch":{"ecsTasks":{}},"sinks":[],"fleet":true`),
	}
	const want = `{"groups":["web"],"applications":[{"name":"shop","group":"production"}],"ecsServices":[{"cluster":"*","name":"*"}]}`
	if raw, _ := json.Marshal(OfAll(rules)); string(raw) != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
}
