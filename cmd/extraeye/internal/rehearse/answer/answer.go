// Package answer is what the fakes of a rehearsal answer with.
package answer

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Answer is an HTTP response.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
	// RetryAfter is how long the client is asked to wait. Zero: it is not.
	RetryAfter time.Duration
}

// JSON is v as JSON.
func JSON(status int, v any) Answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // the fakes answer with plain data
	}
	return Answer{Status: status, ContentType: "application/json", Body: body}
}

// Text is a text, which may be empty.
func Text(status int, text string) Answer {
	return Answer{Status: status, ContentType: "text/plain", Body: []byte(text)}
}

// Write writes the response and returns its status.
func (a Answer) Write(w http.ResponseWriter) int {
	w.Header().Set("Content-Type", a.ContentType)
	if a.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(a.RetryAfter.Seconds())))
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // a client that is gone needs no answer
	return a.Status
}
