package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/extraeye/extraeye/internal/golden"
)

const (
	queueURL     = "https://sqs.eu-west-1.amazonaws.com/123456789012/dead"
	notifierARN  = "arn:aws:lambda:eu-west-1:123456789012:function:notifier"
	definition   = `{"States":{"Notify":{"Parameters":{"FunctionName":"` + notifierARN + `"}},"Keep":{"Parameters":{"QueueUrl":"` + queueURL + `"}}}}`
	lateNotice   = `{"afterSeconds":0,"deadLetter":{"reason":"slack.com answered 403: invalid_token","attempts":6},"retry":{"sink":{"slack":{"channel":"#ops","token":{"arn":"x"}}},"attempt":0,"since":"2026-11-22T09:58:00Z","reason":"r","notice":{"title":"Launched i-1 in web"}}}`
	foreign      = `{"hello":"\u001b[2J"}`
	launchEvent  = `{"version":"0","id":"e-1","detail-type":"EC2 Instance Launch Successful","source":"aws.autoscaling","account":"123456789012","time":"2026-11-22T09:58:00Z","region":"eu-west-1","resources":[],"detail":{"AutoScalingGroupName":"web","EC2InstanceId":"i-0a0a0a0a0a0a0a0a1"}}`
	failedRecord = `{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":{"watch":{"launches":{}},"sinks":[{"teams":{"webhook":{"arn":"x"}}}],"event":` + launchEvent + `},"responsePayload":{"errorMessage":"teams: 503"}}`
)

// deadQueue is a queue as SQS has it: what was received is hidden for a while. Beside it is what
// else redrive asks.
type deadQueue struct {
	mu       sync.Mutex
	messages []*deadMessage
	invoked  []string
	calls    []string
	policy   string
	refuse   func(operation, body string) bool
	other    func(r *http.Request, operation, body string) (answer string) // of what else there is; "": nothing
}

type deadMessage struct {
	id, body   string
	attributes map[string]string
	hidden     time.Duration
}

func (q *deadQueue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case strings.HasPrefix(r.URL.Path, "/2015-03-31/functions/notifier/invocations"):
		operation = "Invoke " + r.Header.Get("X-Amz-Invocation-Type")
	case operation == "":
		operation, _, _ = strings.Cut(strings.TrimPrefix(string(body), "Action="), "&")
	}
	q.calls = append(q.calls, operation)
	if q.refuse != nil && q.refuse(operation, string(body)) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"__type":"AccessDeniedException","message":"no"}`)
		return
	}
	status, answer := 200, ""
	if q.other != nil {
		answer = q.other(r, operation, string(body))
	}
	if answer == "" {
		status, answer = q.answer(operation, body)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

func (q *deadQueue) answer(operation string, body []byte) (status int, answer string) {
	var in struct {
		ReceiptHandle     string
		VisibilityTimeout int
		StateMachineArn   string
	}
	_ = json.Unmarshal(body, &in)
	at := slices.IndexFunc(q.messages, func(m *deadMessage) bool { return "handle-"+m.id == in.ReceiptHandle && m.hidden > 0 })
	switch operation {
	case "GetCallerIdentity":
		return 200, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	case "ListStackResources":
		return 200, `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>
<member><LogicalResourceId>Other</LogicalResourceId><PhysicalResourceId>other</PhysicalResourceId><ResourceType>AWS::StepFunctions::StateMachine</ResourceType></member>
<member><LogicalResourceId>Waiting</LogicalResourceId><PhysicalResourceId>notifier</PhysicalResourceId><ResourceType>AWS::StepFunctions::StateMachine</ResourceType></member>
</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`
	case "DescribeStateMachine":
		if in.StateMachineArn == "other" {
			return 200, `{"definition":"{\"States\":{\"Notify\":7}}"}`
		}
		return 200, `{"definition":` + strconv.Quote(definition) + `}`
	case "GetQueueAttributes":
		hidden := 0
		for _, m := range q.messages {
			if m.hidden > 0 {
				hidden++
			}
		}
		return 200, fmt.Sprintf(`{"Attributes":{"ApproximateNumberOfMessagesNotVisible":"%d","RedrivePolicy":%q}}`, hidden, q.policy)
	case "ReceiveMessage":
		return 200, q.receive(in.VisibilityTimeout)
	case "ChangeMessageVisibility", "DeleteMessage":
		if at < 0 {
			return 400, `{"__type":"com.amazonaws.sqs#MessageNotInflight"}`
		}
		if q.messages[at].hidden = time.Duration(in.VisibilityTimeout) * time.Second; operation == "DeleteMessage" {
			q.messages = slices.Delete(q.messages, at, at+1)
		}
		return 200, `{}`
	case "DescribeRule":
		return 200, `{"Name":"rule-1","Arn":"arn:x","State":"ENABLED"}`
	case "ListTargetsByRule":
		return 200, `{"Targets":[{"Id":"T","Arn":"` + notifierARN + `","InputTransformer":{"InputTemplate":"{\"watch\":{\"launches\":{}},\"sinks\":[{\"topic\":{\"arn\":\"arn:aws:sns:eu-west-1:1:t\"}}],\"event\":<aws.events.event.json>}"}}]}`
	case "Invoke Event":
		q.invoked = append(q.invoked, string(body))
		return 202, ""
	}
	return 400, `{"__type":"UnknownOperationException"}`
}

// receive hides two messages at most, so that there are several pages.
func (q *deadQueue) receive(seconds int) string {
	var page []map[string]any
	for _, m := range q.messages {
		if m.hidden > 0 || len(page) == 2 {
			continue
		}
		m.hidden = time.Duration(seconds) * time.Second
		attributes := map[string]any{}
		for name, value := range m.attributes {
			attributes[name] = map[string]string{"StringValue": value, "DataType": "String"}
		}
		page = append(page, map[string]any{
			"MessageId": m.id, "ReceiptHandle": "handle-" + m.id, "Body": m.body,
			"Attributes": map[string]string{"SentTimestamp": "1795343700000"}, "MessageAttributes": attributes,
		})
	}
	text, _ := json.Marshal(map[string]any{"Messages": page})
	return string(text)
}

// newDeadQueue serves an account with a notifier whose queue has a notice, a failed record, an
// event and something else.
func newDeadQueue(t *testing.T) *deadQueue {
	t.Helper()
	q := &deadQueue{messages: []*deadMessage{
		{id: "m-record", body: failedRecord},
		{id: "m-notice", body: lateNotice},
		{id: "m-foreign", body: foreign},
		{id: "m-event", body: launchEvent, attributes: map[string]string{
			"RULE_ARN": "arn:aws:events:eu-west-1:123456789012:rule/rule-1", "TARGET_ARN": notifierARN, "ERROR_CODE": "NO_PERMISSIONS",
		}},
	}}
	server := httptest.NewServer(q)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1",
		"AWS_PROFILE": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_SESSION_TOKEN": "",
		"COLUMNS": "90",
	} {
		t.Setenv(name, value)
	}
	return q
}

// redrive runs the command with answers.
func redrive(t *testing.T, answers string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	root := newRootCommand()
	root.SetOut(&out)
	root.SetErr(&err)
	root.SetIn(strings.NewReader(answers))
	root.SetArgs(longFlags(root, append([]string{"redrive", "-stack", "service"}, args...)))
	cmd, failure := root.ExecuteContextC(t.Context())
	code = exitCode(cmd, failure)
	return code, out.String(), err.String()
}

// TestRedrive sends what is chosen, and nothing else leaves the queue or stays hidden.
func TestRedrive(t *testing.T) {
	denied := func(operation, _ string) bool { return strings.HasPrefix(operation, "Invoke") }
	for _, tt := range []struct {
		name, answers string
		args          []string
		refuse        func(operation, body string) bool
		policy        string
		hidden        string // the message that somebody else has
		code          int
		sent, left    string
		stderr        string
	}{
		{name: "nothing", answers: "\n", left: "m-record m-notice m-foreign m-event"},
		{name: "no answer", left: "m-record m-notice m-foreign m-event"},
		{name: "all", answers: "all\n", sent: "m-notice m-record m-event", left: "m-foreign", stderr: "Sent again: Launched i-1 in web\n"},
		{name: "some", answers: "9\n1, 1 2\n", sent: "m-notice m-record", left: "m-foreign m-event", stderr: `"9" is not a number from 1 to 4`},
		{name: "what cannot be sent", answers: "3\n", code: exitFailed, left: "m-record m-notice m-foreign m-event", stderr: "message m-foreign: it cannot be sent again: it is nothing that a notifier takes"},
		{name: "without asking", args: []string{"-yes"}, code: exitFailed, sent: "m-notice m-record m-event", left: "m-foreign"},
		{name: "one without asking", args: []string{"-yes", "-message", "m-event"}, sent: "m-event", left: "m-record m-notice m-foreign"},
		{name: "one that is not there", args: []string{"-yes", "-message", "m-0"}, code: exitUsage, left: "m-record m-notice m-foreign m-event", stderr: "extraeye: -message m-0: there is no such message"},
		{name: "as JSON", args: []string{"-json"}, left: "m-record m-notice m-foreign m-event"},
		{name: "not accepted", answers: "all\n", refuse: denied, code: exitFailed, left: "m-record m-notice m-foreign m-event", stderr: "extraeye: message m-notice: lambda Invoke in eu-west-1: AccessDeniedException (HTTP 403): no"},
		{name: "one is not accepted", answers: "all\n", refuse: func(op, body string) bool { return denied(op, body) && strings.Contains(body, "#ops") }, code: exitFailed,
			sent: "m-record m-event", left: "m-notice m-foreign"},
		{name: "not deleted", answers: "1\n", refuse: func(op, _ string) bool { return op == "DeleteMessage" }, code: exitFailed, sent: "m-notice",
			left: "m-record m-notice m-foreign m-event", stderr: "it was sent, but is still in the queue"},
		{name: "not held", answers: "1\n", refuse: func(op, body string) bool {
			return op == "ChangeMessageVisibility" && strings.Contains(body, `"VisibilityTimeout":600`)
		}, code: exitFailed, left: "m-record m-notice m-foreign m-event", stderr: "message m-notice: it was not sent, because it was not held any more"},
		{name: "somebody else has one", answers: "all\n", hidden: "m-notice", sent: "m-record m-event", left: "m-notice m-foreign"},
		{name: "a queue with its own dead letters", policy: "{}", code: exitUsage, left: "m-record m-notice m-foreign m-event", stderr: "has a dead-letter queue of its own"},
		{name: "no rule may be read", answers: "all\n", refuse: func(op, _ string) bool { return op == "DescribeRule" }, code: exitUsage, left: "m-record m-notice m-foreign m-event", stderr: "events DescribeRule"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := newDeadQueue(t)
			q.refuse, q.policy = tt.refuse, tt.policy
			for _, m := range q.messages {
				if m.id == tt.hidden {
					m.hidden = time.Minute
				}
			}
			code, stdout, stderr := redrive(t, tt.answers, tt.args...)
			var left, sent []string
			for _, m := range q.messages {
				left = append(left, m.id)
				if notDeleted := tt.name == "not deleted" && m.id == "m-notice"; m.hidden > 0 != (notDeleted || m.id == tt.hidden) {
					t.Errorf("%s is hidden for %s", m.id, m.hidden)
				}
			}
			for _, body := range q.invoked {
				sent = append(sent, map[string]string{"#ops": "m-notice", "teams": "m-record", "topic": "m-event"}[firstOf(body, "#ops", "teams", "topic")])
			}
			if code != tt.code || strings.Join(sent, " ") != tt.sent || strings.Join(left, " ") != tt.left || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("exit %d, want %d\nsent %q, want %q\nleft %q, want %q\nstdout:\n%s\nstderr:\n%s", code, tt.code, sent, tt.sent, left, tt.left, stdout, stderr)
			}
		})
	}
}

func firstOf(text string, words ...string) string {
	for _, w := range words {
		if strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

func TestRedriveText(t *testing.T) {
	newDeadQueue(t)
	here := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = here })
	_, stdout, _ := redrive(t, "")
	golden.File(t, "testdata/redrive/list.txt", stdout)
	for _, r := range stdout {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) {
			t.Fatalf("%U gets to the terminal:\n%q", r, stdout)
		}
	}
	_, stdout, _ = redrive(t, "", "-json", "-yes")
	golden.File(t, "testdata/redrive/list.jsonl", stdout)
	if _, stdout, _ = redrive(t, "", "-message", "m-foreign"); strings.Contains(stdout, "Launched") {
		t.Errorf("more than one is listed:\n%s", stdout)
	}
}

func TestRedriveNothing(t *testing.T) {
	q := newDeadQueue(t)
	q.messages = nil
	if code, stdout, stderr := redrive(t, "all\n", "-yes"); code != exitOK || stdout != "\nThere is nothing in the dead-letter queue of notifier.\n\n" {
		t.Errorf("exit %d\n%s\n%s", code, stdout, stderr)
	}
}
