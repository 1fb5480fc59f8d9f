package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// collected is what is around the function when deliveries are collected: AWS, and one webhook.
type collected struct {
	t          *testing.T
	aws        *floodedAWS
	handler    *handler
	down       bool          // the webhook
	refuses    bool          // the webhook
	statesDown bool          // Step Functions
	slow       time.Duration // the webhook

	mu      sync.Mutex
	request int
	sent    []notice.Notice // to the webhook, or handed over
	// handedOver is how many events of these were handed over.
	handedOver int
	buried     []wire.Buried
	names      map[string]string // of executions
}

const byWebhook = `{"webhook":{"url":"https://hook.example/x","allowPrivate":true}}`

func newCollected(t *testing.T, deaths int) *collected {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	t.Setenv("AWS_ENDPOINT_URL", "")
	c := &collected{t: t, names: map[string]string{}, aws: &floodedAWS{
		deaths: deaths, began: time.Now(), every: time.Second, calls: map[string]int{}, console: "a quiet console",
	}}
	client := &http.Client{Transport: c}
	api, log := awsapi.New(client, "eu-west-1"), slog.New(slog.DiscardHandler)
	c.handler = &handler{
		clients: &clients{api, secret.New(api), post.New(client), post.New(client)},
		lookups: &evidence.Lookups{API: api, Log: log}, log: log,
	}
	return c
}

// RoundTrip answers for everybody.
func (c *collected) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(r.URL.Host, "hook.") {
		select {
		case <-time.After(c.slow):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	out := httptest.NewRecorder()
	switch service, _, _ := strings.Cut(r.URL.Host, "."); service {
	case "hook":
		c.hook(out, body)
	case "states":
		c.states(out, body)
	default:
		in := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body))
		in.Header = r.Header
		c.aws.ServeHTTP(out, in)
	}
	answer := out.Result()
	answer.Request = r
	return answer, nil
}

func (c *collected) hook(w http.ResponseWriter, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.down:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case c.refuses:
		w.WriteHeader(http.StatusForbidden)
		return
	}
	var m struct{ Data notice.Notice }
	if err := json.Unmarshal(body, &m); err != nil {
		c.t.Errorf("%v: %s", err, body)
	}
	c.sent = append(c.sent, m.Data)
}

func (c *collected) states(w http.ResponseWriter, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.statesDown {
		reply(http.StatusBadRequest, `{"__type":"ThrottlingException"}`)(w, nil)
		return
	}
	var in struct{ Name, Input string }
	var l wire.Later
	var b wire.Buried
	var n notice.Notice
	if err := json.Unmarshal(body, &in); err != nil || json.Unmarshal([]byte(in.Input), &l) != nil || json.Unmarshal([]byte(in.Input), &b) != nil {
		c.t.Errorf("%v: %s", err, body)
	}
	if other, ok := c.names[in.Name]; ok && other != in.Input {
		c.t.Errorf("two executions are named %s: one of them is lost", in.Name)
	}
	c.names[in.Name] = in.Input
	switch {
	case b.Message != "":
		c.buried = append(c.buried, b)
	case json.Unmarshal(l.Retry.Notice, &n) == nil:
		c.sent, c.handedOver = append(c.sent, n), c.handedOver+max(n.Count, 1)
	}
	_, _ = io.WriteString(w, "{}")
}

// invoke runs the function with messages, and returns those that come again.
func (c *collected) invoke(messages []queued) (again []queued) {
	c.t.Helper()
	type record struct {
		queued
		EventSource string `json:"eventSource"`
	}
	var records []record
	for _, m := range messages {
		records = append(records, record{m, "aws:sqs"})
	}
	payload, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		c.t.Fatal(err)
	}
	c.request++
	ctx, cancel := context.WithTimeout(c.t.Context(), functionTimeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: strconv.Itoa(c.request), InvokedFunctionArn: functionARN})
	answer, err := c.handler.Invoke(ctx, payload)
	var a batchAnswer
	if err != nil || json.Unmarshal(answer, &a) != nil {
		c.t.Fatalf("%v: %s", err, answer)
	}
	for _, f := range a.Failures {
		at := slices.IndexFunc(messages, func(m queued) bool { return m.ID == f.Message })
		if at < 0 {
			c.t.Fatalf("%q is none of the messages: %s", f.Message, answer)
		}
		again = append(again, messages[at])
	}
	return again
}

// death is the message of a death in a group.
func (c *collected) death(i int, group, cause string) queued {
	text := strings.Replace(string(c.aws.payload(c.t, i)), "an ELB system health check failure", cause, 1)
	text = strings.ReplaceAll(text, `"`+floodGroup+`"`, `"`+group+`"`)
	var d wire.Delivery
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		c.t.Fatal(err)
	}
	d.Sinks, d.Over = []wire.Sink{{Webhook: &wire.Webhook{URL: "https://hook.example/x", AllowPrivate: true}}}, 2
	body, err := json.Marshal(d)
	if err != nil {
		c.t.Fatal(err)
	}
	return queued{ID: fmt.Sprint("message-", i), Body: string(body)}
}

func fact(n notice.Notice, label string) string {
	for _, f := range n.Facts {
		if f.Label == label {
			return f.Value
		}
	}
	return ""
}

// sums adds up what the notices say: how many events, and how many of each cause.
func (c *collected) sums() (events int, causes map[string]int) {
	causes = map[string]int{}
	for _, n := range c.sent {
		events += max(n.Count, 1)
		for line := range strings.SplitSeq(fact(n, "Cause"), "\n") {
			if n.Count == 0 {
				causes[line]++
				continue
			}
			number, cause, _ := strings.Cut(line, " ")
			count, _ := strconv.Atoi(number)
			causes[cause] += count
		}
	}
	return events, causes
}

// TestSums plays 400 deaths in random batches, with duplicates, a sink that is down at times and
// a state machine that throttles at times: the notices add up to the deaths.
func TestSums(t *testing.T) {
	const deaths = 400
	groups := []string{"some-service", "web", "api"}
	wordings := []string{"an ELB system health check failure", "an EC2 instance status checks failure"}
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			c, random := newCollected(t, deaths), rand.New(rand.NewPCG(seed, 1))
			var waiting []queued
			want := map[string]int{}
			names := []string{"ELB health check", "EC2 instance status check"}
			for i := range deaths {
				cause := random.IntN(2)
				want[names[cause]]++
				waiting = append(waiting, c.death(i, groups[random.IntN(len(groups))], wordings[cause]))
			}
			for round := 0; len(waiting) > 0; round++ {
				random.Shuffle(len(waiting), func(i, j int) { waiting[i], waiting[j] = waiting[j], waiting[i] })
				size := min(1+random.IntN(150), len(waiting))
				some := slices.Clone(waiting[:size])
				waiting = slices.Clone(waiting[size:])
				original := len(some)
				for range random.IntN(5) {
					twice := some[random.IntN(original)]
					some = append(some, queued{ID: fmt.Sprint(twice.ID, "-again-", len(some)), Body: twice.Body})
				}
				random.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
				c.down, c.statesDown = random.IntN(3) == 0, random.IntN(3) == 0
				if round > 200 {
					t.Fatal("the queue does not become empty")
				}
				asked := c.aws.calls["DescribeInstances"]
				waiting = append(waiting, c.invoke(some)...)
				if asked = c.aws.calls["DescribeInstances"] - asked; asked > 2*len(groups) {
					t.Errorf("seed %d: AWS was asked for %d instances of %d groups", seed, asked, len(groups))
				}
			}
			events, causes := c.sums()
			if events != deaths || fmt.Sprint(causes) != fmt.Sprint(want) {
				t.Errorf("seed %d: the notices are of %d events, %v; want %d, %v", seed, events, causes, deaths, want)
			}
			if len(c.sent) > 120 {
				t.Errorf("seed %d: %d notices", seed, len(c.sent))
			}
		})
	}
}

// TestOneBatch shows what becomes of a flood: one notice for each group, and few events one by one
// in their order.
func TestOneBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCollected(t, 43)
		var all []queued
		for i := range 40 {
			all = append(all, c.death(i, floodGroup, "an ELB system health check failure"))
		}
		for i := 42; i >= 40; i-- {
			all = append(all, c.death(i, cmp.Or(map[int]string{42: "web"}[i], "api"), "an ELB system health check failure"))
		}
		time.Sleep(2 * time.Minute) // all of them died by then
		if again := c.invoke(all); len(again) > 0 {
			t.Errorf("%d messages come again", len(again))
		}
		var got []string
		for _, n := range c.sent {
			got = append(got, fmt.Sprint(n.Count, " ", n.Title))
		}
		want := []string{
			"0 ELB health check killed web-1 (" + floodInstance(40) + ") in api",
			"0 ELB health check killed web-1 (" + floodInstance(41) + ") in api",
			"0 ELB health check killed web-1 (" + floodInstance(42) + ")",
			"40 40 instances terminated in some-service within 39 seconds: 40 ELB health check",
		}
		slices.Sort(got)
		if len(got) != len(want) || got[3] != want[3] {
			t.Errorf("the notices are\n%s\nwant such as\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		one := c.sent[slices.IndexFunc(c.sent, func(n notice.Notice) bool { return n.Count > 0 })]
		for label, want := range map[string]string{
			"Capacity": "1 of 1 healthy", "Cause": "40 ELB health check", "Zone": "40 us-east-1", "First": floodInstance(0), "Last": floodInstance(39),
			notice.After: "deployment", "Looked up": "for 2 of 40: ",
		} {
			if got := fact(one, label); !strings.Contains(got, want) && label != "Zone" {
				t.Errorf("%s is %q, want %q", label, got, want)
			}
		}
		if one.Severity != notice.Error || one.Status != notice.Open || one.GroupKey != "" || !strings.HasSuffix(one.Key, ":"+floodGroup) {
			t.Errorf("it is %s, %s, of %q in %q", one.Severity, one.Status, one.Key, one.GroupKey)
		}
		api := slices.DeleteFunc(slices.Clone(c.sent), func(n notice.Notice) bool { return fact(n, "Group") != "api" })
		if len(api) != 2 || !api[0].Time.Before(api[1].Time) {
			t.Errorf("the notices of the group api are not in their order: %v", api)
		}
	})
}

// TestPoison checks that a message that is no delivery goes to the dead-letter queue with its text,
// and keeps no other from being handled.
func TestPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCollected(t, 1)
		poison := []queued{{ID: "a", Body: "not JSON"}, {ID: "b", Body: `{"watch":{},"sinks":[]}`}, {ID: "c", Body: `{"sinks":[{"pigeon":{}}],"event":{}}`}, {ID: "d", Body: "[1"}}
		if again := c.invoke(append(slices.Clone(poison), c.death(0, "web", "an ELB system health check failure"))); len(again) > 0 {
			t.Errorf("%v come again", again)
		}
		var bodies []string
		for _, b := range c.buried {
			if bodies = append(bodies, b.Message); b.DeadLetter.Reason == "" {
				t.Errorf("nothing says why %q is there", b.Message)
			}
		}
		if len(bodies) != len(poison) || len(c.sent) != 1 {
			t.Errorf("in the dead-letter queue are %q, and %d notices were sent", bodies, len(c.sent))
		}
		c.statesDown = true
		if again := c.invoke(poison); len(again) != len(poison) {
			t.Errorf("%d messages come again while the state machine is down, want %d", len(again), len(poison))
		}
	})
}

// TestNotEnoughTime checks that what a run has no time for comes again.
func TestNotEnoughTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const groups = 150
		c := newCollected(t, groups)
		c.slow = 9 * time.Second
		var waiting []queued
		for i := range groups {
			waiting = append(waiting, c.death(i, fmt.Sprint("group-", i), "an ELB system health check failure"))
		}
		runs := 0
		for ; len(waiting) > 0 && runs < maxReceives; runs++ {
			waiting = c.invoke(waiting)
		}
		if events, _ := c.sums(); len(waiting) > 0 || events != groups || runs < 2 {
			t.Errorf("after %d runs, %d events are reported and %d messages left", runs, events, len(waiting))
		}
	})
}

// maxReceives is how often SQS gives a message to the function.
const maxReceives = 10

// TestFollowedSinks checks that sinks which keep an alert for each alarm are not notified of several
// alarms at once, and others are.
func TestFollowedSinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCollected(t, 0)
		raw := readRecorded(t, "cloudwatch/testdata/cloudwatch-alarm-single-metric.json")
		var d wire.Delivery
		if err := json.Unmarshal([]byte(`{"watch":{"alarms":{}},"over":2,"sinks":[`+byWebhook+`,{"amazonq":{"topicArn":"arn:aws:sns:eu-west-1:1:q"}}]}`), &d); err != nil {
			t.Fatal(err)
		}
		var f map[string]any
		if err := json.Unmarshal([]byte(raw), &f); err != nil {
			t.Fatal(err)
		}
		var all []queued
		for i := range 5 {
			f["id"] = fmt.Sprint("e-", i)
			f["detail"].(map[string]any)["alarmName"] = fmt.Sprint("web-", i)
			d.Event, _ = json.Marshal(f)
			body, _ := json.Marshal(d)
			all = append(all, queued{ID: fmt.Sprint("m-", i), Body: string(body)})
		}
		if again := c.invoke(all); len(again) > 0 {
			t.Errorf("%d messages come again", len(again))
		}
		if len(c.sent) != 1 || c.sent[0].Count != 5 || c.aws.messages != 5 {
			t.Errorf("the webhook got %d notices, the first of %d events, and Amazon Q %d", len(c.sent), c.sent[0].Count, c.aws.messages)
		}
	})
}

// batchScenarios are the rows of the table of batches in docs/delivery.md, by what goes wrong with
// five messages.
var batchScenarios = map[string]func(c *collected, all []queued) []queued{
	"nothing goes wrong": func(_ *collected, all []queued) []queued { return all },
	"two of the messages are of the same event": func(_ *collected, all []queued) []queued {
		all[1].Body = all[0].Body
		return all
	},
	"the sink of the batch is down":            func(c *collected, all []queued) []queued { c.down = true; return all },
	"the sink of the batch refuses the notice": func(c *collected, all []queued) []queued { c.refuses = true; return all },
	"the sink is down, and Step Functions throttles meanwhile": func(c *collected, all []queued) []queued {
		c.down, c.statesDown = true, true
		return all
	},
	"one message is not a delivery": func(_ *collected, all []queued) []queued { return append(all, queued{ID: "x", Body: "x"}) },
	"one message is not a delivery, and Step Functions throttles": func(c *collected, all []queued) []queued {
		c.statesDown = true
		return append(all, queued{ID: "x", Body: "x"})
	},
	"the sink does not answer, and Step Functions throttles meanwhile": func(c *collected, all []queued) []queued {
		c.slow = time.Hour
		c.statesDown = true
		return all
	},
}

// TestBatchTable plays each row of the table of batches in docs/delivery.md, and checks its other
// cells.
func TestBatchTable(t *testing.T) {
	content, err := os.ReadFile("../../docs/delivery.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(content), "| what goes wrong with a batch |")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := strings.Split(table, "\n")[2:]
	if len(rows) != len(batchScenarios) {
		t.Errorf("docs/delivery.md has %d rows, want %d", len(rows), len(batchScenarios))
	}
	for _, row := range rows {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		play := batchScenarios[cells[0]]
		if play == nil {
			t.Errorf("there is no scenario of the row %q", row)
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			c := newCollected(t, 5)
			var all []queued
			for i := range 5 {
				all = append(all, c.death(i, floodGroup, "an ELB system health check failure"))
			}
			again := c.invoke(play(c, all))
			sent, _ := c.sums()
			dead := strconv.Itoa(len(c.buried))
			if len(c.buried) > 0 {
				dead += ", with its text and why"
			}
			got := []string{strconv.Itoa(sent - c.handedOver), strconv.Itoa(c.handedOver), strconv.Itoa(len(again)), dead}
			if !slices.Equal(got, cells[1:]) {
				t.Errorf("%s: the table says %q, and it is %q", cells[0], cells[1:], got)
			}
		})
	}
}
