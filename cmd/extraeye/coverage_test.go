package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/coverage"
	"github.com/extraeye/extraeye/internal/golden"
)

// watchingRules are the rules of the account: by their names, with the pattern and the watch.
var watchingRules = []struct{ name, state, pattern, watch string }{
	{"groups", "ENABLED", `{"detail":{"AutoScalingGroupName":["web-production","web-prodution",{"prefix":"batch-"}]}}`, `"terminations":{"releases":{"applications":["released"]}}`},
	{"off", "DISABLED", `{"detail":{"AutoScalingGroupName":["web-staging"]}}`, `"launches":{}`},
	{"deployments", "ENABLED", `{"detail":{"application":["shop"],"deploymentGroup":["production","prod"]}}`, `"deployments":{}`},
	{"old-deployments", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", `{"detail":{"application":["gone"],"deploymentGroup":["production"]}}`, `"deployments":{}`},
	{"tasks", "ENABLED", `{"detail":{"clusterArn":["arn:aws:ecs:eu-west-1:1:cluster/main"],"group":["service:api","service:apis"]}}`, `"ecsTasks":{}`},
	{"alarms", "ENABLED", `{"detail":{"alarmName":["too-slow","to-slow",{"prefix":"team-"},{"suffix":"-x"}]}}`, `"alarms":{}`},
	{"deleted", "ENABLED", `{}`, ``},
	{"schedule", "ENABLED", ``, ``},
	{"theirs", "ENABLED", `{"source":["shop"]}`, ``},
}

// coverageAnswer answers what coverage asks, each list in two pages.
func coverageAnswer(operation, in string) string {
	second := strings.Contains(in, "page-2")
	page := func(first, next string) string {
		if second {
			return next
		}
		return first
	}
	switch operation {
	case "GetCallerIdentity":
		return `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	case "ListRules", "DescribeRule":
		var rules []string
		for i, r := range watchingRules {
			text, _ := json.Marshal(map[string]string{"Name": r.name, "Arn": "arn:x", "State": r.state, "EventPattern": r.pattern})
			if operation == "DescribeRule" && strings.Contains(in, `"`+r.name+`"`) {
				return string(text)
			}
			if i < 4 != second {
				rules = append(rules, string(text))
			}
		}
		return page(`{"NextToken":"page-2",`, `{`) + `"Rules":[` + strings.Join(rules, ",") + `]}`
	case "ListTargetsByRule":
		for _, r := range watchingRules {
			if strings.Contains(in, `"`+r.name+`"`) && r.watch != "" {
				template, _ := json.Marshal(`{"watch":{` + r.watch + `},"sinks":[],"event":<aws.events.event.json>}`)
				return `{"Targets":[{"Id":"T","Arn":"arn:x","InputTransformer":{"InputTemplate":` + string(template) + `}}]}`
			}
		}
		if strings.Contains(in, `"deleted"`) {
			return "404"
		}
		return `{"Targets":[{"Id":"T","Arn":"arn:x"}]}`
	case "ListStackResources":
		return `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member><LogicalResourceId>R</LogicalResourceId><PhysicalResourceId>tasks</PhysicalResourceId><ResourceType>AWS::Events::Rule</ResourceType></member></StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`
	case "DescribeAutoScalingGroups":
		group := func(name string) string {
			return `<member><AutoScalingGroupName>` + name + `</AutoScalingGroupName></member>`
		}
		return `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult>` +
			page(`<NextToken>page-2</NextToken><AutoScalingGroups>`+group("web-production")+group("web-staging"), `<AutoScalingGroups>`+group("batch-1")+group("a-batch-1")) +
			`</AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`
	case "ListApplications":
		return page(`{"nextToken":"page-2","applications":["shop"]}`, `{"applications":["released"]}`)
	case "ListDeploymentGroups":
		return page(`{"nextToken":"page-2","deploymentGroups":["staging"]}`, `{"deploymentGroups":["production"]}`)
	case "ListClusters":
		return page(`{"nextToken":"page-2","clusterArns":["arn:aws:ecs:eu-west-1:1:cluster/main"]}`, `{"clusterArns":["arn:aws:ecs:eu-west-1:1:cluster/empty"]}`)
	case "ListServices":
		if strings.Contains(in, "/empty") {
			return `{"serviceArns":[]}`
		}
		return page(`{"nextToken":"page-2","serviceArns":["arn:aws:ecs:eu-west-1:1:service/main/api"]}`, `{"serviceArns":["arn:aws:ecs:eu-west-1:1:service/cart"]}`)
	case "DescribeAlarms":
		if strings.Contains(in, "LogAlarm") {
			return "400"
		}
		alarm := ""
		if strings.Contains(in, "too-slow") {
			alarm = `<member><AlarmName>too-slow</AlarmName></member>`
		}
		return `<DescribeAlarmsResponse><DescribeAlarmsResult><CompositeAlarms>` + alarm + `</CompositeAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>`
	}
	return "403"
}

// covered serves an account in which something is watched.
func covered(t *testing.T, denied string, answers ...func(operation, in string) string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if operation == "" {
			operation, _, _ = strings.Cut(strings.TrimPrefix(string(body), "Action="), "&")
		}
		answer := append(answers, coverageAnswer)[0](operation, string(body))
		if operation == denied {
			answer = "403"
		}
		switch answer {
		case "400":
			w.WriteHeader(http.StatusBadRequest)
			answer = `<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>`
		case "403":
			w.WriteHeader(http.StatusForbidden)
			answer = `{"__type":"AccessDeniedException"}`
		case "404":
			w.WriteHeader(http.StatusBadRequest)
			answer = `{"__type":"ResourceNotFoundException"}`
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1",
		"AWS_PROFILE": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
}

func TestCoverage(t *testing.T) {
	covered(t, "")
	code, stdout, stderr := extraeye(t, "coverage")
	if code != exitFailed || strings.Contains(stderr, "could not") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	golden.File(t, "testdata/coverage/account.txt", stdout)
	_, stdout, _ = extraeye(t, "coverage", "-stack", "service")
	golden.File(t, "testdata/coverage/stack.txt", stdout)

	code, stdout, _ = extraeye(t, "coverage", "-json", "-except", "web-*", "-except", "main/*")
	if code != exitFailed || strings.Contains(stdout, "web-") || strings.Contains(stdout, "main/") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	for line := range strings.Lines(stdout) {
		var gap coverage.Gap
		if err := json.Unmarshal([]byte(line), &gap); err != nil || gap.Kind == "" || gap.Name == "" || gap.State == "" {
			t.Errorf("a line is not a gap: %v: %s", err, line)
		}
	}
	if code, stdout, _ = extraeye(t, "coverage", "-except", "*"); code != exitOK || stdout != "\n123456789012 eu-west-1: 4 of 8 are watched\n\n" {
		t.Errorf("exit %d: %s", code, stdout)
	}
	if code, _, stderr = extraeye(t, "coverage", "-stack", "a", "-assembly", "b"); code != exitUsage || !strings.Contains(stderr, "exclude each other") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

// TestCoverageOfBuses shows that rules count on buses that events are forwarded to, and that the
// buses of other accounts are named.
func TestCoverageOfBuses(t *testing.T) {
	const events = "arn:aws:events:eu-west-1:123456789012:"
	rule := func(name string) string {
		return `{"Rules":[{"Name":"` + name + `","Arn":"` + events + `rule/` + name + `","State":"ENABLED","EventPattern":"{}"}]}`
	}
	target := func(arn string) string { return `{"Targets":[{"Id":"T","Arn":"` + arn + `"}]}` }
	covered(t, "", func(operation, in string) string {
		onBus := strings.Contains(in, `"EventBusName":"fleet"`)
		switch {
		case operation == "ListRules" && onBus:
			return rule("groups")
		case operation == "ListRules":
			return strings.Replace(rule("mine")+rule("extraeye-1")+rule("theirs"), `]}{"Rules":[`, ",", 2)
		case operation == "ListTargetsByRule" && strings.Contains(in, `"mine"`):
			return target(events + "event-bus/fleet")
		case operation == "ListTargetsByRule" && strings.Contains(in, `"extraeye-1"`):
			return target("arn:aws:events:eu-west-1:111122223333:event-bus/extraeye")
		case operation == "ListTargetsByRule" && strings.Contains(in, `"theirs"`):
			return target("arn:aws:events:eu-west-1:111122223333:event-bus/security")
		case operation == "ListTargetsByRule" && onBus:
			return `{"Targets":[{"Id":"T","Arn":"arn:x","InputTransformer":{"InputTemplate":"{\"watch\":{\"launches\":{}},\"sinks\":[],\"fleet\":true,\"event\":<aws.events.event.json>}"}}]}`
		}
		return coverageAnswer(operation, in)
	})
	_, stdout, stderr := extraeye(t, "coverage")
	if strings.Contains(stdout, "Auto Scaling group") {
		t.Errorf("a group is not watched: %s", stdout)
	}
	if strings.Count(stderr, "events are forwarded to arn:aws:events:eu-west-1:111122223333:event-bus/extraeye,") != 1 || strings.Contains(stderr, "security") {
		t.Errorf("it says %s", stderr)
	}
}

// TestCoverageDenied shows that what could not be read is said, and is not taken for missing.
func TestCoverageDenied(t *testing.T) {
	for operation, kind := range map[string]string{
		"DescribeAutoScalingGroups": "Auto Scaling group", "ListApplications": "CodeDeploy application", "ListDeploymentGroups": "CodeDeploy deployment group",
		"ListClusters": "ECS service", "ListServices": "ECS service", "DescribeAlarms": "CloudWatch alarm",
	} {
		t.Run(operation, func(t *testing.T) {
			covered(t, operation)
			code, stdout, stderr := extraeye(t, "coverage", "-json")
			if code != exitFailed || !strings.Contains(stderr, "extraeye: could not be read: ") || !strings.Contains(stderr, operation) || strings.Contains(stdout, fmt.Sprintf("%q", kind)) {
				t.Errorf("exit %d\n%s\n%s", code, stdout, stderr)
			}
		})
	}
	covered(t, "ListRules")
	if code, stdout, stderr := extraeye(t, "coverage"); code != exitUsage || stdout != "" || !strings.Contains(stderr, "events ListRules") {
		t.Errorf("exit %d\n%s\n%s", code, stdout, stderr)
	}
}
