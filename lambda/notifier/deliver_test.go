package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/journal"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// desk is a handler whose requests are all answered in the process, and what it sent.
type desk struct {
	handler *handler
	log     bytes.Buffer
	refuse  func(r *http.Request) bool // answers 503
	scaling map[string]string          // answers of Auto Scaling by operation; else it denies

	mu    sync.Mutex
	calls map[string]int // of AWS operations, and of everything else as "messages"
	texts []string       // of the messages
	later []wire.Later
	// inputs are those of the state machine, as they came.
	inputs []string
	lines  []journal.Line // of the journal
}

func newDesk(t *testing.T, rehearsal bool) *desk {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	t.Setenv("AWS_ENDPOINT_URL", "")
	d := &desk{calls: map[string]int{}}
	client := &http.Client{Transport: d}
	api := awsapi.New(client, "eu-west-1")
	log := slog.New(slog.NewJSONHandler(&d.log, nil))
	d.handler = &handler{
		clients: &clients{api, secret.New(api), post.New(client), post.New(client)},
		lookups: &evidence.Lookups{API: api, Log: log, Unshared: rehearsal}, log: log, rehearsal: rehearsal,
	}
	return d
}

func (d *desk) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	answer := func(status int, text string) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, err
	}
	service, _, _ := strings.Cut(r.URL.Host, ".")
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if at := strings.Index(string(body), "Action="); operation == "" && at >= 0 {
		operation, _, _ = strings.Cut(string(body)[at+len("Action="):], "&")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.refuse != nil && d.refuse(r):
		return answer(503, "")
	case service == "ec2" && operation == "DescribeInstances":
		d.calls[operation]++
		return answer(200, strings.Replace(named, "%ID%", "i-0123456789abcdef0", 1))
	case d.scaling[operation] != "":
		return answer(200, d.scaling[operation])
	case slices.Contains([]string{"ec2", "autoscaling", "iam", "codedeploy"}, service):
		d.calls[operation]++
		return answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
	case service == "logs":
		d.lines = append(d.lines, linesIn(body)...)
		return answer(200, "{}")
	case service == "secretsmanager":
		return answer(200, `{"SecretString":"{\"key\":\"`+keptSecret+`\"}"}`)
	case service == "states":
		var in struct{ Input string }
		var l wire.Later
		if err := errors.Join(json.Unmarshal(body, &in), json.Unmarshal([]byte(in.Input), &l)); err != nil {
			return nil, err
		}
		d.later, d.inputs = append(d.later, l), append(d.inputs, in.Input)
		return answer(200, "{}")
	}
	if strings.HasSuffix(r.URL.Path, "/conversations.history") {
		return answer(200, `{"ok":true,"messages":[]}`)
	}
	d.calls["messages"]++
	d.texts = append(d.texts, readable(string(body)))
	switch service {
	case "email":
		return answer(200, `{"MessageId":"m-1"}`)
	case "sns":
		return answer(200, published)
	case "events":
		return answer(202, `{"status":"success"}`)
	default:
		return answer(200, `{"ok":true}`)
	}
}

// invoke returns the receipt.
func (d *desk) invoke(t *testing.T, payload string) notice.Receipt {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	answer, err := d.handler.Invoke(lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "r", InvokedFunctionArn: functionARN}), []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	var r notice.Receipt
	if err := json.Unmarshal(answer, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

const bySlack = `{"slack":{"token":{"arn":"` + secretARN + `","field":"key"},"channel":"C0123456789"}}`

// withOrders adds further watches to a delivery.
func withOrders(payload string, orders ...string) string {
	return strings.Replace(payload, `,"event":`, `,"also":[`+strings.Join(orders, ",")+`],"event":`, 1)
}

// TestSeveralWatches shows that each watch of a delivery decides and writes for itself, and that
// AWS is asked once for all of them.
func TestSeveralWatches(t *testing.T) {
	for _, rehearsal := range []bool{false, true} {
		alone, d := newDesk(t, rehearsal), newDesk(t, rehearsal)
		alone.invoke(t, deliver(t, terminations, byMail+","+bySlack, killed))
		r := d.invoke(t, withOrders(deliver(t, terminations, byMail+","+bySlack, killed),
			`{"watch":{"service":"other","terminations":{}},"sinks":[`+byTopic+`]}`,
			`{"watch":{"service":"picky","terminations":{"causes":["scale-in"]}},"sinks":[`+byMail+`]}`,
		))
		if len(r.Orders) != 3 || len(r.Orders[0].Sinks) != 2 || len(r.Orders[1].Sinks) != 1 || r.Orders[2].Skipped == "" || r.Orders[2].Sinks != nil {
			t.Errorf("the receipt is %+v", r)
		}
		for i, want := range []string{"email", "slack"} {
			if got := r.Orders[0].Sinks[i]; got.Sink != want || got.Outcome != notice.Sent {
				t.Errorf("sink %d is %+v, want %s", i, got, want)
			}
		}
		for i, o := range r.Orders {
			if (o.Notice != nil) != rehearsal {
				t.Errorf("the receipt of order %d has the notice: %v", i, o.Notice)
			}
		}
		if rehearsal && (r.Orders[0].Notice.Service != "some-service" || r.Orders[1].Notice.Service != "other") {
			t.Errorf("the notices are of %s and %s", r.Orders[0].Notice.Service, r.Orders[1].Notice.Service)
		}
		if d.calls["messages"] != 3 {
			t.Errorf("%d messages", d.calls["messages"])
		}
		d.calls["messages"], alone.calls["messages"] = 0, 0
		if got, want := fmt.Sprint(d.calls), fmt.Sprint(alone.calls); got != want {
			t.Errorf("three watches ask %s, one %s", got, want)
		}
		if lines := strings.Count(d.log.String(), `"outcome":`); lines != 4 {
			t.Errorf("%d lines with an outcome, want one for each sink and one for what is skipped:\n%s", lines, d.log.String())
		}
	}
}

// TestUnwantedAsksNobody shows that what no watch wants costs no call.
func TestUnwantedAsksNobody(t *testing.T) {
	d := newDesk(t, false)
	d.invoke(t, withOrders(deliver(t, terminations, byMail, scaledIn), `{"watch":{"terminations":{"causes":["spot"]}},"sinks":[`+byTopic+`]}`))
	if len(d.calls) != 0 {
		t.Errorf("it made %v", d.calls)
	}
}

// TestLateNotice shows the way of a notice that a sink does not take: handed over, sent again and
// late, and refused for good.
func TestLateNotice(t *testing.T) { synctest.Test(t, testLateNotice) }

func testLateNotice(t *testing.T) {
	d := newDesk(t, true)
	d.refuse = func(r *http.Request) bool { return r.URL.Host == "slack.com" }
	r := d.invoke(t, deliver(t, terminations, byMail+","+bySlack, killed))
	if got := r.Orders[0].Sinks[1]; got.Outcome != notice.Later || got.AfterSeconds != 60 || !strings.HasSuffix(got.Reason, "slack.com: HTTP 503 Service Unavailable") {
		t.Errorf("the receipt is %+v", got)
	}
	if d.calls["messages"] != 1 || len(d.later) != 1 || d.later[0].Retry.Attempt != 1 || d.later[0].AfterSeconds != 60 || d.later[0].DeadLetter != nil {
		t.Fatalf("%d messages, handed over %+v", d.calls["messages"], d.later)
	}
	first := d.later[0].Retry
	first.Since = first.Since.Add(-47 * time.Minute)
	late := func(attempt int) notice.SinkReceipt {
		first.Attempt = attempt
		input, err := json.Marshal(wire.Later{AfterSeconds: 60, Retry: first})
		if err != nil {
			t.Fatal(err)
		}
		d.calls, d.later = map[string]int{}, nil
		return d.invoke(t, string(input)).Orders[0].Sinks[0]
	}
	if got := late(4); got.Outcome != notice.Later || got.AfterSeconds != 3*60*60 || d.later[0].Retry.Attempt != 5 || !d.later[0].Retry.Since.Equal(first.Since) {
		t.Errorf("after the fourth retry: %+v, %+v", got, d.later)
	}
	if strings.Contains(string(d.later[0].Retry.Notice), "late") {
		t.Errorf("what is handed over is late already: %s", d.later[0].Retry.Notice)
	}
	if got := late(5); got.Outcome != notice.Failed || d.later[0].DeadLetter == nil || d.later[0].DeadLetter.Attempts != 6 || d.later[0].Retry.Attempt != 0 {
		t.Errorf("after the last retry: %+v, %+v", got, d.later)
	}
	d.refuse, d.texts = nil, nil
	if got := late(5); got.Outcome != notice.Sent || len(d.later) != 0 || d.calls["messages"] != 1 || len(d.calls) != 1 {
		t.Errorf("sent: %+v, %+v, calls %v", got, d.later, d.calls)
	}
	if want := "47 minutes late: Slack answered 503 Service Unavailable. "; !strings.Contains(d.texts[0], want) {
		t.Errorf("no %q in %s", want, d.texts[0])
	}
	if log := d.log.String(); !strings.Contains(log, `"attempt":5,"late_s":28`) {
		t.Errorf("the log does not say how late it is:\n%s", log)
	}
}

// TestEverySinkSaysLate walks the contract: each sink shows that a notice is late.
func TestEverySinkSaysLate(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	t.Setenv("AWS_ENDPOINT_URL", "")
	for _, sink := range examples(t) {
		for i, config := range append([]json.RawMessage{sink.Config}, sink.Also...) {
			o := &outside{sink: sink}
			for name, n := range allNotices(t) {
				if strings.HasPrefix(name, "sample-") && len(n.Summary) > 2_000 {
					continue // cut by some sinks, after its beginning
				}
				late := *n
				late.Summary = "47 minutes late: Slack answered 503. " + n.Summary
				o.got = nil
				if err := openExample(t, o, config).Send(t.Context(), &late); err != nil || len(o.got) != 1 {
					t.Errorf("%s, %d, %s: %v", sink.name, i, name, err)
					continue
				}
				if !strings.Contains(readable(o.got[0].Body), "47 minutes late") {
					t.Errorf("%s, %d, %s does not say that it is late: %.1000s", sink.name, i, name, o.got[0].Body)
				}
			}
		}
	}
}

// panicky is a sink that panics.
type panicky struct{}

func (panicky) Send(context.Context, *notice.Notice) error { panic("an index out of range") }

// TestPanicOfOneSink shows that a sink that panics harms no other, and that its notice is kept.
func TestPanicOfOneSink(t *testing.T) {
	d := newDesk(t, false)
	orders, err := d.handler.orders(t.Context(), &wire.Delivery{Order: wire.Order{
		Watch: wire.Watch{Terminations: &wire.Terminations{}},
		Sinks: []wire.Sink{{Topic: &wire.Topic{ARN: "arn:aws:sns:eu-west-1:123456789012:a"}}, {Topic: &wire.Topic{ARN: "arn:aws:sns:eu-west-1:123456789012:b"}}, {}},
	}, Event: json.RawMessage(`{"id":"e"}`)})
	if err != nil {
		t.Fatal(err)
	}
	orders[0].sinks[0].sender = panicky{}
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{InvokedFunctionArn: functionARN})
	r, err := d.handler.deliver(ctx, orders)
	if err != nil {
		t.Fatal(err)
	}
	var got []notice.Outcome
	for _, s := range r.Orders[0].Sinks {
		got = append(got, s.Outcome)
	}
	if want := []notice.Outcome{notice.Failed, notice.Sent, notice.Failed}; !slices.Equal(got, want) {
		t.Errorf("the outcomes are %v, want %v", got, want)
	}
	for i, want := range []string{"panicked", "no sink that this notifier knows"} {
		if len(d.later) != 2 || !slices.ContainsFunc(d.later, func(l wire.Later) bool { return strings.Contains(l.DeadLetter.Reason, want) }) {
			t.Errorf("dead letter %d: %+v has no %q", i, d.later, want)
		}
	}
}
