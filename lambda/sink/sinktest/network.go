package sinktest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/pipes"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// network is a small internet for one test: every host that a sink dials is the
// destination, except for the services that keep secrets. Its connections are pipes
// in memory, so that a test in a bubble of testing/synctest waits for nothing.
type network struct {
	Clients
	t *testing.T
	h Harness
	// What errors must not show, and in which forms the destination repeats it.
	secretTexts, respelled []string
	secretRuns             map[string]string

	listener *pipes.Listener
	keepers  *http.Client // reaches the services that keep secrets

	mu       sync.Mutex
	answer   http.HandlerFunc // of the destination
	requests []Request        // that the destination got
	reads    int              // of secrets
}

// certificate is for example.com, as the names of all hosts are taken to be, with a
// pool that trusts it. Its key signs fast, as most of the suite's time is handshakes.
var certificate = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	// Pipes have no buffer: a client that refuses the certificate while the server still
	// writes what follows it would wait for the server, and the server for the client. A
	// long certificate is read together with all that follows it.
	long := pkix.Name{Organization: []string{strings.Repeat("long ", 200)}}
	template := &x509.Certificate{
		Subject: long, DNSNames: []string{"example.com"}, SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), // a bubble begins in 2000
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	trusted := x509.NewCertPool()
	if leaf, err := x509.ParseCertificate(der); err == nil {
		trusted.AddCert(leaf)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, trusted
})

// curves exclude the post-quantum key exchange, which is slow and not what is tested.
var curves = []tls.CurveID{tls.CurveP256}

// dial opens a connection to the destination, or fails to.
type dial func(n *network) (net.Conn, error)

func connect(n *network) (net.Conn, error) { return n.listener.Dial() }

func refuse(*network) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// garble is a connection whose other end does not speak TLS.
func garble(*network) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		_, _ = theirs.Read(make([]byte, 1<<10))
		_, _ = io.WriteString(theirs, "HTTP/1.0 400 this is not TLS\r\n\r\n")
	}()
	return ours, nil
}

// newNetwork returns a network on which dial reaches the destination, which has a
// certificate that is trusted and answers with answer.
func newNetwork(t *testing.T, h Harness, dial dial, answer http.HandlerFunc) *network {
	_, trusted := certificate()
	return newNetworkTrusting(t, h, dial, answer, trusted)
}

// newNetworkTrusting is [newNetwork] with the certificates that the destination's is
// checked against.
func newNetworkTrusting(t *testing.T, h Harness, dial dial, answer http.HandlerFunc, roots *x509.CertPool) *network {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", awsSecret)
	t.Setenv("AWS_SESSION_TOKEN", "")
	t.Setenv("AWS_ENDPOINT_URL", "")

	own, trusted := certificate()
	n := &network{
		t: t, h: h, secretTexts: h.secretTexts(), respelled: h.respelled(), secretRuns: h.secretRuns(),
		listener: pipes.New(),
	}
	server := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: n}
	go func() {
		_ = server.Serve(tls.NewListener(n.listener, &tls.Config{Certificates: []tls.Certificate{own}, CurvePreferences: curves}))
	}()
	keepers := &http.Transport{
		DialContext:     func(context.Context, string, string) (net.Conn, error) { return n.listener.Dial() },
		TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "example.com", CurvePreferences: curves},
	}
	destination := awsapi.NewHTTPClient().Transport.(*http.Transport) // with its limits
	destination.Proxy = nil
	destination.DialContext = func(_ context.Context, _, addr string) (net.Conn, error) {
		if isKeeper(addr) {
			t.Errorf("the sink itself calls %s", addr)
		}
		return dial(n)
	}
	destination.TLSClientConfig = &tls.Config{RootCAs: roots, ServerName: "example.com", CurvePreferences: curves}
	t.Cleanup(func() {
		destination.CloseIdleConnections()
		keepers.CloseIdleConnections()
		_ = server.Close()
	})
	shared := &http.Client{Transport: destination, Timeout: 10 * time.Second}
	direct := *shared
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	n.Post, n.AWS, n.keepers = post.New(shared), awsapi.New(&direct, "eu-west-1"), &http.Client{Transport: keepers}
	n.restart(answer)
	return n
}

// restart makes the network as good as new, except that its connections stay: the
// destination answers with answer and got no request, and no secret was read.
func (n *network) restart(answer http.HandlerFunc) {
	n.Secrets = secret.New(awsapi.New(n.keepers, "eu-west-1"))
	n.mu.Lock()
	defer n.mu.Unlock()
	n.answer, n.requests, n.reads = answer, nil, 0
}

// send opens the sink and sends the notice within a Lambda's time.
func (n *network) send(what *notice.Notice) error {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return n.h.Open(n.Clients).Send(ctx, what)
}

// sent returns the requests that the destination got.
func (n *network) sent() []Request {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.requests)
}

// ServeHTTP answers for every host.
func (n *network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isKeeper(r.Host) {
		n.keeper(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	if aside, ok := n.h.Aside["https://"+r.Host+r.URL.Path]; ok {
		with(aside)(w, r)
		return
	}
	n.mu.Lock()
	n.requests = append(n.requests, Request{r.Method, "https://" + r.Host + r.RequestURI, r.Header, body})
	answer := n.answer
	n.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body)) // for an answer that repeats it
	answer(w, r)
}

func isKeeper(host string) bool {
	return strings.HasPrefix(host, "secretsmanager.") || strings.HasPrefix(host, "ssm.")
}

// keeper answers for Secrets Manager and SSM.
func (n *network) keeper(w http.ResponseWriter, r *http.Request) {
	var in struct{ SecretID, Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		n.t.Errorf("reading a secret: %v", err)
	}
	n.mu.Lock()
	n.reads++
	n.mu.Unlock()
	value, ok := n.h.Secrets[in.SecretID+in.Name]
	if !ok {
		n.t.Errorf("the sink reads a secret that is not in the harness: %+v", in)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"SecretString": value, "Parameter": map[string]string{"Value": value}})
}
