package sinktest

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is something bad that a destination does with a message.
type Fault struct {
	Name   string
	Answer http.HandlerFunc
	// Takes is set if the destination has the message even so.
	Takes bool
}

// Faults are all of the kinds that the suite shows by themselves, for tests in which they come
// at random. Good is what the destination answers to a message that it accepts.
func Faults(good Answer) []Fault {
	all := []Fault{
		{Name: "closed", Answer: cut("")},
		{Name: "reset in the head", Answer: cut("HTTP/1.1 20")},
		{Name: "reset in an error", Answer: cut("HTTP/1.1 503 Sorry\r\nContent-Length: 1000\r\n\r\nwe")},
		{Name: "reset in a good answer", Answer: cut("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"), Takes: true},
		{Name: "garbage", Answer: cut("\x00\xff garbage\r\n\r\n")},
		{Name: "never answers", Answer: hang},
		{Name: "page", Answer: with(Answer{Status: good.Status, Body: "<!DOCTYPE html><title>Log in</title>", Header: map[string]string{"Content-Type": "text/html"}})},
		{Name: "redirect", Answer: with(Answer{Status: http.StatusFound, Header: map[string]string{"Location": "https://evil.example/"}})},
		{Name: "large header", Answer: with(Answer{Status: good.Status, Body: good.Body, Header: map[string]string{"X-Large": strings.Repeat("x", 256<<10)}}), Takes: true},
		{Name: "large answer", Answer: largely(good), Takes: true},
	}
	for _, status := range common {
		if status >= http.StatusMultipleChoices {
			all = append(all, Fault{Name: strconv.Itoa(status), Answer: with(Answer{Status: status, Body: "no"})})
		}
	}
	for _, wait := range []time.Duration{time.Second, 7 * time.Second, time.Hour, 24 * time.Hour} {
		all = append(all, Fault{Name: "asks to wait " + wait.String(), Answer: asking(wait, false)}, Fault{Name: "asks to wait until in " + wait.String(), Answer: asking(wait, true)})
	}
	return all
}

// asking refuses a message, and asks to wait for some time or until a date.
func asking(wait time.Duration, date bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		value := strconv.Itoa(int(wait / time.Second))
		if date {
			value = time.Now().Add(wait).UTC().Format(http.TimeFormat)
		}
		w.Header().Set("Retry-After", value)
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

// largely answers well, and then with more than anybody reads.
func largely(good Answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		with(good)(w, r)
		_, _ = io.WriteString(w, strings.Repeat(" ", 3<<20))
	}
}
