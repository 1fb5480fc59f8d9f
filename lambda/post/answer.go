package post

import (
	"bytes"
	"mime"
	"net/http"
)

// Answer is what a destination answers with a status of 2xx.
type Answer struct {
	Status int
	Body   []byte
	// IsPage is set if the body is a web page, such as one to log in. No destination
	// acknowledges a message with a page.
	IsPage bool
}

func newAnswer(res *http.Response, body []byte) Answer {
	return Answer{res.StatusCode, body, isPage(res.Header.Get("Content-Type"), body)}
}

// Unexpected is the error of an answer that is not the destination's, whose name it is
// given in the genitive: "Slack's".
func (a Answer) Unexpected(whose string) *Error {
	text := string(a.Body)
	switch {
	case a.IsPage:
		text = "it is a web page"
	case len(bytes.TrimSpace(a.Body)) == 0:
		text = "it is empty"
	}
	return &Error{Reason: "the answer is not " + whose + ": " + text}
}

// isPage reports whether a body is HTML.
func isPage(contentType string, body []byte) bool {
	body = bytes.TrimLeft(body, "\uFEFF \t\r\n")
	if !bytes.HasPrefix(body, []byte("<")) {
		return false
	}
	media, _, _ := mime.ParseMediaType(contentType)
	head := bytes.ToLower(body[:min(len(body), 1<<10)])
	return media == "text/html" || media == "application/xhtml+xml" || bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html"))
}

// acceptAny is [Message.Check] where it is nil: every answer is a success but a page.
func acceptAny(a Answer) *Error {
	if !a.IsPage {
		return nil
	}
	return &Error{Reason: "the answer is a web page: make sure that the URL leads to the endpoint itself, not to a page to log in"}
}
