package sinktest

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/secret"
)

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

// plainHTTP shows that a URL that is a secret must be https://: neither the URL nor the
// notice goes out in clear.
func plainHTTP(t *testing.T, h Harness) {
	plain := h
	plain.Secrets = map[string]string{}
	found := false
	for name, value := range h.Secrets {
		plain.Secrets[name] = strings.Replace(value, "https://", "http://", 1)
		found = found || plain.Secrets[name] != value
	}
	if !found {
		t.Skip("the sink has no secret URL")
	}
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, plain, connect, with(h.Good))
		n.failed(n.send(h.plain()), false)
		if len(n.sent()) != 0 {
			t.Error("the sink sends to http://")
		}
	})
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
