// Package pipes is a network in memory for tests: in a bubble of testing/synctest, time passes
// while everything waits for its connections, which it does not for those of a real network.
package pipes

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// Listener accepts the connections that its own Dial opens.
type Listener struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

// New returns a listener that is open.
func New() *Listener {
	return &Listener{connections: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial opens a connection. It waits until the other end is accepted.
func (l *Listener) Dial() (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.connections <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Accept returns the other end of the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and Dial. Connections stay open.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is the same for all listeners.
func (l *Listener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// Serve answers with a handler what a transport sends over plain HTTP, to whichever host. The
// caller calls stop when it is done.
func Serve(transport *http.Transport, handler http.Handler) (stop func()) {
	l := New()
	server := &http.Server{Handler: handler} //nolint:gosec // G112: its only client is a test
	go func() { _ = server.Serve(l) }()
	transport.Proxy = nil
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) { return l.Dial() }
	return func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	}
}
