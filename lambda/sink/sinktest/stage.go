package sinktest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// stage is a small internet for one test: every host that is dialled is the
// destination, but for the services that keep secrets. Its wires are pipes in
// memory, so that a test in a bubble of testing/synctest waits for nothing.
type stage struct {
	Clients
	t *testing.T

	mu       sync.Mutex
	requests []Request
	reads    int // of secrets
	listener *pipes
}

// certificate is for example.com, as the names of all hosts are taken to be.
var certificate = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	return server.TLS.Certificates[0], trusted
})

// dial opens a connection to the destination, or fails to.
type dial func(s *stage) (net.Conn, error)

func connect(s *stage) (net.Conn, error) { return s.listener.dial() }

func refuse(*stage) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// garble is a connection whose other end does not speak TLS.
func garble(*stage) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		_, _ = theirs.Read(make([]byte, 1<<10))
		_, _ = io.WriteString(theirs, "HTTP/1.0 400 this is not TLS\r\n\r\n")
	}()
	return ours, nil
}

// newStage opens a stage on which the destination is reached by dial, trusted or
// not, and answers with answer.
func newStage(t *testing.T, h Harness, dial dial, trust bool, answer http.HandlerFunc) *stage {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", awsSecret)
	t.Setenv("AWS_SESSION_TOKEN", "")
	t.Setenv("AWS_ENDPOINT_URL", "")

	own, trusted := certificate()
	s := &stage{t: t, listener: &pipes{connections: make(chan net.Conn), closed: make(chan struct{})}}
	server := &http.Server{
		ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isKeeper(r.Host) {
				s.keeper(w, r, h.Secrets)
				return
			}
			body, _ := io.ReadAll(r.Body)
			s.mu.Lock()
			s.requests = append(s.requests, Request{r.Method, "https://" + r.Host + r.RequestURI, r.Header, body})
			s.mu.Unlock()
			r.Body = io.NopCloser(bytes.NewReader(body)) // for an answer that repeats it
			answer(w, r)
		}),
	}
	go func() {
		_ = server.Serve(tls.NewListener(s.listener, &tls.Config{Certificates: []tls.Certificate{own}}))
	}()

	keepers := &http.Transport{
		DialContext:     func(context.Context, string, string) (net.Conn, error) { return s.listener.dial() },
		TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "example.com"},
	}
	destination := &http.Transport{
		DialContext: func(_ context.Context, _, addr string) (net.Conn, error) {
			if isKeeper(addr) {
				t.Errorf("the sink itself calls %s", addr)
			}
			return dial(s)
		},
		TLSClientConfig: keepers.TLSClientConfig.Clone(),
	}
	if !trust {
		destination.TLSClientConfig.RootCAs = x509.NewCertPool()
	}
	t.Cleanup(func() {
		destination.CloseIdleConnections()
		keepers.CloseIdleConnections()
		_ = server.Close()
	})
	shared := &http.Client{Transport: destination, Timeout: 10 * time.Second}
	s.Post = post.New(shared)
	direct := *shared
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.AWS = awsapi.New(&direct, "eu-west-1")
	s.Secrets = secret.New(awsapi.New(&http.Client{Transport: keepers}, "eu-west-1"))
	return s
}

// send opens the sink and sends the notice within a Lambda's time.
func (s *stage) send(h Harness, n *notice.Notice) error {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return h.Open(s.Clients).Send(ctx, n)
}

// sent returns the requests that the destination got.
func (s *stage) sent() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

func isKeeper(host string) bool {
	return strings.HasPrefix(host, "secretsmanager.") || strings.HasPrefix(host, "ssm.")
}

// keeper answers for Secrets Manager and SSM.
func (s *stage) keeper(w http.ResponseWriter, r *http.Request, secrets map[string]string) {
	var in struct{ SecretId, Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		s.t.Errorf("reading a secret: %v", err)
	}
	s.mu.Lock()
	s.reads++
	s.mu.Unlock()
	value, ok := secrets[in.SecretId+in.Name]
	if !ok {
		s.t.Errorf("the sink reads a secret that is not in the harness: %+v", in)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"SecretString": value, "Parameter": map[string]string{"Value": value}})
}

// pipes is a listener whose connections are in memory.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func (p *pipes) dial() (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.connections <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }
