package collect

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"context"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/pipes"
)

// fakeAWS answers with the files in testdata/answers.
type fakeAWS struct {
	t *testing.T
	// refuse answers a call instead, unless it returns 0. The call is numbered from 1.
	refuse func(operation string, n int, in request) (status int, body string)

	mu    sync.Mutex
	calls map[string][]request
}

// request is what is asked: the form, or the members of the JSON.
type request struct {
	operation string
	at        time.Time
	form      url.Values
	json      map[string]any
}

// about is what a call asks about.
func (r request) about() string {
	if r.form != nil {
		return r.form.Get("AlarmName")
	}
	if attributes, ok := r.json["LookupAttributes"].([]any); ok {
		return attributes[0].(map[string]any)["AttributeValue"].(string)
	}
	return ""
}

func (r request) token() string {
	if r.form != nil {
		return r.form.Get("NextToken")
	}
	for _, name := range []string{"nextToken", "NextToken"} {
		if token, ok := r.json[name].(string); ok {
			return token
		}
	}
	return ""
}

func (f *fakeAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	scope := strings.Split(r.Header.Get("Authorization"), "/")
	in, ext := request{at: time.Now()}, ".json"
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		in.operation = scope[3] + "." + target[strings.LastIndex(target, ".")+1:]
		_ = json.Unmarshal(body, &in.json)
	} else {
		in.form, _ = url.ParseQuery(string(body))
		in.operation, ext = scope[3]+"."+in.form.Get("Action"), ".xml"
	}
	f.mu.Lock()
	f.calls[in.operation] = append(f.calls[in.operation], in)
	n := len(f.calls[in.operation])
	f.mu.Unlock()
	if f.refuse != nil {
		if status, answer := f.refuse(in.operation, n, in); status != 0 {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, answer)
			return
		}
	}
	for _, name := range []string{join(in.operation, in.about(), in.token()), join(in.operation, in.token()), join(in.operation, in.about()), in.operation} {
		if answer, err := os.ReadFile(filepath.Join("testdata/answers", name+ext)); err == nil {
			_, _ = w.Write(answer)
			return
		}
	}
	f.t.Errorf("there is no answer to %s about %q", in.operation, in.about())
	w.WriteHeader(http.StatusBadRequest)
}

func join(parts ...string) string {
	var given []string
	for _, p := range parts {
		if p != "" {
			given = append(given, p)
		}
	}
	return strings.Join(given, ".")
}

// The time of the recorded answers.
var (
	began = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	ended = time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
)

// everything is all that the recorded answers are about.
var everything = Scope{Scope: wire.Scope{
	Service:      "some-service",
	Groups:       []string{"web-production"},
	Applications: []wire.Application{{Name: "web"}},
	ECSServices:  []wire.ClusterService{{Cluster: "main", Name: "api"}},
	Alarms:       []string{"some-service-5xx", "some-service", "throttled-writes", "disk-full"},
}}

// collector asks the fake.
func (f *fakeAWS) collector(t *testing.T) *Collector {
	t.Helper()
	f.t, f.calls = t, map[string][]request{}
	client := awsapi.NewHTTPClient()
	t.Cleanup(pipes.Serve(client.Transport.(*http.Transport), f))
	t.Setenv("AWS_ENDPOINT_URL", "http://aws.example")
	api := awsapi.New(client, "eu-west-1")
	api.Credentials = func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
	}
	return &Collector{API: api, Account: "123456789012", Region: "eu-west-1", now: func() time.Time { return ended.Add(time.Hour) }}
}

func throttled(operation string) (int, string) {
	if strings.HasPrefix(operation, "autoscaling") || strings.HasPrefix(operation, "monitoring") {
		return 400, `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`
	}
	return 400, `{"__type":"ThrottlingException","message":"Rate exceeded"}`
}

func denied(operation string) (int, string) {
	if strings.HasPrefix(operation, "autoscaling") || strings.HasPrefix(operation, "monitoring") {
		return 403, fmt.Sprintf(`<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not authorized to perform: %s</Message></Error></ErrorResponse>`, operation)
	}
	return 400, `{"__type":"AccessDeniedException","message":"not authorized"}`
}
