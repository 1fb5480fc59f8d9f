package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

type sinkFault = sinktest.Fault

// latency is how long everything takes to answer.
const latency = 50 * time.Millisecond

// answer answers for AWS and for the destinations.
func (w *world) answer(rw http.ResponseWriter, r *http.Request, p *process) {
	body, _ := io.ReadAll(r.Body)
	time.Sleep(latency)
	scope := r.Header.Get("Authorization")
	signed := func(service string) bool { return strings.Contains(scope, "/"+service+"/aws4_request") }
	switch {
	case signed("states"):
		if w.wrong.states != nil && w.wrong.states() {
			reply(http.StatusBadRequest, `{"__type":"ThrottlingException"}`)(rw, r)
			return
		}
		status, answer := w.startExecution(body)
		reply(status, answer)(rw, r)
	case signed("secretsmanager"), signed("ssm"):
		w.answerSecret(rw, r, p, signed("ssm"))
	case signed("logs"):
		w.writeLines(rw, r, body)
	case w.aside(rw, r):
	case signed("ses"), signed("sns"), scope == "", !strings.HasPrefix(scope, "AWS4"):
		w.take(rw, r, p, body)
	default:
		w.answerLookup(rw, r, signed)
	}
}

func (w *world) answerLookup(rw http.ResponseWriter, r *http.Request, signed func(string) bool) {
	switch {
	case w.wrong.lookup != nil:
		w.wrong.lookup()(rw, r)
	case signed("ec2"):
		_, _ = io.WriteString(rw, named)
	case signed("codedeploy"):
		_, _ = io.WriteString(rw, `{"deploymentInfo":{"creator":"user"}}`)
	default:
		reply(http.StatusForbidden, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")(rw, r)
	}
}

func (w *world) answerSecret(rw http.ResponseWriter, r *http.Request, p *process, parameter bool) {
	w.mu.Lock()
	f := w.fate(p.event)
	f.secrets++
	nth := f.secrets
	w.mu.Unlock()
	if w.wrong.secret != nil {
		if answer := w.wrong.secret(p.event, nth); answer != nil {
			answer(rw, r)
			return
		}
	}
	value, _ := json.Marshal(`{"key":"` + keptSecret + `","url":"https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=` + keptSecret + `"}`)
	if parameter {
		value = []byte(`"` + keptSecret + `"`)
	}
	_, _ = fmt.Fprintf(rw, `{"SecretString":%s,"Parameter":{"Value":%s}}`, value, value)
}

// aside answers a request that sends nothing, and reports whether it is one.
func (w *world) aside(rw http.ResponseWriter, r *http.Request) bool {
	for _, s := range w.sinks {
		if answer := s.Aside[r.URL.Path]; answer != nil {
			_, _ = rw.Write(answer)
			return true
		}
	}
	return false
}

// take is what the destinations do with messages.
func (w *world) take(rw http.ResponseWriter, r *http.Request, p *process, body []byte) {
	host := r.Header.Get(wire.RehearsalHost)
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("TopicArn") != "" {
		host = form.Get("TopicArn")
	}
	w.mu.Lock()
	if w.learning != "" {
		w.byHost[host] = w.learning
	}
	sink := w.byHost[host]
	f := w.fate(p.event)
	nth := f.requests[sink]
	f.requests[sink]++
	w.mu.Unlock()
	if sink == "" || len(body) == 0 {
		w.t.Errorf("a message to %s with %d bytes", host, len(body))
	}
	var fault *sinkFault
	if w.wrong.sink != nil {
		fault = w.wrong.sink(sink, p.event, nth)
	}
	w.mu.Lock()
	if fault != nil {
		f.faults[sink]++
	}
	if fault == nil || fault.Takes {
		f.taken[sink]++
		if p.retry {
			f.late[sink] = string(body)
		}
	}
	if fault != nil && fault.Takes {
		f.doubtful[sink]++
	}
	w.mu.Unlock()
	if fault != nil {
		fault.Answer(rw, r)
		return
	}
	w.example(sink).reply(rw)
}

// example is a sink's.
func (w *world) example(name string) *example {
	for _, s := range w.sinks {
		if s.name == name {
			return s
		}
	}
	return nil
}
