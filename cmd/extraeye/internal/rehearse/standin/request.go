package standin

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// request is what is known of a request to a service.
type request struct {
	service, operation string
	protocol           protocol
	form               url.Values      // of the query protocols
	body               json.RawMessage // of the JSON protocols
}

// protocol says how a service wants to be spoken to.
//
// https://smithy.io/2.0/aws/protocols/index.html
type protocol int

const (
	restJSON protocol = iota
	awsJSON
	awsQuery
	ec2Query
)

// restOperations names the operations of the services that tell them apart by
// their paths.
//
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
var restOperations = map[string]string{
	"ses POST /v2/email/outbound-emails": "SendEmail",
}

// readRequest tells which operation of which service is asked for: by the
// credential scope of the signature, and by header, form or path.
func readRequest(r *http.Request, body []byte) request {
	req := request{service: signedFor(r.Header.Get("Authorization"))}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		req.protocol, req.body = awsJSON, body
		req.operation = target[strings.LastIndex(target, ".")+1:]
		return req
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil && form.Has("Action") {
			req.protocol, req.form, req.operation = awsQuery, form, form.Get("Action")
			if req.service == "ec2" {
				req.protocol = ec2Query
			}
			return req
		}
	}
	req.body = body
	if req.operation = restOperations[req.service+" "+r.Method+" "+r.URL.Path]; req.operation == "" {
		req.operation = r.Method + " " + r.URL.Path
	}
	return req
}

// name is how the files of answers name the operation.
func (r request) name() string { return r.service + "." + r.operation }

// list returns the members of a list in a form: those named prefix1, prefix2 and so on.
func (r request) list(prefix string) []string {
	var all []string
	for n := 1; r.form.Has(prefix + strconv.Itoa(n)); n++ {
		all = append(all, r.form.Get(prefix+strconv.Itoa(n)))
	}
	return all
}

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
