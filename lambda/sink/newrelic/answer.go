package newrelic

import (
	"encoding/json"
	"strings"

	"github.com/extraeye/extraeye/lambda/post"
)

// answer is what NerdGraph answers, with status 200, also to what it refuses.
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
func check(body []byte) *post.Error {
	var a answer
	if json.Unmarshal(body, &a) != nil {
		return &post.Error{Reason: "the answer is not NerdGraph's: " + string(body), Transient: true}
	}
	var e post.Error
	var reasons []string
	for _, p := range a.Errors {
		if strings.HasPrefix(p.Message, "This field is deprecated!") {
			continue // NerdGraph warns this way of what still works
		}
		x := p.Extensions
		reason := []string{p.Message}
		for _, class := range []string{x.Class, x.Code, x.Kind} {
			if class != "" {
				reason = append(reason, class)
				e.Transient = e.Transient || strings.Contains(transient, " "+class+" ")
				e.Credential = e.Credential || strings.Contains(credential, " "+class+" ")
			}
		}
		for _, invalid := range x.Invalid {
			reason = append(reason, invalid.Name+" "+invalid.Reason)
		}
		reasons = append(reasons, strings.Join(reason, ", "))
	}
	if created := string(a.Data.Created.Event); len(reasons) == 0 && created != "" && created != "null" {
		return nil
	}
	e.Reason = strings.Join(append(reasons, a.Data.Created.Messages...), "; ")
	if e.Reason == "" {
		e.Reason = "no event was created"
	}
	return &e
}
