package bench

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serviceTime is how long each service takes to answer.
const serviceTime = time.Millisecond

// aws plays EC2, CodeDeploy and SES, with the names and the kind of certificates
// that the real ones have. It is reached as a proxy, so that the notifier finds it
// at the names that it really calls.
type aws struct {
	proxy string // URL for HTTPS_PROXY
	roots string // file for SSL_CERT_FILE
}

// distribution holds the root certificates that Debian and Ubuntu trust, about as
// many as Amazon Linux does.
const distribution = "/etc/ssl/certs/ca-certificates.crt"

func startAWS(b *testing.B) *aws {
	b.Helper()
	trusted, err := os.ReadFile(distribution)
	if err != nil {
		b.Skip("the bundle of root certificates is needed: ", err)
	}
	root, chain := certificates(b)
	a := &aws{roots: filepath.Join(b.TempDir(), "roots.pem")}
	if err := os.WriteFile(a.roots, append(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root})...), 0o644); err != nil {
		b.Fatal(err)
	}

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	a.proxy = "http://" + listener.Addr().String()
	tunnels := tunnels{listener, make(chan net.Conn), b.Context().Done()}
	quiet := log.New(io.Discard, "", 0) // of functions that end while they connect
	services := &http.Server{Handler: http.HandlerFunc(serve), TLSConfig: &tls.Config{Certificates: []tls.Certificate{chain}}, ErrorLog: quiet}
	proxy := &http.Server{Handler: tunnels, ErrorLog: quiet}
	go services.ServeTLS(tunnels, "", "")
	go proxy.Serve(listener)
	b.Cleanup(func() { _, _ = proxy.Close(), services.Close() }) // the context has ended
	return a
}

// tunnels is a proxy whose every tunnel ends at the same server.
type tunnels struct {
	net.Listener
	open chan net.Conn
	done <-chan struct{}
}

func (t tunnels) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		conn.Close()
		return
	}
	select {
	case t.open <- conn:
	case <-t.done:
		conn.Close()
	}
}

// Accept returns the server's end of the next tunnel.
func (t tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.open:
		return conn, nil
	case <-t.done:
		return nil, net.ErrClosed
	}
}

// serve answers for every service.
func serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	time.Sleep(serviceTime)
	service, _, _ := strings.Cut(r.Host, ".")
	switch {
	case r.Method == http.MethodGet: // a connection is made ready
		http.Error(w, "missing authentication token", http.StatusForbidden)
	case service == "ec2":
		_, id, _ := bytes.Cut(body, []byte("InstanceId.1="))
		id, _, _ = bytes.Cut(id, []byte("&"))
		_, _ = io.WriteString(w, `<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>`+string(id)+`</instanceId>`+
			`<tagSet><item><key>Name</key><value>web-3</value></item></tagSet>`+strings.Repeat("<rest>of what EC2 says</rest>", 150)+`</item></instancesSet></item></reservationSet></DescribeInstancesResponse>`)
	case service == "email":
		_, _ = io.WriteString(w, `{"MessageId":"m-1"}`)
	default:
		http.Error(w, "{}", http.StatusBadRequest)
	}
}

// certificates makes a root, and a chain of two certificates below it, all with
// the 2048-bit RSA keys that AWS has.
//
// https://www.amazontrust.com/repository/
func certificates(b *testing.B) (root []byte, chain tls.Certificate) {
	b.Helper()
	var parent *x509.Certificate
	var parentKey *rsa.PrivateKey
	var made [][]byte
	for i, template := range []*x509.Certificate{
		{Subject: pkix.Name{CommonName: "Bench Root CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign},
		{Subject: pkix.Name{CommonName: "Bench RSA 2048 M01"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign},
		{Subject: pkix.Name{CommonName: "us-east-1.amazonaws.com"}, DNSNames: []string{"*.us-east-1.amazonaws.com"}, KeyUsage: x509.KeyUsageDigitalSignature},
	} {
		template.SerialNumber = big.NewInt(int64(i + 1))
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			b.Fatal(err)
		}
		if parent == nil {
			parent, parentKey = template, key
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
		if err != nil {
			b.Fatal(err)
		}
		made, parent, parentKey = append(made, der), template, key
	}
	return made[0], tls.Certificate{Certificate: [][]byte{made[2], made[1]}, PrivateKey: parentKey}
}
