// Package standin plays AWS, and every destination outside of it, for a rehearsal:
// one HTTP server on the loopback interface that all requests go to. It answers
// them plausibly for the event that is being played, and remembers them without
// their secrets, so that what would have been sent can be shown.
package standin

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"

	"github.com/extraeye/extraeye/internal/wire"
)

// Config says where answers come from.
type Config struct {
	// Answers is a folder of answers that go before the built-in ones: files named
	// <service>.<Operation>.json or .xml, such as codedeploy.GetDeployment.json.
	// An error document of AWS is answered as an error. What is outside of AWS is
	// named <sink>.json or .txt, such as slack.json, or <sink>.<status>.json with an
	// HTTP status. It may be empty.
	Answers string
	// Endpoint is an emulator that every AWS request without an answer in Answers is
	// passed on to, in place of the built-in answers; only secrets are still made up.
	// It may be empty.
	Endpoint string
}

// Server is a running stand-in.
type Server struct {
	// URL is the endpoint of every service.
	URL string

	answers  map[string]answer
	upstream http.Handler // nil: the built-in answers
	http     *http.Server

	mu      sync.Mutex
	scene   Scene
	last    map[string]deployed // by application: what was released last
	calls   []Call
	secrets secrets
}

// Call is a request that a service received, and its answer. Secrets are hidden.
type Call struct {
	// Service and Operation name an operation of AWS. Outside of it they are the
	// sink's name and the HTTP method.
	Service, Operation string
	// Status is the answer's HTTP status.
	Status int
	// Input is the request's body: JSON, or a form.
	Input string
	// URL is where the request would have gone. Empty: to AWS.
	URL string
	// Header is only kept of requests outside of AWS, in the order of the names.
	Header []Header
}

// Start starts a stand-in. The caller closes it.
func Start(c Config) (*Server, error) {
	s := &Server{}
	var err error
	if s.answers, err = readAnswers(c.Answers); err != nil {
		return nil, err
	}
	for _, name := range secretReads {
		s.secrets.coverAnswer(s.answers[name])
	}
	if c.Endpoint != "" {
		target, err := url.Parse(c.Endpoint)
		if err != nil || target.Host == "" {
			return nil, fmt.Errorf("the endpoint %q is no URL; one looks like http://localhost:4566", c.Endpoint)
		}
		s.upstream = &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
				a := jsonAnswer(map[string]string{"message": "the endpoint " + c.Endpoint + " does not answer: " + err.Error()})
				a.status = http.StatusBadGateway
				a.write(w)
			},
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port for the stand-ins of AWS: %w", err)
	}
	s.URL = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s}
	go s.http.Serve(listener)
	return s, nil
}

// Close ends the server.
func (s *Server) Close() { s.http.Close() }

// Play sets what the answers are about from now on, and forgets the calls so far. What
// is released is remembered: what happens later happens after it.
func (s *Server) Play(scene Scene) {
	s.mu.Lock()
	defer s.mu.Unlock()
	scene.last = maps.Clone(s.last)
	s.scene, s.calls = scene, nil
	if own, ok := scene.release(); ok {
		if s.last == nil {
			s.last = map[string]deployed{}
		}
		s.last[own.application] = own
	}
}

// Calls returns the calls since [Server.Play], in the order of their answers.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// Learn makes up the secrets that a sink reads. They must be known before they are
// read, because the notifier keeps what it read.
func (s *Server) Learn(sink wire.Sink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets.learn(sink)
}

// Hide puts a mark in the place of every secret in a text.
func (s *Server) Hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secrets.hide(text)
}

// maxBody is more than any request that the services played here accept.
const maxBody = 50 << 20

// ServeHTTP answers one request of any service.
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
	req := readRequest(r, body)
	s.mu.Lock()
	scene := s.scene
	secret, isSecret := s.secrets.answer(req)
	s.mu.Unlock()
	status := http.StatusOK
	if given, ok := s.answers[req.name()]; ok {
		status = given.write(w)
	} else if isSecret {
		status = secret.write(w)
	} else if s.upstream != nil {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		recorder := &statusRecorder{w, http.StatusOK}
		s.upstream.ServeHTTP(recorder, r)
		status = recorder.status
	} else {
		status = scene.answer(req).write(w)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.service == "" { // no call, but a connection that is made ready
		return
	}
	s.calls = append(s.calls, Call{Service: req.service, Operation: req.operation, Status: status, Input: s.secrets.hide(string(body))})
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
