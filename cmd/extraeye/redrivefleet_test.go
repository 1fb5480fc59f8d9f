package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
)

const (
	fleetBus       = "arn:aws:events:eu-central-1:111122223333:event-bus/extraeye"
	otherRegionBus = "arn:aws:events:eu-central-1:123456789012:event-bus/extraeye"
	ownBus         = "arn:aws:events:eu-west-1:123456789012:event-bus/extraeye"

	// The profile of a Fleet's account, and of another one.
	fleetProfiles = `
[profile platform]
aws_access_key_id = AKIAFLEET
aws_secret_access_key = s
[profile other]
aws_access_key_id = AKIAOTHER
aws_secret_access_key = s
`
)

// forwarding is what there is of a Forwarder in the stack "service", in account 123456789012 and
// eu-west-1, and of a Fleet in the stack "platform", in whichever account and Region.
func forwarding(bus string) func(r *http.Request, operation, body string) string {
	member := func(kind, id string) string {
		return "<member><LogicalResourceId>R</LogicalResourceId><PhysicalResourceId>" + id + "</PhysicalResourceId><ResourceType>" + kind + "</ResourceType></member>"
	}
	rule := func(pattern string) string {
		return `{"Name":"r","Arn":"arn:x","State":"ENABLED","EventPattern":` + strconv.Quote(pattern) + `}`
	}
	target := func(arn, more string) string { return `{"Targets":[{"Id":"T","Arn":"` + arn + `",` + more + `}]}` }
	delivery := func(watch string) string {
		return `"InputTransformer":{"InputTemplate":` + strconv.Quote(`{"watch":{"`+watch+`":{}},"sinks":null,"fleet":true,"event":<aws.events.event.json>}`) + `}`
	}
	machine := `{"definition":` + strconv.Quote(definition) + `}`
	resources := map[string]string{
		"service":  member("AWS::SQS::Queue", queueURL) + member("AWS::Events::Rule", "extraeye-1"),
		"platform": member("AWS::StepFunctions::StateMachine", "notifier") + member("AWS::Events::Rule", "extraeye|launches") + member("AWS::Events::Rule", "extraeye|tasks") + member("AWS::Events::Rule", "extraeye|mine"),
		"an-eye":   member("AWS::StepFunctions::StateMachine", "notifier") + member("AWS::Events::Rule", "eye"),
	}
	if bus == ownBus { // of the Fleet's own stack
		resources["service"] += resources["platform"]
	}
	answers := map[string]string{
		"DescribeStateMachine notifier": machine,
		"DescribeRule extraeye-1":       rule(`{"source":["aws.autoscaling"]}`), "ListTargetsByRule extraeye-1": target(bus, `"DeadLetterConfig":{"Arn":"arn:aws:sqs:eu-west-1:123456789012:dead"}`),
		"DescribeRule launches": rule(`{"detail-type":["EC2 Instance Launch Successful"]}`), "ListTargetsByRule launches": target(notifierARN, delivery("launches")),
		"DescribeRule tasks": rule(`{"detail-type":["ECS Task State Change"]}`), "ListTargetsByRule tasks": target(notifierARN, delivery("ecsTasks")),
		"DescribeRule mine": rule(`{"source":[{"prefix":""}]}`), "ListTargetsByRule mine": target("arn:aws:sqs:eu-central-1:111122223333:mine", `"InputPath":"$.detail"`),
		"DescribeRule eye": rule(`{"source":["aws.autoscaling"]}`), "ListTargetsByRule eye": target(notifierARN, delivery("launches")),
	}
	return func(r *http.Request, operation, body string) string {
		switch operation {
		case "GetCallerIdentity":
			account := map[string]string{"AKIAFLEET": "111122223333", "AKIAOTHER": "999988887777"}[keyOf(r)]
			if account == "" {
				return ""
			}
			return `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>` + account + `</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
		case "ListStackResources":
			_, stack, _ := strings.Cut(body, "StackName=")
			stack, _, _ = strings.Cut(stack, "&")
			return `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>` + resources[stack] + `</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`
		}
		for asked, answer := range answers {
			if what, name, _ := strings.Cut(asked, " "); what == operation && strings.Contains(body, strconv.Quote(name)) {
				return answer
			}
		}
		return ""
	}
}

// keyOf is the access key that a request is signed with.
func keyOf(r *http.Request) string {
	_, key, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ = strings.Cut(key, "/")
	return key
}

// newForwarderQueue serves an account with a Forwarder whose queue has a launch and something that no
// rule of the Fleet matches, and notes who invokes the notifier where.
func newForwarderQueue(t *testing.T, bus string) (q *deadQueue, invokers *[]string) {
	t.Helper()
	q = newDeadQueue(t)
	config := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(config, []byte(fleetProfiles), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", config)
	attributes := map[string]string{
		"RULE_ARN": "arn:aws:events:eu-west-1:123456789012:rule/extraeye-1", "TARGET_ARN": bus,
		"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "denied", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts", "RETRY_ATTEMPTS": "0",
	}
	q.messages = []*deadMessage{
		{id: "m-launch", body: launchEvent, attributes: attributes},
		{id: "m-terminate", body: strings.Replace(launchEvent, "Launch", "Terminate", 1), attributes: attributes},
	}
	invokers = new([]string)
	answer := forwarding(bus)
	q.other = func(r *http.Request, operation, body string) string {
		if strings.HasPrefix(operation, "Invoke") {
			*invokers = append(*invokers, keyOf(r)+" in "+strings.Split(r.Header.Get("Authorization"), "/")[2])
		}
		return answer(r, operation, body)
	}
	return q, invokers
}

// TestRedriveForwarded hands what could not be forwarded to the Fleet, with the credentials of its
// account, in its Region; and says what is missing otherwise.
func TestRedriveForwarded(t *testing.T) {
	for name, tt := range map[string]struct {
		bus, args string
		code      int
		invoker   string // empty: the launch is left in the queue
		text      string // on stdout or stderr
	}{
		"no Fleet":              {bus: fleetBus, args: "-yes", code: exitFailed, text: "it cannot be sent again: it was for the bus " + fleetBus + "; name the stack of the Fleet that has it with -fleet, and a profile of account 111122223333 with -fleet-profile"},
		"no profile":            {bus: fleetBus, args: "-yes -fleet platform", code: exitFailed, text: "a profile of account 111122223333 with -fleet-profile"},
		"no stack":              {bus: fleetBus, args: "-yes -fleet-profile platform", code: exitFailed, text: "name the stack of the Fleet that has it with -fleet"},
		"another account":       {bus: fleetBus, args: "-yes -fleet platform -fleet-profile platform", code: exitFailed, invoker: "AKIAFLEET in eu-central-1", text: "no rule of the Fleet's matches it"},
		"one of them":           {bus: fleetBus, args: "-yes -fleet platform -fleet-profile platform -message m-launch", invoker: "AKIAFLEET in eu-central-1", text: "Sent again: Launched i-0a0a0a0a0a0a0a0a1 in web"},
		"a wrong account":       {bus: fleetBus, args: "-yes -fleet platform -fleet-profile other", code: exitUsage, text: "-fleet-profile other is of account 999988887777, and the bus " + fleetBus + " of 111122223333"},
		"no such profile":       {bus: fleetBus, args: "-yes -fleet platform -fleet-profile none", code: exitUsage, text: "account of the Fleet: no AWS credentials"},
		"a wrong stack":         {bus: fleetBus, args: "-yes -fleet an-eye -fleet-profile platform", code: exitFailed, text: "the stack an-eye has no rule on the bus " + fleetBus},
		"another Region":        {bus: otherRegionBus, args: "-yes -fleet platform", code: exitFailed, invoker: "AKIDEXAMPLE in eu-central-1"},
		"another Region, no -f": {bus: otherRegionBus, args: "-yes", code: exitFailed, text: "name the stack of the Fleet that has it with -fleet\n"},
		"the Fleet's own stack": {bus: ownBus, args: "-yes", code: exitFailed, invoker: "AKIDEXAMPLE in eu-west-1"},
	} {
		t.Run(name, func(t *testing.T) {
			q, invokers := newForwarderQueue(t, tt.bus)
			code, stdout, stderr := redrive(t, "", strings.Fields(tt.args)...)
			want, left := tt.invoker, "m-launch m-terminate"
			if want != "" {
				left = "m-terminate"
			}
			var ids []string
			for _, m := range q.messages {
				ids = append(ids, m.id)
				if m.hidden > 0 {
					t.Errorf("%s is hidden for %s", m.id, m.hidden)
				}
			}
			if got := strings.Join(*invokers, ", "); code != tt.code || got != want || strings.Join(ids, " ") != left || !strings.Contains(stdout+stderr, tt.text) {
				t.Errorf("exit %d, want %d\ninvoked by %q, want %q\nleft %q, want %q\nwant %q\nstdout:\n%s\nstderr:\n%s", code, tt.code, got, want, ids, left, tt.text, stdout, stderr)
			}
			unwrapped := strings.Join(strings.Fields(stdout), " ")
			if n := strings.Count(unwrapped, " could not ") + strings.Count(unwrapped, "There is nothing"); code != exitUsage && n != 1 {
				t.Errorf("%d queues are listed:\n%s", n, stdout)
			}
			if input := `{"watch":{"launches":{}},"sinks":null,"fleet":true,"event":` + launchEvent + `}`; want != "" && (len(q.invoked) != 1 || q.invoked[0] != input) {
				t.Errorf("the notifier gets %q, want %s", q.invoked, input)
			}
		})
	}
}

func TestRedriveForwardedText(t *testing.T) {
	here := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = here })
	q, _ := newForwarderQueue(t, fleetBus)
	_, without, _ := redrive(t, "")
	_, with, _ := redrive(t, "", "-fleet", "platform", "-fleet-profile", "platform")
	q.messages = nil
	_, empty, _ := redrive(t, "")
	golden.File(t, "testdata/redrive/forwarded.txt", fmt.Sprintf("$ extraeye redrive -stack service\n%s\n$ extraeye redrive -stack service -fleet platform -fleet-profile platform\n%s\n$ extraeye redrive -stack service\n%s", without, with, empty))
}
