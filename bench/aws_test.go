package bench

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serviceTime is how long each service takes to answer.
const serviceTime = time.Millisecond

// aws fakes EC2, Auto Scaling, IAM and SES, with the names and the kind of certificates
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
	answer := func(w http.ResponseWriter, r *http.Request) { serve(b, w, r) }
	services := &http.Server{Handler: http.HandlerFunc(answer), TLSConfig: &tls.Config{Certificates: []tls.Certificate{chain}}, ErrorLog: quiet}
	proxy := &http.Server{Handler: tunnels, ErrorLog: quiet}
	go func() { _ = services.ServeTLS(tunnels, "", "") }() // both until they are closed
	go func() { _ = proxy.Serve(listener) }()
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
func serve(b *testing.B, w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	time.Sleep(serviceTime)
	form, _ := url.ParseQuery(string(body))
	service, _, _ := strings.Cut(r.Host, ".")
	action := form.Get("Action")
	if _, operation, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		action = operation
	}
	answer, known := answers[action]
	switch {
	case r.Method == http.MethodGet: // a connection is made ready
		http.Error(w, "missing authentication token", http.StatusForbidden)
	case known:
		_, _ = io.WriteString(w, strings.ReplaceAll(answer, "INSTANCE", form.Get("InstanceId.1")))
	case strings.HasSuffix(r.Host, ".newrelic.com"):
		_, _ = io.WriteString(w, `{"data":{"changeTrackingCreateEvent":{"changeTrackingEvent":{"changeTrackingId":"c-1"}}}}`)
	case service == "email":
		_, _ = io.WriteString(w, `{"MessageId":"m-1"}`)
	default:
		b.Errorf("no answer to %s of %s: what is measured would be what a failed call costs", action, r.Host)
		http.Error(w, "{}", http.StatusBadRequest)
	}
}

const deployment = `{"deploymentId":"d-123456789","applicationName":"myApplication","deploymentGroupName":"myDeploymentGroup",` +
	`"status":"Succeeded","creator":"user","createTime":1467324391,"completeTime":1467324691,"deploymentOverview":{"Failed":0,"Succeeded":2},` +
	`"revision":{"revisionType":"S3","s3Location":{"bucket":"releases","key":"my-application-1.2.3.zip","bundleType":"zip"}}}`

// answers are what is looked up for a terminated instance and a deployment, each about as long as
// the real one.
var answers = map[string]string{
	"DescribeInstances": `<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>INSTANCE</instanceId>` +
		`<tagSet><item><key>Name</key><value>web-3</value></item></tagSet>` + strings.Repeat("<rest>of what EC2 says</rest>", 150) +
		`</item></instancesSet></item></reservationSet></DescribeInstancesResponse>`,
	"GetConsoleOutput": `<GetConsoleOutputResponse><output>` +
		base64.StdEncoding.EncodeToString([]byte(strings.Repeat("[    1.234567] systemd[1]: Started what a booting system starts.\n", 900)+
			"[ 5678.901234] Out of memory: Killed process 1234 (java) total-vm:1024kB\n")) + `</output></GetConsoleOutputResponse>`,
	"DescribeAutoScalingGroups": `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>` +
		`<MinSize>1</MinSize><MaxSize>8</MaxSize><DesiredCapacity>4</DesiredCapacity><Instances>` +
		strings.Repeat(`<member><HealthStatus>Healthy</HealthStatus><LifecycleState>InService</LifecycleState></member>`, 4) +
		`</Instances></member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`,
	"DescribeScalingActivities": `<DescribeScalingActivitiesResponse><DescribeScalingActivitiesResult><Activities>` +
		strings.Repeat(`<member><StatusCode>Successful</StatusCode><Description>Terminating EC2 instance: i-0123456789abcdef0</Description>`+
			`<StartTime>2022-12-23T18:00:11.000Z</StartTime><Details>{"Subnet ID":"subnet-0123456789abcdef0","Availability Zone":"us-east-1b"}</Details>`+
			`<Cause>At 2022-12-23T18:00:11Z an instance was taken out of service in response to an ELB system health check failure.</Cause></member>`, 100) +
		`</Activities></DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`,
	// What version 1 of SES answers, which the Python handlers call.
	"SendEmail":           `<SendEmailResponse><SendEmailResult><MessageId>m-1</MessageId></SendEmailResult></SendEmailResponse>`,
	"GetDeployment":       `{"deploymentInfo":` + deployment + `}`,
	"BatchGetDeployments": `{"deploymentsInfo":[` + deployment + `]}`,
	"ListDeployments":     `{"deployments":["d-123456789"]}`,
	"GetParameter":        `{"Parameter":{"Name":"/new-relic","Type":"SecureString","Value":"NRAK-KEY"}}`,
	"ListAccountAliases": `<ListAccountAliasesResponse><ListAccountAliasesResult><AccountAliases><member>some-team</member></AccountAliases>` +
		`</ListAccountAliasesResult></ListAccountAliasesResponse>`,
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
		{Subject: pkix.Name{CommonName: "us-east-1.amazonaws.com"}, DNSNames: []string{"*.us-east-1.amazonaws.com", "*.amazonaws.com", "*.newrelic.com"}, KeyUsage: x509.KeyUsageDigitalSignature},
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
