// Package sinktest is the suite that every sink passes, and the notices that every
// sink has a golden request for.
//
// Each sink runs it from a test in its own package:
//
//	func TestConformance(t *testing.T) {
//		sinktest.Run(t, sinktest.Harness{
//			Open: func(c sinktest.Clients) notice.Sender {
//				return New(c.Post, c.Secrets, wire.Slack{Token: &wire.Secret{ARN: tokenARN}, Channel: "C1"})
//			},
//			Secrets: map[string]string{tokenARN: "xoxb-secret"},
//			Good:    sinktest.Answer{Status: 200, Body: `{"ok":true}`},
//			…
//		})
//	}
//
// A sink that is in the contract and does not fails TestEverySinkConforms.
package sinktest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// Harness says how to run the suite for one sink.
type Harness struct {
	// Open makes the sink from the clients, with a configuration of the harness's
	// choice. It is called for every test. Required.
	Open func(Clients) notice.Sender
	// Secrets are the values of the secrets in the sink's configuration, by ARN or by
	// the name of the parameter as in [wire.Secret]. A secret with a Field is
	// given as its JSON object. No error may show any part of them.
	Secrets map[string]string
	// Aside are the answers to requests that send nothing, by their URL without its query:
	// they are answered well, whatever becomes of the message, and are not counted.
	Aside map[string]Answer
	// Good is the answer that acknowledges a message. Zero: 200 with no body.
	Good Answer
	// OneStatus is set if no other status than that of Good acknowledges a message, and
	// AnyBody if any body does, except for a web page.
	OneStatus, AnyBody bool
	// Failures are answers that mean something else than their status alone says, such
	// as a failure in a 200.
	Failures []Failure
	// Key returns what shows the destination that two requests are about the same
	// delivery or thing. Nil: there is no such key.
	Key func(*testing.T, Request) string
	// Check looks at the request for each of [Samples]: its address, its form and
	// that every text is within its limit. The suite itself checks that the request
	// is valid UTF-8, that no text in it has a character that nobody sees, and that what
	// was cut ends with "…" and links to the whole. Required.
	Check func(t *testing.T, n *notice.Notice, r Request)
	// Markup are pieces of [Hostile] that would be markup or a mention for the
	// destination: no text of the request may have one.
	Markup []string
	// Silent reports that the sink sends nothing for a notice, and that this is not an
	// error. Nil: it sends every notice.
	Silent func(n *notice.Notice) bool
	// AWS is set for sinks that call AWS instead of posting: their errors are those of
	// awsapi, whose attempts and classes its own tests cover.
	AWS bool
}

// Clients are what a sink is opened with. All their connections end in the suite,
// whatever host is dialed; secrets are read from a fake.
type Clients struct {
	Post    *post.Client
	AWS     *awsapi.Client
	Secrets *secret.Store
}

// Answer is what the destination answers.
type Answer struct {
	Status int // zero: 200
	Header map[string]string
	Body   string
}

// Failure is an answer and what the sink must make of it.
type Failure struct {
	Name string
	Answer
	// Transient is set if another try may succeed.
	Transient bool
	// Credential is set if the answer means that the credential is wrong: the secret
	// must be read again.
	Credential bool
	// Reason must be in the error's text.
	Reason string
}

// Request is what the sink sent.
type Request struct {
	Method string
	URL    string // with scheme and host
	Header http.Header
	Body   []byte
}

func (r Request) isForm() bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// Texts returns every text in the body: the values of a form or the strings of
// JSON, and those of JSON inside of them.
func (r Request) Texts() []string {
	if r.isForm() {
		form, _ := url.ParseQuery(string(r.Body))
		var texts []string
		for _, values := range form {
			for _, v := range values {
				texts = appendTexts(texts, v)
			}
		}
		return texts
	}
	return appendTexts(nil, string(r.Body))
}

// allTexts joins [Request.Texts].
func (r Request) allTexts() string { return strings.Join(r.Texts(), "\n") }

// appendTexts appends the strings of a JSON object, or the text itself.
func appendTexts(texts []string, text string) []string {
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		return append(texts, text)
	}
	return appendStrings(texts, object)
}

func appendStrings(texts []string, value any) []string {
	switch v := value.(type) {
	case string:
		return appendTexts(texts, v)
	case []any:
		for _, e := range v {
			texts = appendStrings(texts, e)
		}
	case map[string]any:
		for _, e := range v {
			texts = appendStrings(texts, e)
		}
	}
	return texts
}

// JSON reads the body into v.
func (r Request) JSON(t *testing.T, v any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	if err := decoder.Decode(v); err != nil {
		t.Errorf("%v in %.300s", err, r.Body)
	}
}
