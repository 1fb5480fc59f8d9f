package fake

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/internal/wire"
)

// Call is a request to an API, and the status of its answer. Secrets are hidden.
type Call struct {
	// Service and Operation name an operation of AWS. Outside of it they are the
	// sink's name and the HTTP method.
	Service, Operation string
	// Place is that of the sink in the delivery. Empty: the request is for no single sink.
	Place string
	// Status is the answer's HTTP status.
	Status int
	// Input is the request's body: JSON, or a form.
	Input string
	// URL is where the message would have gone. Empty: it is a call of AWS, or asks for
	// something.
	URL string
	// Header is only kept of requests outside of AWS, in the order of the names.
	Header []Header
}

// Header is a header of a request.
type Header struct{ Name, Value string }

// Mail returns the mail that the call sends, if it sends one.
func (c Call) Mail() (fakeaws.Mail, bool) {
	if c.Service != "ses" || c.Operation != "SendEmail" {
		return fakeaws.Mail{}, false
	}
	return fakeaws.ReadMail(c.Input)
}

// Message returns the message that the call publishes, if it publishes one.
func (c Call) Message() (fakeaws.Message, bool) {
	if c.Service != "sns" || c.Operation != "Publish" {
		return fakeaws.Message{}, false
	}
	return fakeaws.ReadMessage(c.Input)
}

// serveOutside answers as the destination of the sink that sends. The request's host does
// not say which one that is: a webhook may have any host.
func (s *Server) serveOutside(w http.ResponseWriter, r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sink, place := sinkOf(r)
	a, ok := s.answers[sink]
	switch {
	case s.isDown(sink):
		a = destination.Unavailable()
	case !ok:
		a = destination.Answer(sink, r.URL.Path, body)
	}
	c := Call{Service: sink, Place: place, Status: a.Write(w), Input: s.secrets.hide(string(body))}
	if c.Operation = destination.Asks(sink, r.URL.Path); c.Operation == "" {
		c.Operation = r.Method
		s.addRequest(&c, r)
	}
	s.calls = append(s.calls, c)
}

// sinkOf returns the name of the sink that a request is for, and its place in the delivery.
func sinkOf(r *http.Request) (name, place string) {
	name, place, _ = strings.Cut(r.Header.Get(wire.RehearsalSink), " ")
	return name, place
}

// notShown are headers that have nothing to do with the message.
var notShown = []string{wire.RehearsalHost, wire.RehearsalSink, "Accept-Encoding", "Content-Length", "Traceparent"}

// addRequest adds where the message would have gone, and its header.
func (s *Server) addRequest(c *Call, r *http.Request) {
	host := r.Header.Get(wire.RehearsalHost)
	c.URL = host + s.secrets.hide(r.RequestURI)
	if u, err := url.Parse(host); err == nil && slices.Contains(s.secrets.hosts, u.Hostname()) {
		c.URL = host + "/" + hidden // all of the path may be secret, however it is written
	}
	for name, values := range r.Header {
		if !slices.Contains(notShown, name) {
			c.Header = append(c.Header, Header{name, s.secrets.hide(strings.Join(values, ", "))})
		}
	}
	slices.SortFunc(c.Header, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
}
