package rehearse

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/golden"
)

// rehearsal runs a rehearsal with the real notifier: by default of the assembly in
// testdata/app, with the built-in events.
func rehearsal(t *testing.T, o Options) (Report, []string) {
	t.Helper()
	skipCompiling(t)
	var problems []string
	o.Progress = func(line string) { t.Log(line) }
	o.Problem = func(err error) { problems = append(problems, err.Error()) }
	if o.Assembly == "" {
		o.Assembly = filepath.Join("testdata", "app")
	}
	o.Out = t.TempDir()
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report, problems
}

// skipCompiling skips tests that compile the notifier. One process compiles it once.
func skipCompiling(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it compiles the notifier")
	}
}

func find(t *testing.T, r Report, file, sink string) (*inbox.Delivery, inbox.Item) {
	t.Helper()
	for _, d := range r.Deliveries {
		for _, i := range d.Items {
			if filepath.Base(i.File) == file && i.Sink == sink {
				return d, i
			}
		}
	}
	t.Fatalf("nothing for %s to %s", file, sink)
	return nil, inbox.Item{}
}

// The golden file lists what is played for each rule and target, the outcome, and the names
// of the app in the title.
func TestBuiltInEvents(t *testing.T) {
	report, problems := rehearsal(t, Options{})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	names := regexp.MustCompile(`checkout[\w.-]*`)
	var lines strings.Builder
	for n, got := range report.Items() {
		fmt.Fprintln(&lines, strings.Join(append([]string{got.File, got.Sink, string(got.Outcome)}, names.FindAllString(got.Title, -1)...), " "))
		if (got.Outcome == result.Sent && got.Sink == "email") != (got.Mail != nil && got.Mail.HTML != "" && got.Mail.Text != "") {
			t.Errorf("%d: mail %+v", n, got.Mail)
		}
		if (got.Outcome == result.Sent && got.Sink == "topic") != (got.Message != nil && got.Message.Subject != "") {
			t.Errorf("%d: message %+v", n, got.Message)
		}
		if (got.Outcome == result.Skipped) != (got.Reason != "") {
			t.Errorf("%d: reason %q", n, got.Reason)
		}
		for _, path := range got.Out {
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("%d: %v", n, err)
			}
		}
	}
	golden.File(t, "testdata/built-in.golden.txt", lines.String())
	if page, err := os.ReadFile(report.Index); err != nil || strings.Count(string(page), "<article ") != len(report.Deliveries) {
		t.Errorf("%s does not show all: %v", report.Index, err)
	} else if !strings.Contains(string(page), `href="timeline.html"`) {
		t.Error("it does not link to the timeline")
	}
	if page, err := os.ReadFile(filepath.Join(filepath.Dir(report.Index), "timeline.html")); err != nil || !strings.Contains(string(page), "Rolled back") {
		t.Errorf("the timeline does not show what was rolled back: %v", err)
	}

	_, topic := find(t, report, "termination-elb-health-check", "topic")
	if got := topic.Message.TopicARN; got != "arn:aws:sns:eu-central-1:111122223333:checkout-AlertsTopic" {
		t.Errorf("topic %s", got)
	}
	delivery, queue := find(t, report, "termination-elb-health-check", "queue")
	if len(queue.Facts) != 1 || queue.Facts[0].Value != string(delivery.Event) {
		t.Errorf("the queue gets %+v, want the event", queue.Facts)
	}
	_, rollback := find(t, report, "deployment-rollback", "email")
	if !strings.Contains(rollback.Title, "Rolled back") {
		t.Errorf("the title of a rollback is %q", rollback.Title)
	}
}

// write makes a folder of files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A file that is not an event is reported in one line, and the rest is played.
func TestFilesOfEvents(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("testdata", "events", "deployment-failure.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{
		"a-empty.json": " \n", "b-large.json": strings.Repeat(" ", 10<<20), "c-text.json": "hello", "d-list.json": "[{}]",
		"e-answer.json": `{"deploymentInfo":{}}`, "f/good.json": "\ufeff" + string(good), "notes.txt": "no event", "g-odd.json": `{"source":1,"detail-type":null,"id":[],"detail":{"state":{}}}`,
	})
	report, problems := rehearsal(t, Options{Paths: []string{dir, filepath.Join(dir, "missing.json"), t.TempDir(), filepath.Join("testdata", "events")}})
	wants := []string{
		"a-empty.json is empty", "b-large.json is 10485760 bytes long: an event has at most 1048576", "c-text.json is not an event: ",
		"d-list.json is not an event: ", "e-answer.json is not an event: it has no source and detail-type", "missing.json does not exist: name a file of an event", "has no .json file",
	}
	if report.Problems != len(wants) || report.Unreadable != len(wants) || len(problems) != len(wants) {
		t.Fatalf("problems: %d, %q", report.Problems, problems)
	}
	for n, want := range wants {
		if !strings.Contains(problems[n], want) || strings.Contains(problems[n], "\n") {
			t.Errorf("got %q, want one line with %q", problems[n], want)
		}
	}
	outcomes := map[string]result.Outcome{
		"good.json": result.Sent, "g-odd.json": result.Unmatched, "deployment-failure.json": result.Sent,
		"deployment-start.json": result.Unmatched, "task.json": result.Unmatched,
	}
	reasons := map[string]string{
		"deployment-start.json": `detail.state is "START", the rule wants "SUCCESS", "FAILURE" or "STOP" (the nearest rule is checkout/Eye/Deployments/Rule1)`,
		"task.json":             "the rule checkout/Disabled/Rule matches but is disabled",
	}
	if len(report.Items()) != len(outcomes) {
		t.Fatalf("%d items", len(report.Items()))
	}
	for _, i := range report.Items() {
		file := filepath.Base(i.File)
		if i.Outcome != outcomes[file] {
			t.Errorf("%s: %s %s, want %s", i.File, i.Outcome, i.Reason, outcomes[file])
		}
		if want := reasons[file]; want != "" && i.Reason != want {
			t.Errorf("%s: %s, want %s", i.File, i.Reason, want)
		}
	}
}

func TestAnswersThatFail(t *testing.T) {
	answers := write(t, map[string]string{
		"ses.SendEmail.json":        `{"__type":"MessageRejected","message":"Email address is not verified: ops@example.com"}`,
		"ec2.DescribeInstances.xml": `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized.</Message></Error></Errors></Response>`,
	})
	report, _ := rehearsal(t, Options{Answers: answers})
	_, mail := find(t, report, "termination-elb-health-check", "email")
	if mail.Outcome != result.Failed || !strings.Contains(mail.Reason, "not verified") {
		t.Errorf("a rejected mail: %s, %q", mail.Outcome, mail.Reason)
	}
	if mail.Severity == "" || mail.Status == "" || !strings.Contains(mail.Title, "checkout-production") || mail.Summary == "" || len(mail.Facts) < 3 {
		t.Errorf("the result lacks the notice that was not sent: %+v", mail.Result)
	}
	_, topic := find(t, report, "termination-elb-health-check", "topic")
	if topic.Outcome != result.Sent || strings.Contains(topic.Message.Text, "checkout-production-1") {
		t.Errorf("a look-up that fails: %s, %+v", topic.Outcome, topic.Message)
	}
	for _, i := range report.Items() {
		if (i.Outcome == result.Failed) != (i.Sink == "email" && i.Outcome != result.Skipped) {
			t.Errorf("%s to %s is %s, want all mails that the watches want to fail", i.File, i.Sink, i.Outcome)
		}
	}
}

func TestRunFails(t *testing.T) {
	skipCompiling(t)
	stack := func(resources string) string {
		return write(t, map[string]string{
			"manifest.json":   `{"version":"54.0.0","artifacts":{"s":{"type":"aws:cloudformation:stack","environment":"aws://unknown-account/unknown-region","properties":{"templateFile":"s.template.json"}}}}`,
			"s.template.json": `{"Resources":{` + resources + `}}`,
		})
	}
	cases := []struct {
		name string
		o    Options
		want string
	}{
		{"without an assembly", Options{Assembly: t.TempDir()}, "manifest"},
		{"on an unknown stack", Options{Assembly: "testdata/app", Stack: "other"}, `no stack "other"`},
		{"without rules", Options{Assembly: stack("")}, "no AWS::Events::Rule with an event pattern in "},
		{"without samples for the rules", Options{Assembly: stack(`"R":{"Type":"AWS::Events::Rule","Properties":{"EventPattern":{"source":[{"exists":false}]}}}`)}, "no built-in event fits any rule"},
		{"on an endpoint that is not a URL", Options{Endpoint: "localhost"}, "is not a URL"},
		{"without answers", Options{Answers: "testdata/none"}, "read the folder of answers"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.o.Out = t.TempDir()
			c.o.Progress, c.o.Problem = func(string) {}, func(error) {}
			if _, err := Run(t.Context(), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// A payload is a delivery only if the notifier would read it as one.
func TestInput(t *testing.T) {
	cases := []struct {
		payload string
		want    [][]string // nil: it is none
	}{
		{`{"watch":{},"sinks":[{"email":{}}],"event":{}}`, [][]string{{"email"}}},
		{`{"watch":{},"sinks":[{"email":{}},{"slack":{}}],"also":[{"watch":{},"sinks":[{"slack":{}},{"slack":{}}]},{"watch":{},"sinks":[]}],"event":{}}`,
			[][]string{{"email", "slack"}, {"slack", "slack"}, nil}},
		{`{"watch":{},"sinks":[{"carrierPigeon":{}}],"event":{}}`, [][]string{{"carrierPigeon"}}},
		{`{"watch":{},"sinks":[{}],"event":{}}`, nil},
		{`{"sinks":[{"email":{}}],"event":{}}`, nil},
		{`{"watch":{},"sink":"email","event":{}}`, nil},
		{`"text"`, nil},
	}
	for _, c := range cases {
		in, ok := readInput([]byte(c.payload))
		if ok != (c.want != nil) || ok && (!reflect.DeepEqual(in.names, c.want) || len(in.Orders()) != len(c.want)) {
			t.Errorf("%s: got %q, want %q", c.payload, in.names, c.want)
		}
	}
}

// A notifier is a function, or what a state machine invokes; nothing else is.
func TestNotifierOf(t *testing.T) {
	const function = "arn:aws:lambda:eu-central-1:111122223333:function:notifier"
	machine := func(properties string) assembly.Target {
		return assembly.Target{
			ARN: "arn:aws:states:eu-central-1:111122223333:stateMachine:m", Kind: "AWS::StepFunctions::StateMachine",
			Resource: &assembly.Resource{Type: "AWS::StepFunctions::StateMachine", Properties: json.RawMessage(properties)},
		}
	}
	invoke := `{"States":{"Notify":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"` + function + `"}},"Wait":{"Type":"Wait"}}}`
	text, err := json.Marshal(invoke)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		target assembly.Target
		want   string
	}{
		{"a function", assembly.Target{ARN: function, Kind: "AWS::Lambda::Function"}, function},
		{"a definition in a string", machine(`{"DefinitionString":` + string(text) + `}`), function},
		{"a definition as an object", machine(`{"Definition":` + invoke + `}`), function},
		{"a function as a task", machine(`{"Definition":{"States":{"A":{"Resource":"` + function + `"}}}}`), function},
		{"a function by its name", machine(`{"Definition":{"States":{"A":{"Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"notifier"}}}}}`), "arn:aws:states:eu-central-1:111122223333:stateMachine:m"},
		{"a machine without functions", machine(`{"Definition":{"States":{"A":{"Resource":"arn:aws:states:::sqs:sendMessage"}}}}`), ""},
		{"a definition that is not one", machine(`{"DefinitionString":7,"Definition":[]}`), ""},
		{"a machine of another app", assembly.Target{ARN: "arn:aws:states:eu-central-1:111122223333:stateMachine:m", Kind: "AWS::StepFunctions::StateMachine"}, ""},
		{"a queue", assembly.Target{ARN: "arn:aws:sqs:eu-central-1:111122223333:q", Kind: "AWS::SQS::Queue"}, ""},
	}
	for _, c := range cases {
		if got, ok := notifierOf(c.target); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, ok, c.want)
		}
	}
}

func TestResultsAreWholeInJSON(t *testing.T) {
	raw, err := json.Marshal(newDelivery(event{file: "f"}, result.Result{}).Items[0].Result)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"file":"f","event_id":"","detail_type":"","rule":"","target":"","sink":"","team":"","outcome":"","reason":"","severity":"","status":"","title":"","summary":"","facts":[],"out":[],"ms":0}`
	if string(raw) != want {
		t.Errorf("got %s", raw)
	}
}
