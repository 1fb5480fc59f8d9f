package sinktest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// with returns a handler that gives one answer to all.
func with(a Answer) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range a.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(max(a.Status, http.StatusOK))
		_, _ = io.WriteString(w, a.Body)
	}
}

// first returns a handler that answers once with one and then with the other.
func first(one, other http.HandlerFunc) http.HandlerFunc {
	calls := 0
	return func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 1 {
			one(w, r)
			return
		}
		other(w, r)
	}
}

// echo returns a handler that repeats the whole request, and the secrets in all
// their spellings, in an answer of a status. As errors keep only the beginning, each
// status begins with another part.
func (n *network) echo(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		parts := []string{
			fmt.Sprintf("https://%s%s %s", r.Host, r.RequestURI, r.URL.Path),
			fmt.Sprint(r.Header),
			string(body),
			strings.Join(n.secretTexts, " "),
		}
		parts = append(parts, n.respelled...)
		first := status % len(parts)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "no: "+strings.Join(append(parts[first:], parts[:first]...), " "))
	}
}

// hang never answers.
func hang(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
	panic(http.ErrAbortHandler) // or net/http would answer 200 to a client that is leaving
}

// cut breaks the connection after some of an answer.
func cut(head string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = buffered.WriteString(head)
		_ = buffered.Flush()
		_ = conn.Close()
	}
}
