package sinktest

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/secret"
)

const (
	// timeout is the time that a send has.
	timeout = 20 * time.Second
	// longestError is what fits a log and a dead-letter queue with ease, in bytes.
	longestError = 4 << 10

	awsSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// Run runs the whole suite.
func Run(t *testing.T, h Harness) {
	t.Helper()
	if h.Open == nil || h.Check == nil {
		t.Fatal("the harness needs Open and Check")
	}
	for _, test := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"samples", samples},
		{"statuses", statuses},
		{"acknowledgment", acknowledgment},
		{"failures", failures},
		{"rotation", rotation},
		{"retry-after", retryAfter},
		{"connection", connections},
		{"large answer", largeAnswer},
		{"large header", largeHeader},
		{"plain http", plainHTTP},
		{"context", contexts},
		{"key", key},
		{"redirect", redirect},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, h) })
	}
}

// bubble runs a test in which time passes only while everything waits.
func bubble(t *testing.T, name string, f func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

// plain is a notice that the sink sends.
func (h Harness) plain() *notice.Notice {
	for _, build := range []func() *notice.Notice{termination, success, failure} {
		if n := build(); h.Silent == nil || !h.Silent(n) {
			return n
		}
	}
	panic("the sink is silent about every sample")
}

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

// failed checks the error of a send: its class and its text.
func (n *network) failed(err error, transient bool) {
	t := n.t
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	if notice.IsPermanent(err) == transient {
		t.Errorf("permanent is %v: %v", !transient, err)
	}
	n.harmless(err)
}

// harmless checks the text of an error: its size, and that it shows no secret.
func (n *network) harmless(err error) {
	t := n.t
	t.Helper()
	text := err.Error()
	if len(text) > longestError || strings.ContainsAny(text, "\n\r") {
		t.Errorf("the error is long or has line breaks: %.5000q", text)
	}
	for _, s := range append(n.secretTexts, awsSecret) {
		if strings.Contains(text, s) {
			t.Errorf("the error shows %q of a secret: %s", s, text)
		}
	}
	for shown := squeezed(text); len(shown) >= longestRun; shown = shown[1:] {
		if s, ok := n.secretRuns[shown[:longestRun]]; ok {
			t.Errorf("the error shows %q of the secret %q: %s", shown[:longestRun], s, text)
			return
		}
	}
}

// secretRuns are all runs of letters of the secrets, with the secret.
func (h Harness) secretRuns() map[string]string {
	runs := map[string]string{}
	for _, s := range h.secretValues() {
		if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "/") || isWord(s) {
			continue // everybody's webhooks have the same words; the other parts are values, too
		}
		for _, spelled := range []string{s, hex.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte(s))[4:]} {
			for all := squeezed(spelled); len(all) >= longestRun; all = all[1:] {
				runs[all[:longestRun]] = s
			}
		}
	}
	return runs
}

// respelled are the secrets in other spellings.
func (h Harness) respelled() []string {
	var all []string
	for _, spell := range spellings {
		for _, s := range h.secretValues() {
			all = append(all, spell(s))
		}
	}
	return all
}

// longestRun is how many letters of a secret an error may never have in a row. One
// fewer may be left beside a word that ends or begins as the secret does.
const longestRun = 16

// squeezed is a text in lower case without anything but its letters and digits.
func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		if !notice.IsWord(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// spellings are ways to repeat a secret, beside those that JSON and URLs ask for.
var spellings = []func(string) string{
	strings.ToUpper,
	func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	func(s string) string { return html.EscapeString(html.EscapeString(s)) },
	func(s string) string { return fmt.Sprintf("%+q", s[:len(s)/2]+"\u200B"+s[len(s)/2:]) },
	func(s string) string { return s[:len(s)/2] + "\r\n  " + s[len(s)/2:] },
	func(s string) string { return s[:len(s)*3/4] + "****" },
	func(s string) string { return hex.EncodeToString([]byte(s)) },
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte("Bearer " + s)) },
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s)) },
}

// secretTexts are the secrets and their parts, in all the forms that an answer could
// have them in.
func (h Harness) secretTexts() []string {
	values := h.secretValues()
	for _, v := range slices.Clone(values) {
		values = append(values, url.QueryEscape(v), url.PathEscape(v), strings.ReplaceAll(v, "/", `\/`),
			base64.StdEncoding.EncodeToString([]byte(v)), base64.RawURLEncoding.EncodeToString([]byte(v)))
	}
	return values
}

// secretValues are the secrets, and parts of them that are secrets too.
func (h Harness) secretValues() []string {
	var values []string
	for _, s := range h.Secrets {
		for _, v := range appendTexts(nil, s) {
			v = strings.TrimSpace(v)
			values = append(values, v)
			for key := range strings.FieldsSeq(v) {
				values = append(values, key, strings.TrimPrefix(key, "whsec_"))
			}
			if u, err := url.Parse(v); err == nil && u.Scheme != "" {
				values = append(values, u.RequestURI(), u.Path)
				parts := strings.Split(u.Path, "/")
				for _, of := range u.Query() {
					parts = append(parts, of...)
				}
				values = append(values, slices.DeleteFunc(parts, isWord)...)
			}
		}
	}
	return values
}

// isWord reports whether a part of a URL may be a word that an error has of itself,
// such as "direct" in "redirects", instead of a secret.
func isWord(part string) bool {
	return len(part) < 6 || len(part) < 20 && strings.Trim(part, "abcdefghijklmnopqrstuvwxyz") == "" || part == "2016-06-01"
}

// rotation shows that a credential that is refused is read again, once.
func rotation(t *testing.T, h Harness) {
	if len(h.Secrets) == 0 {
		t.Skip("the sink has no secrets")
	}
	refusals := []Failure{{Name: "HTTP 401", Answer: Answer{Status: 401}}}
	for _, f := range h.Failures {
		if f.Credential {
			refusals = append(refusals, f)
		}
	}
	for _, f := range refusals {
		bubble(t, f.Name, func(t *testing.T) {
			n := newNetwork(t, h, connect, first(with(h.Good), first(with(f.Answer), with(h.Good))))
			for range 2 {
				if err := n.send(h.plain()); err != nil {
					t.Fatal(err)
				}
			}
			if n.reads <= len(h.Secrets) || len(n.sent()) != 3 {
				t.Errorf("%d reads of %d secrets, %d requests", n.reads, len(h.Secrets), len(n.sent()))
			}
		})
		bubble(t, f.Name+" always", func(t *testing.T) {
			n := newNetwork(t, h, connect, with(f.Answer))
			err := n.send(h.plain())
			n.failed(err, false)
			if !errors.Is(err, secret.ErrWrong) {
				t.Errorf("does not say that the credential is wrong: %v", err)
			}
		})
	}
}

// key shows that the destination can recognize a delivery that comes twice.
func key(t *testing.T, h Harness) {
	if h.Key == nil {
		t.Skip("the sink has no key")
	}
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, h, connect, with(h.Good))
		other := h.plain()
		other.ID, other.Key = "another", "another"
		for _, what := range []*notice.Notice{h.plain(), h.plain(), other} {
			if err := n.send(what); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		r := n.sent()
		if one, two, three := h.Key(t, r[0]), h.Key(t, r[1]), h.Key(t, r[2]); one == "" || one != two || one == three {
			t.Errorf("keys are %q, %q and, for another notice, %q", one, two, three)
		}
	})
}

func redirect(t *testing.T, h Harness) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			n := newNetwork(t, h, connect, with(Answer{Status: status, Header: map[string]string{"Location": "https://evil.example/"}}))
			err := n.send(h.plain())
			n.failed(err, h.AWS)
			if len(n.sent()) != 1 && !h.AWS {
				t.Errorf("sent %d requests", len(n.sent()))
			}
			for _, r := range n.sent() {
				if strings.HasPrefix(r.URL, "https://evil.example") {
					t.Error("a redirect was followed")
				}
			}
		})
	}
}

// contexts shows that a send ends with its context.
func contexts(t *testing.T, h Harness) {
	bubble(t, "canceled before", func(t *testing.T) {
		n := newNetwork(t, h, connect, with(h.Good))
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := h.Open(n.Clients).Send(ctx, h.plain())
		n.failed(err, true)
		if !errors.Is(err, context.Canceled) || len(n.sent()) != 0 {
			t.Errorf("sent %d requests: %v", len(n.sent()), err)
		}
	})
	bubble(t, "canceled while waiting", func(t *testing.T) {
		n := newNetwork(t, h, connect, hang)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		start := time.Now()
		err := h.Open(n.Clients).Send(ctx, h.plain())
		n.failed(err, true)
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != time.Second {
			t.Errorf("took %v: %v", took, err)
		}
	})
}
