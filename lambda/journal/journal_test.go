package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

var (
	happened = time.Date(2026, 11, 22, 10, 7, 2, 0, time.UTC)
	decided  = happened.Add(3 * time.Second)
)

func died() *notice.Notice {
	return &notice.Notice{
		ID: "6a7e8feb-b491-4cf7-a9f1-bf3703467718", Time: happened, Account: "123456789012", Alias: "production", Region: "eu-west-1", Service: "some-service",
		Kind: notice.KindTermination, Severity: notice.Error, Status: notice.Open,
		Title: "i-0123456789abcdef0 in web ran out of memory (java); killed by its ELB health check", Summary: "Third in an hour.",
		Key: "ec2:123456789012:eu-west-1:i-0123456789abcdef0", GroupKey: "autoscaling:123456789012:eu-west-1:web",
		Facts: []notice.Fact{
			{Label: "Instance", Value: "i-0123456789abcdef0", URL: "https://console.aws.amazon.com/ec2"}, {Label: "Cause", Value: "ELB health check"},
			{Label: notice.LastWords, Value: "Out of memory: Killed process 1 (java)\nand <more>"},
		},
		Links: []notice.Link{{Label: "Instance", URL: "https://console.aws.amazon.com/ec2"}, {Label: "Group", URL: "https://console.aws.amazon.com/asg"}},
		Event: json.RawMessage(`{"left":"out"}`),
	}
}

// TestLines compares lines with a file: their fields are promised.
func TestLines(t *testing.T) {
	released := &notice.Notice{
		ID: "2", Time: happened, Kind: notice.KindDeployment, Severity: notice.Info, Status: notice.Marker, Title: "Deployed: 1.4.2", Key: "web/production",
		Release: &notice.Release{ID: "d-1", Application: "web", Group: "production", State: wire.DeploymentSucceeded, Version: "1.4.2", By: "alice", Started: happened, Ended: decided},
	}
	lines := map[string][]byte{
		"notified": Of(died(), Decision{DetailType: "EC2 Instance Terminate Successful", Watch: "terminations", Sinks: []notice.SinkReceipt{{Sink: "email", Outcome: notice.Sent}}}, decided),
		"in part": Of(died(), Decision{Watch: "terminations", Sinks: []notice.SinkReceipt{
			{Sink: "email", Outcome: notice.Sent}, {Sink: "slack", Outcome: notice.Later, Reason: "slack.com: HTTP 503", AfterSeconds: 60}, {Sink: "teams", Outcome: notice.Failed, Reason: "HTTP 404"},
		}}, decided),
		"late":    Of(died(), Decision{Watch: "terminations", Attempt: 2, Sinks: []notice.SinkReceipt{{Sink: "slack", Outcome: notice.Sent}}}, decided),
		"skipped": Of(died(), Decision{Watch: "terminations", Skipped: "it wants the causes spot only"}, decided),
		"release": Of(released, Decision{Watch: "deployments", Sinks: []notice.SinkReceipt{{Sink: "email", Outcome: notice.Sent}}}, decided),
		"nothing": Of(&notice.Notice{}, Decision{}, decided),
	}
	whole := map[string]any{}
	for name, line := range lines {
		whole[name] = json.RawMessage(line)
	}
	golden.JSON(t, "testdata/lines.json", whole)
}

// TestLongLines shows that a line is one line of JSON, short enough, whatever is in the notice.
func TestLongLines(t *testing.T) {
	long := strings.Repeat("\U0001f600\u2028\"\n", 2_000)
	worst := died()
	for _, s := range []*string{&worst.ID, &worst.Account, &worst.Region, &worst.Service, &worst.Title, &worst.Summary, &worst.Key, &worst.GroupKey} {
		*s = long
	}
	worst.Release = &notice.Release{ID: long, Application: long, Group: long, Version: long, Commit: long, Description: long, By: long, URL: long}
	worst.Links[0] = notice.Link{Label: long, URL: long}
	decision := Decision{DetailType: long, Skipped: long}
	for range 100 {
		worst.Facts = append(worst.Facts, notice.Fact{Label: long, Value: long, URL: "https://example.com/" + strings.Repeat("<", 1_900)})
		decision.Sinks = append(decision.Sinks, notice.SinkReceipt{Sink: "slack", Outcome: notice.Failed, Reason: long})
	}
	worst.Facts = append(worst.Facts, notice.Fact{Label: notice.LastWords, Value: "needed"})
	all := sinktest.Samples()
	all["worst"] = worst
	for name, n := range all {
		line := Of(n, decision, decided)
		var l Line
		if err := json.Unmarshal(line, &l); err != nil || len(line) > maxLine || strings.Contains(string(line), "\n") {
			t.Errorf("%s: %d bytes, %v", name, len(line), err)
		}
		if name == "worst" && (len(l.Facts) < 10 || l.Facts[1].Value != "needed") {
			t.Errorf("the facts are %.200v", l.Facts)
		}
	}
}

// logs is CloudWatch Logs: it answers calls in turn, and then well.
type logs struct {
	answers []string // "400 Code", or a body
	calls   []string
	events  []struct {
		Timestamp int64
		Message   string
	}
}

func (l *logs) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	target := r.Header.Get("X-Amz-Target")
	var in struct {
		LogGroupName, LogStreamName string
		LogEvents                   []struct {
			Timestamp int64
			Message   string
		}
	}
	if json.Unmarshal(body, &in) != nil || r.Host != "logs.eu-west-1.amazonaws.com" && r.URL.Host != "logs.eu-west-1.amazonaws.com" ||
		r.Header.Get("Content-Type") != "application/x-amz-json-1.1" || strings.ContainsAny(in.LogStreamName, ":*") {
		return nil, fmt.Errorf("%s to %s", body, r.URL)
	}
	stream := in.LogStreamName
	if len(stream) > len("2006/01/02/") {
		stream = stream[:len("2006/01/02/")]
	}
	l.calls = append(l.calls, target+" "+in.LogGroupName+" "+stream)
	status, answer := 200, "{}"
	if len(l.answers) > 0 {
		answer, l.answers = l.answers[0], l.answers[1:]
		if code, ok := strings.CutPrefix(answer, "400 "); ok {
			status, answer = 400, `{"__type":"`+code+`"}`
		}
	}
	if status == 200 {
		l.events = append(l.events, in.LogEvents...)
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

func (l *logs) api() *awsapi.Client {
	api := awsapi.New(&http.Client{Transport: l}, "eu-west-1")
	api.Credentials = func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
	}
	return api
}

const (
	creating = "Logs_20140328.CreateLogStream journal "
	putting  = "Logs_20140328.PutLogEvents journal "
)

// TestWrite writes into a stream that is made once a day.
func TestWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &logs{answers: []string{"400 ResourceAlreadyExistsException"}}
		var w Writer
		start := time.Now().UTC()
		line := func(at time.Time) []byte {
			n := died()
			n.Time = at
			return Of(n, Decision{}, time.Now())
		}
		for _, age := range []time.Duration{time.Second, 20 * time.Hour, -30 * time.Hour} {
			if err := w.Write(t.Context(), l.api(), "journal", line(start.Add(-age))); err != nil {
				t.Fatal(err)
			}
		}
		for i, want := range []time.Time{start.Add(-time.Second), start, start} {
			if got := time.UnixMilli(l.events[i].Timestamp); !got.Equal(want) {
				t.Errorf("line %d is at %v, want %v", i, got, want)
			}
		}
		time.Sleep(24 * time.Hour)
		if err := w.Write(t.Context(), l.api(), "journal", line(time.Now())); err != nil {
			t.Fatal(err)
		}
		day, next := start.Format("2006/01/02/"), time.Now().UTC().Format("2006/01/02/")
		golden.List(t, "calls", l.calls, []string{creating + day, putting + day, putting + day, putting + day, creating + next, putting + next})
	})
}

// TestRefused shows which errors are worth another try, and what each says.
func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		answers   []string
		permanent bool
		says      string
	}{
		"no group":          {[]string{"400 ResourceNotFoundException"}, true, "create the log group again"},
		"no stream":         {[]string{"{}", "400 ResourceNotFoundException"}, false, "ResourceNotFoundException"},
		"denied":            {[]string{"400 AccessDeniedException"}, true, "logs:PutLogEvents"},
		"denied later":      {[]string{"{}", "400 AccessDeniedException"}, true, "logs:PutLogEvents"},
		"throttled":         {[]string{"400 ThrottlingException", "400 ThrottlingException", "400 ThrottlingException"}, false, "ThrottlingException"},
		"unavailable":       {[]string{"{}", "400 ServiceUnavailableException"}, false, "ServiceUnavailableException"},
		"aborted":           {[]string{"400 OperationAbortedException"}, false, "OperationAbortedException"},
		"too large":         {[]string{"{}", "400 InvalidParameterException"}, true, "InvalidParameterException"},
		"too old":           {[]string{"{}", `{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}`}, true, "did not take the line"},
		"nothing rejected":  {[]string{"{}", `{"rejectedLogEventsInfo":null}`}, false, ""},
		"an answer of HTML": {[]string{"{}", `<html>`}, false, "not the expected JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &logs{answers: tt.answers}
				var w Writer
				err := w.Write(t.Context(), l.api(), "journal", Of(died(), Decision{}, time.Now()))
				if (err == nil) != (tt.says == "") || err != nil && (!strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "journal")) || notice.IsPermanent(err) != tt.permanent {
					t.Errorf("permanent %v: %v", notice.IsPermanent(err), err)
				}
				if err := w.Write(t.Context(), l.api(), "journal", Of(died(), Decision{}, time.Now())); err != nil {
					t.Errorf("the next one: %v", err)
				}
			})
		})
	}
}
