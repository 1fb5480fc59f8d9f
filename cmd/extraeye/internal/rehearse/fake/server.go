// Package fake answers every request of a notifier that is rehearsed: one HTTP server
// on the loopback interface, with the answers of AWS from package fakeaws and those of
// the destinations outside of it from package destination. It records the requests
// without their secrets, so that the page can show what was sent.
package fake

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/internal/wire"
)

// Config says where answers come from.
type Config struct {
	// Answers is a folder of answers that are used before the built-in ones: files named
	// <service>.<Operation>.json or .xml, such as codedeploy.GetDeployment.json.
	// An error document of AWS is answered as an error. Answers of destinations outside
	// of AWS are named <sink>.json or .txt, such as slack.json, or <sink>.<status>.json
	// with an HTTP status. It may be empty.
	Answers string
	// Endpoint is an emulator that every AWS request without an answer in Answers is
	// passed on to, in place of the built-in answers; only secrets are still made up, and
	// Step Functions still is the fake. It may be empty.
	Endpoint string
}

// Server is a running fake.
type Server struct {
	// URL is the endpoint of every service.
	URL string

	answers  map[string]answer.Answer // of Config.Answers, by operation or sink
	emulator http.Handler             // nil: the built-in answers
	http     *http.Server

	mu         sync.Mutex
	account    fakeaws.Account
	down       string        // the name of sinks that are down
	late       time.Duration // since when
	calls      []Call
	executions map[string]wire.Later // by the places of the sinks
	secrets    secrets
}

// Start starts a server. The caller closes it.
func Start(c Config) (*Server, error) {
	s := &Server{executions: map[string]wire.Later{}}
	s.account = fakeaws.NewAccount().Reading(s.secret)
	var err error
	if s.answers, err = readAnswers(c.Answers); err != nil {
		return nil, err
	}
	for _, name := range fakeaws.SecretReads {
		s.secrets.hideAnswer(s.answers[name])
	}
	if c.Endpoint != "" {
		if s.emulator, err = passOn(c.Endpoint); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port for the fake AWS: %w", err)
	}
	s.URL = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.http.Serve(listener) }() // until Close
	return s, nil
}

// passOn passes requests on to an emulator.
func passOn(endpoint string) (http.Handler, error) {
	target, err := url.Parse(endpoint)
	if err != nil || target.Host == "" {
		return nil, fmt.Errorf("the endpoint %q is not a URL; one looks like http://localhost:4566", endpoint)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			answer.JSON(http.StatusBadGateway, map[string]string{"message": "the endpoint " + endpoint + " does not answer: " + err.Error()}).Write(w)
		},
	}, nil
}

// Close ends the server.
func (s *Server) Close() { s.http.Close() }

// Delivery is one that the notifier handles.
type Delivery struct {
	// Account is what answers about it.
	Account fakeaws.Account
	// Down is the JSON name of sinks that are down. It may be empty.
	Down string
}

// Play answers for a delivery from now on, and discards the calls so far.
func (s *Server) Play(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account = d.Account.Reading(s.secret)
	s.down, s.late, s.calls, s.executions = d.Down, 0, nil, map[string]wire.Later{}
}

// PlayAgain answers for a notice of the same delivery that is sent again, so long after the first
// time.
func (s *Server) PlayAgain(late time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.late, s.calls, s.executions = late, nil, map[string]wire.Later{}
}

func (s *Server) isDown(sink string) bool {
	return sink != "" && sink == s.down && s.late < destination.Outage
}

// Calls returns the calls since [Server.Play] or [Server.PlayAgain], in the order of their answers.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Execution returns what the state machine was started with since then for the sink at a place.
func (s *Server) Execution(place string) (l wire.Later, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok = s.executions[place]
	return l, ok
}

// AddSecrets makes up the secrets that a sink reads. They must be there before any of
// them is read, because the notifier keeps what it read.
func (s *Server) AddSecrets(sink wire.Sink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets.add(sink)
}

func (s *Server) secret(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secrets.value(id)
}

// Hide replaces every secret in a text with a mark.
func (s *Server) Hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secrets.hide(text)
}

// maxBody is more than any request that the APIs accept, in bytes.
const maxBody = 50 << 20

// ServeHTTP answers one request to any API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if r.Header.Get(wire.RehearsalHost) != "" {
		s.serveOutside(w, r, body)
		return
	}
	s.serveAWS(w, r, body)
}

func (s *Server) serveAWS(w http.ResponseWriter, r *http.Request, body []byte) {
	req := fakeaws.ReadRequest(r, body)
	sink, place := sinkOf(r)
	r.Header.Del(wire.RehearsalSink) // which is nothing to an emulator
	status := s.answerAWS(w, r, req, sink, body)
	if req.Service == "" { // not a call: a connection is opened in advance
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{Service: req.Service, Operation: req.Operation, Place: place, Status: status, Input: s.secrets.hide(string(body))})
	if req.Name() == fakeaws.StartExecution && status == http.StatusOK {
		if l, ok := fakeaws.ReadExecution(string(body)); ok {
			s.executions[place] = l
		}
	}
}

// answerAWS answers with the user's answer, the emulator's or the built-in one.
// Secrets are never read from an emulator: they are only sent to the fakes. The state machine is
// the rehearsal itself.
func (s *Server) answerAWS(w http.ResponseWriter, r *http.Request, req fakeaws.Request, sink string, body []byte) (status int) {
	s.mu.Lock()
	account := s.account
	down := s.isDown(sink) && destination.AWSOperation(sink) == req.Name()
	s.mu.Unlock()
	if down {
		a := fakeaws.Unavailable(req)
		a.RetryAfter = destination.Outage
		return writeAWS(w, a)
	}
	if given, ok := s.answers[req.Name()]; ok {
		return writeAWS(w, given)
	}
	if s.emulator != nil && req.Name() != fakeaws.StartExecution && !slices.Contains(fakeaws.SecretReads, req.Name()) {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		recorder := &statusRecorder{w, http.StatusOK}
		s.emulator.ServeHTTP(recorder, r)
		return recorder.status
	}
	return writeAWS(w, account.Answer(req))
}

func writeAWS(w http.ResponseWriter, a answer.Answer) int {
	w.Header().Set("X-Amzn-Requestid", fakeaws.RequestID)
	return a.Write(w)
}

// statusRecorder remembers the status that is written through it.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}
