package awsapi

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/lambda/plainxml"
)

// Client calls AWS. It may be used by several goroutines.
type Client struct {
	// Credentials returns what an attempt is signed with. Nil: what is in the environment
	// at that time, as Lambda puts it there.
	Credentials func(context.Context) (aws.Credentials, error)
	// MaxAnswer bounds an answer, in bytes. Zero: 1 MB.
	MaxAnswer int

	http   *http.Client
	region string
	signer *v4.Signer

	now func() time.Time
}

// New returns a client whose calls go to region unless they name their own.
func New(hc *http.Client, region string) *Client {
	return &Client{http: hc, region: region, signer: v4.NewSigner(), now: time.Now}
}

// As returns a client that signs with other credentials, and whose calls go to region unless they
// name their own. It shares the connections.
func (c *Client) As(credentials func(context.Context) (aws.Credentials, error), region string) *Client {
	other := *c
	other.Credentials, other.region = credentials, region
	return &other
}

// maxHeader bounds the header of an answer, in bytes. The default is 10 MB, of which a
// function with little memory cannot hold many.
const maxHeader = 64 << 10

// NewHTTPClient returns the HTTP client that everything in one process shares, so
// that connections are kept and reused. It follows no redirect.
func NewHTTPClient() *http.Client {
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			Proxy:       http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSClientConfig: &tls.Config{
				RootCAs:    trusted(),
				MinVersion: tls.VersionTLS12,
				// A connection that is opened again verifies no certificates.
				ClientSessionCache: tls.NewLRUClientSessionCache(0),
			},
			TLSHandshakeTimeout: 5 * time.Second,
			IdleConnTimeout:     50 * time.Second,
			MaxIdleConnsPerHost: 4,
			// A fast answer larger than the read buffer can make net/http drop the connection:
			// https://github.com/aws/aws-sdk-go-v2/issues/2737
			ReadBufferSize:         64 << 10,
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// REST calls an operation of a REST-JSON service: in is sent as JSON to path, and
// the JSON answer is read into out unless out is nil.
func (c *Client) REST(ctx context.Context, call Call, method, path string, in, out any) error {
	return c.json(ctx, call, request{method: method, path: path, contentType: "application/json"}, in, out)
}

// JSON calls an operation of an AWS JSON service. The target is the service's name and
// version, such as "CodeDeploy_20141006".
func (c *Client) JSON(ctx context.Context, call Call, target string, in, out any) error {
	return c.json(ctx, call, request{
		method:      http.MethodPost,
		path:        "/",
		contentType: "application/x-amz-json-" + call.jsonVersion(),
		target:      target + "." + call.Operation,
	}, in, out)
}

// Query calls an operation of a Query service, EC2 included. The XML answer is
// read into out, an empty struct, unless out is nil; a func([]byte) error reads it itself, and must
// not keep it.
func (c *Client) Query(ctx context.Context, call Call, version string, in url.Values, out any) error {
	form := url.Values{"Action": {call.Operation}, "Version": {version}}
	maps.Copy(form, in)
	return c.send(ctx, call, request{
		method:      http.MethodPost,
		path:        "/",
		contentType: "application/x-www-form-urlencoded",
		body:        []byte(form.Encode()),
	}, func(answer []byte) error {
		switch out := out.(type) {
		case nil:
			return nil
		case func([]byte) error:
			return out(answer)
		}
		if err := plainxml.Unmarshal(answer, out); err != nil {
			return fmt.Errorf("%s: the answer is not the expected XML: %w", call, err)
		}
		return nil
	})
}

// Invoke has a Lambda function run with a JSON input, and returns once Lambda has queued it. The call
// is Lambda's Invoke.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (c *Client) Invoke(ctx context.Context, call Call, function string, input []byte) error {
	return c.send(ctx, call, request{
		method:      http.MethodPost,
		path:        "/2015-03-31/functions/" + url.PathEscape(function) + "/invocations",
		contentType: "application/octet-stream",
		invocation:  "Event",
		body:        input,
	}, func([]byte) error { return nil })
}

func (c *Client) json(ctx context.Context, call Call, r request, in, out any) error {
	body, err := plainjson.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s: encode the request: %w", call, err)
	}
	r.body = body
	return c.send(ctx, call, r, func(answer []byte) error {
		if out == nil {
			return nil
		}
		if err := json.Unmarshal(answer, out); err != nil {
			return fmt.Errorf("%s: the answer is not the expected JSON: %w", call, err)
		}
		return nil
	})
}
