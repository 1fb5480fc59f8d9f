package newrelic

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/post"
)

// answer is what NerdGraph answers, with status 200 even to what it refuses.
type answer struct {
	Data struct {
		Created struct {
			Event    json.RawMessage `json:"changeTrackingEvent"`
			Messages []string        `json:"messages"`
		} `json:"changeTrackingCreateEvent"`
	} `json:"data"`
	Errors []problem `json:"errors"`
}

type problem struct {
	Message    string `json:"message"`
	Extensions struct {
		Class string `json:"errorClass"`
		Code  string `json:"error_code"`
		Kind  string `json:"code"`
		// Invalid says which fields of the input are wrong, and how.
		Invalid []struct {
			Name   string `json:"name"`
			Reason string `json:"reason"`
		} `json:"validationErrors"`
	} `json:"extensions"`
}

// The classes of errors that say more than that the request is wrong.
//
// https://github.com/newrelic/newrelic-client-go/blob/main/internal/http/graphql.go
// https://github.com/newrelic/newrelic-client-go/blob/main/internal/http/retry.go
const (
	transient  = " TIMEOUT INTERNAL_SERVER_ERROR SERVER_ERROR TOO_MANY_REQUESTS SERVICE_UNAVAILABLE "
	credential = " BAD_API_KEY UNAUTHENTICATED UNAUTHORIZED FORBIDDEN ACCESS_DENIED "
)

// check finds failure in an answer: it names errors, or no event was created.
func check(got post.Answer) *post.Error {
	var a answer
	if json.Unmarshal(got.Body, &a) != nil {
		e := got.Unexpected("NerdGraph's")
		e.Transient = true
		return e
	}
	var e post.Error
	var reasons []string
	for _, p := range a.Errors {
		if strings.HasPrefix(p.Message, "This field is deprecated!") {
			continue // NerdGraph warns this way of what still works
		}
		reasons = append(reasons, p.reason())
		e.Transient = e.Transient || p.isOf(transient)
		e.Credential = e.Credential || p.isOf(credential)
	}
	if created := string(a.Data.Created.Event); len(reasons) == 0 && created != "" && created != "null" {
		return nil
	}
	e.Reason = cmp.Or(strings.Join(append(reasons, a.Data.Created.Messages...), "; "), "no event was created")
	return &e
}

// classes are what the problem says that it is, as far as it does.
func (p problem) classes() []string {
	all := []string{p.Extensions.Class, p.Extensions.Code, p.Extensions.Kind}
	return slices.DeleteFunc(all, func(class string) bool { return class == "" })
}

// isOf reports whether the problem is of one of the classes.
func (p problem) isOf(classes string) bool {
	return slices.ContainsFunc(p.classes(), func(class string) bool { return strings.Contains(classes, " "+class+" ") })
}

// reason is the message with the classes and the fields that are wrong.
func (p problem) reason() string {
	reason := append([]string{p.Message}, p.classes()...)
	for _, invalid := range p.Extensions.Invalid {
		reason = append(reason, invalid.Name+" "+invalid.Reason)
	}
	return strings.Join(reason, ", ")
}
