package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// around is everything around the function, in memory and without faults of its own: AWS, which
// keeps the secrets and has the state machine, and the destinations of all sinks.
type around struct {
	sinks map[string]*example
	aws   http.HandlerFunc // answers look-ups
	// destination answers messages; nil: each accepts them.
	destination http.HandlerFunc

	mu         sync.Mutex
	sent       map[string]string // the last message to each sink
	handedOver []string          // inputs of the state machine
	log        bytes.Buffer
}

// newAround returns what is around the function, and the function in it.
func newAround(t *testing.T) (*around, *handler) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	t.Setenv("AWS_ENDPOINT_URL", "")
	w := &around{sinks: map[string]*example{}, aws: reply(http.StatusForbidden, "{}")}
	for _, e := range examples(t) {
		w.sinks[e.name] = e
	}
	w.forget()
	hc := &http.Client{Transport: w, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	api, log := awsapi.New(hc, "eu-west-1"), slog.New(slog.NewJSONHandler(&w.log, nil))
	return w, &handler{
		clients: &clients{api, secret.New(api), post.New(hc), post.New(hc)},
		lookups: &evidence.Lookups{API: api, Log: log, Unshared: true}, log: log,
	}
}

// forget forgets what was sent, handed over and logged.
func (w *around) forget() {
	w.sent, w.handedOver = map[string]string{}, nil
	w.log.Reset()
}

// allSinks are the configurations of all sinks' examples.
func (w *around) allSinks() string {
	var all []string
	for name, e := range w.sinks {
		all = append(all, fmt.Sprintf("{%q:%s}", name, e.Config))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// deliver invokes the function as Lambda does.
func (w *around) deliver(ctx context.Context, h *handler, payload []byte) (receipt notice.Receipt, took time.Duration, err error) {
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{
		AwsRequestID: "request-1", InvokedFunctionArn: functionARN,
	})
	ctx, cancel := context.WithTimeout(ctx, functionTimeout)
	defer cancel()
	start := time.Now()
	answer, err := h.Invoke(ctx, payload)
	took = time.Since(start)
	if err == nil {
		err = json.Unmarshal(answer, &receipt)
	}
	return receipt, took, err
}

// RoundTrip answers for everybody.
func (w *around) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	body := []byte{}
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	out := httptest.NewRecorder()
	service, _, _ := strings.Cut(r.URL.Host, ".")
	switch sink := sinkOf(r, string(body)); {
	case sink != "" && w.sinks[sink].Aside[r.URL.Path] != nil:
		_, _ = out.Write(w.sinks[sink].Aside[r.URL.Path])
	case sink != "":
		w.keep(func() { w.sent[sink] = string(body) })
		if w.destination != nil {
			w.destination(out, r)
		} else {
			w.sinks[sink].reply(out)
		}
	case service == "secretsmanager":
		keepSecret(out)
	case service == "ssm":
		keepParameter(out)
	case service == "states":
		var in struct{ Input string }
		_ = json.Unmarshal(body, &in)
		w.keep(func() { w.handedOver = append(w.handedOver, in.Input) })
		reply(http.StatusOK, `{"executionArn":"arn"}`)(out, r)
	default:
		w.aws(out, r)
	}
	return out.Result(), r.Context().Err()
}

func (w *around) keep(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// sinkOf is the sink that sends a request, "" if it is a call of something else.
func sinkOf(r *http.Request, body string) string {
	host := r.URL.Host
	switch {
	case strings.HasPrefix(host, "sns.") && strings.Contains(body, "chat"):
		return "amazonq"
	case strings.HasPrefix(host, "sns."):
		return "topic"
	case strings.HasPrefix(host, "email."):
		return "email"
	case strings.HasSuffix(host, ".amazonaws.com"):
		return ""
	case host == "example.com" && r.Header.Get("webhook-id") != "":
		return "webhook"
	case host == "example.com":
		return "teams"
	}
	for _, name := range []string{"slack", "pagerduty", "newrelic", "datadog", "grafana"} {
		if strings.Contains(host, name) {
			return name
		}
	}
	return ""
}
