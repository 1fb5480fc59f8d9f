package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/journal"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/pipes"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

const (
	functionARN = "arn:aws:lambda:eu-west-1:123456789012:function:notifier"
	machineARN  = "arn:aws:states:eu-west-1:123456789012:stateMachine:notifier"

	functionTimeout = 30 * time.Second // the default of NotifierProps
	maxRuns         = 3                // of one asynchronous invocation
)

// world is everything around the function, on the clock of a bubble of testing/synctest: Lambda
// with its queue of asynchronous invocations, the state machine, the dead-letter queue, and, in
// worldnet_test.go, AWS and the destinations.
type world struct {
	t      *testing.T
	sinks  []*example
	wrong  wrong
	byHost map[string]string // which sink a destination is of
	silent map[string]bool   // which sink sends nothing for a recording
	busy   sync.WaitGroup    // invocations and executions

	journal string // the log group that rules name; empty: none

	learning string // the sink whose destination is learned

	mu         sync.Mutex
	requests   int // of invocations
	free       []*process
	fates      map[string]*fate
	executions map[string]string // inputs by name
	waits      []time.Duration   // before the executions that sent something again
	reruns     []time.Duration   // before Lambda ran the function again
	dead       []wire.Later
	records    []record
	writes     int // to the journal
	lines      []journal.Line
	log        strings.Builder
}

// wrong says what goes wrong. A function that is nil lets nothing go wrong.
type wrong struct {
	sink   func(sink, event string, nth int) *sinkFault
	secret func(event string, nth int) http.HandlerFunc
	lookup func() http.HandlerFunc
	states func() bool // throttled
	logs   func(nth int) http.HandlerFunc
	kill   func(event string, run int) time.Duration
}

// fate is what happened to the notices of an event.
type fate struct {
	file                          string
	kills, notHandedOver, secrets int
	// by sink
	taken, requests, faults, doubtful map[string]int
	late                              map[string]string // the message of a retry
}

// record is what the failure destination gets: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
type record struct {
	event, payload string
	reason         string // empty if the process was killed
}

// recording is a recorded event and a watch that reports it.
type recording struct{ file, watch string }

var recordings = []recording{{killed, terminations}, {deployed, deployments}}

// newWorld learns which destination is whose, and which sinks send nothing for a recording, by
// sending each to each sink alone.
func newWorld(t *testing.T) *world {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	t.Setenv("AWS_ENDPOINT_URL", "")
	w := &world{t: t, sinks: examples(t), byHost: map[string]string{}, silent: map[string]bool{}, executions: map[string]string{}, fates: map[string]*fate{}}
	for i, sink := range w.sinks {
		for _, r := range recordings {
			w.learning = sink.name
			w.send(sink.name+r.file, r, sink)
			w.busy.Wait()
			w.silent[sink.name+r.file] = w.fates[sink.name+r.file].taken[sink.name] == 0
		}
		if len(w.byHost) != i+1 {
			t.Fatalf("the destination of %s is not one of its own: %v", sink.name, w.byHost)
		}
	}
	for _, p := range w.free {
		p.stop()
	}
	w.learning, w.fates, w.free = "", map[string]*fate{}, nil
	return w
}

// send has a rule deliver a recorded event, as of now, to sinks.
func (w *world) send(id string, r recording, sinks ...*example) {
	var configs []string
	for _, s := range sinks {
		configs = append(configs, fmt.Sprintf("{%q:%s}", s.name, s.Config))
	}
	payload := deliver(w.t, r.watch, strings.Join(configs, ","), r.file)
	if w.journal != "" {
		payload = strings.Replace(payload, `,"event":`, fmt.Sprintf(`,"journal":%q,"event":`, w.journal), 1)
	}
	now := time.Now().UTC().Format(time.RFC3339)
	payload = strings.Replace(payload, `"id":`, fmt.Sprintf(`"id":%q,"oldId":`, id), 1)
	payload = strings.Replace(payload, `"time":`, fmt.Sprintf(`"time":%q,"oldTime":`, now), 1)
	w.mu.Lock()
	w.fate(id).file = r.file
	w.mu.Unlock()
	w.invoke(id, []byte(payload))
}

// fate returns what happened to an event. The caller holds the lock.
func (w *world) fate(event string) *fate {
	f := w.fates[event]
	if f == nil {
		f = &fate{taken: map[string]int{}, requests: map[string]int{}, faults: map[string]int{}, doubtful: map[string]int{}, late: map[string]string{}}
		w.fates[event] = f
	}
	return f
}

// invoke invokes the function as EventBridge and the state machine do, and runs it as Lambda does:
// twice again if it fails, and then the failure destination gets the input.
//
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func (w *world) invoke(event string, payload []byte) {
	w.mu.Lock()
	w.requests++
	request := fmt.Sprint("request-", w.requests)
	w.mu.Unlock()
	w.busy.Go(func() {
		for run := 1; ; run++ {
			err := w.run(event, request, payload, run)
			if err == nil {
				return
			}
			if run == maxRuns {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.records = append(w.records, record{event, string(payload), err.Error()})
				return
			}
			wait := time.Duration(run) * time.Minute
			w.mu.Lock()
			w.reruns = append(w.reruns, wait)
			w.mu.Unlock()
			time.Sleep(wait)
		}
	})
}

// errKilled is how a run ends whose process is killed.
var errKilled = errors.New("")

// run runs the function once, in a process that is free or a new one.
func (w *world) run(event, request string, payload []byte, run int) error {
	p := w.process()
	p.event, p.retry = event, strings.Contains(string(payload), `"retry":{`)
	ctx, cancel := context.WithTimeout(context.Background(), functionTimeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: request, InvokedFunctionArn: functionARN})
	result := make(chan error, 1)
	go func() {
		_, err := p.handler.Invoke(ctx, payload)
		result <- err
	}()
	var killed <-chan time.Time
	if w.wrong.kill != nil {
		if after := w.wrong.kill(event, run); after > 0 {
			killed = time.After(after)
		}
	}
	select {
	case err := <-result:
		w.mu.Lock()
		defer w.mu.Unlock()
		w.free = append(w.free, p)
		if err != nil {
			w.fate(event).notHandedOver++
			var failure messages.InvokeResponse_Error
			if !errors.As(err, &failure) || failure.Message == "" {
				w.t.Errorf("%s: the error is %v", event, err)
			}
			return errors.New(failure.Message)
		}
		return nil
	case <-killed:
		p.stop()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fate(event).kills++
		return errKilled
	}
}

// process is a warm process of the function.
type process struct {
	handler   *handler
	transport *http.Transport
	stop      func() // kills it

	// What it handles.
	event string
	retry bool
}

// process returns one that is free.
func (w *world) process() *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.free); n > 0 {
		p := w.free[n-1]
		w.free = w.free[:n-1]
		return p
	}
	client := awsapi.NewHTTPClient()
	p := &process{transport: client.Transport.(*http.Transport)}
	p.stop = pipes.Serve(p.transport, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.answer(rw, r, p) }))
	client.Transport = p
	api := awsapi.New(client, "eu-west-1")
	log := slog.New(slog.NewTextHandler(&locked{mu: &w.mu, to: &w.log}, &slog.HandlerOptions{Level: slog.LevelError}))
	p.handler = &handler{
		clients: &clients{api, secret.New(api), post.New(client), post.New(client)},
		lookups: &evidence.Lookups{API: api, Log: log}, log: log,
	}
	return p
}

// RoundTrip sends a request over plain HTTP, with the host that it is for.
func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	there := r.Clone(r.Context())
	there.URL.Scheme, there.URL.Host = "http", "all.example"
	there.Header.Set(wire.RehearsalHost, r.URL.Hostname())
	return p.transport.RoundTrip(there)
}

// startExecution does what Step Functions does: one execution has a name for good, and the same
// start again is a success while it runs.
//
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
func (w *world) startExecution(body []byte) (status int, answer string) {
	var in struct{ StateMachineArn, Name, Input string }
	if err := json.Unmarshal(body, &in); err != nil || in.StateMachineArn != machineARN || in.Name == "" || len(in.Name) > 80 || len(in.Input) > 262_144 {
		w.t.Errorf("execution %s of %s with %d bytes: %v", in.Name, in.StateMachineArn, len(in.Input), err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if input, ok := w.executions[in.Name]; ok && input != in.Input {
		return http.StatusBadRequest, `{"__type":"ExecutionAlreadyExists"}`
	} else if !ok {
		w.executions[in.Name] = in.Input
		w.busy.Go(func() { w.execute(in.Input) })
	}
	return http.StatusOK, `{"executionArn":"arn","startDate":1.7e9}`
}

// execute is the state machine: it waits and invokes the function, or fills the dead-letter queue.
func (w *world) execute(input string) {
	var l wire.Later
	var n notice.Notice
	var line journal.Line
	if c := (wire.CheckLater{}); json.Unmarshal([]byte(input), &c) == nil && c.Recheck.Attempt > 0 {
		time.Sleep(time.Duration(c.AfterSeconds) * time.Second)
		w.invoke("recheck", []byte(input))
		return
	}
	if err := errors.Join(json.Unmarshal([]byte(input), &l), json.Unmarshal(l.Retry.Notice, &n)); err != nil {
		w.t.Errorf("the input of an execution: %v", err)
	}
	if l.Retry.Line != nil {
		if err := json.Unmarshal(l.Retry.Line, &line); err != nil || l.Retry.Journal != w.journal {
			w.t.Errorf("a line for %q: %v", l.Retry.Journal, err)
		}
		n.ID = line.Event // whose runs may be killed like others
	}
	w.mu.Lock()
	if l.DeadLetter != nil {
		w.dead = append(w.dead, l)
		w.mu.Unlock()
		return
	}
	wait := time.Duration(l.AfterSeconds) * time.Second
	w.waits = append(w.waits, wait)
	w.mu.Unlock()
	time.Sleep(wait)
	w.invoke(n.ID, []byte(input))
}

// end waits until nothing is to be done any more.
func (w *world) end() {
	w.busy.Wait()
	for _, p := range w.free {
		p.stop()
	}
	time.Sleep(time.Minute) // for handlers of destinations that hang
}

// events are the ids of the events.
func (w *world) events() []string { return slices.Sorted(maps.Keys(w.fates)) }
