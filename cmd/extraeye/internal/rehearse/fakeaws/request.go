package fakeaws

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Request is a request to a service.
type Request struct {
	// Service and Operation name what is called, such as "ec2" and "DescribeInstances".
	Service, Operation string

	protocol protocol
	form     url.Values      // of the query protocols
	body     json.RawMessage // of the JSON protocols
}

// protocol is one of AWS's protocols.
//
// https://smithy.io/2.0/aws/protocols/index.html
type protocol int

const (
	restJSON protocol = iota
	awsJSON
	awsQuery
	ec2Query
)

// pathOperations are the operations of the services that name them by their paths,
// as "<service> <METHOD> <path>".
var pathOperations = map[string]string{}

// ReadRequest reads the service from the credential scope of the signature, and the
// operation from header, form or path. The service is empty for a request that is
// not signed.
func ReadRequest(r *http.Request, body []byte) Request {
	req := Request{Service: signedFor(r.Header.Get("Authorization"))}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		req.protocol, req.body = awsJSON, body
		req.Operation = target[strings.LastIndex(target, ".")+1:]
		return req
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil && form.Has("Action") {
			req.protocol, req.form, req.Operation = awsQuery, form, form.Get("Action")
			if req.Service == "ec2" {
				req.protocol = ec2Query
			}
			return req
		}
	}
	req.body = body
	if req.Operation = pathOperations[req.Service+" "+r.Method+" "+r.URL.Path]; req.Operation == "" {
		req.Operation = r.Method + " " + r.URL.Path
	}
	return req
}

// Name is <service>.<Operation>.
func (r Request) Name() string { return r.Service + "." + r.Operation }

// list returns the members of a list in a form: those named prefix1, prefix2 and so on.
func (r Request) list(prefix string) []string {
	var all []string
	for n := 1; r.form.Has(prefix + strconv.Itoa(n)); n++ {
		all = append(all, r.form.Get(prefix+strconv.Itoa(n)))
	}
	return all
}

// read fills in the input of an operation of a JSON protocol. What is missing or of
// another type stays empty.
func (r Request) read(in any) { _ = json.Unmarshal(r.body, in) }

// signedFor reads the service out of a signature's credential scope:
// Credential=<key>/<date>/<region>/<service>/aws4_request.
//
// It returns "" for a request without signature.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func signedFor(authorization string) string {
	_, scope, _ := strings.Cut(authorization, "Credential=")
	scope, _, _ = strings.Cut(scope, ",")
	if parts := strings.Split(scope, "/"); len(parts) >= 5 {
		return parts[len(parts)-2]
	}
	return ""
}
