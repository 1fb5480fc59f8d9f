package post

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/pipes"
	"github.com/extraeye/extraeye/lambda/secret"
)

const (
	path  = "/services/T0000/B0000/abcdefghijklmnopqrstuvwx"
	query = "?sig=s%2Fecret-value+x&sv=1.0"
	token = "xoxb-to/ken+value"
)

// serve posts one message to a fake in memory. In a bubble of testing/synctest, it waits for
// nothing. What is not about status is covered by package sinktest, which runs every sink with
// this client.
func serve(t *testing.T, m Message, answer http.HandlerFunc) error {
	t.Helper()
	listener := pipes.New()
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: answer}}
	server.StartTLS()
	defer server.Close()
	client := server.Client()
	client.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) { return listener.Dial() }
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if m.URL == "" {
		m.URL = "https://example.com" + path + query // which the server's certificate is for
	}
	return New(client).Send(ctx, m)
}

func TestRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var attempts atomic.Int32
		err := serve(t, Message{
			Body: []byte("{}"), Header: map[string]string{"Authorization": "Bearer " + token},
			Sign: func(time.Time) map[string]string { return map[string]string{"N": fmt.Sprint(attempts.Add(1))} },
		}, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if r.Method != "POST" || r.RequestURI != path+query || string(body) != "{}" || r.ContentLength != 2 ||
				r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("N") != fmt.Sprint(attempts.Load()) {
				t.Errorf("got %s %s %v: %q", r.Method, r.RequestURI, r.Header, body)
			}
			if attempts.Load() == 1 {
				w.WriteHeader(503)
			}
		})
		if err != nil || attempts.Load() != 2 {
			t.Errorf("%d attempts: %v", attempts.Load(), err)
		}
	})
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name      string
		status    int
		answer    string
		want      string // the text after the host
		permanent bool
		wrong     bool
	}{
		{name: "reason", status: 404, answer: "no_service\n", want: ": HTTP 404 Not Found: no_service", permanent: true},
		{name: "page", status: 502, answer: "\n<html>sorry</html>", want: ": HTTP 502 Bad Gateway (asks to wait 1h0m0s)"},
		{name: "credential", status: 401, answer: `{"message":"bad"}`, want: `: HTTP 401 Unauthorized: bad`, permanent: true, wrong: true},
		{
			name: "codes", status: 400, permanent: true, want: ": HTTP 400 Bad Request: InvalidInput: no such thing: too long: too short: E7",
			answer: `{"request":"echo","error":{"message":"no such thing","code":"InvalidInput","at":"x"},"errors":["too long","too short",{"code":"E7","message":"too long"}],"n":1}`,
		},
		{name: "no codes", status: 400, answer: `{"a":"b"}`, want: `: HTTP 400 Bad Request: {"a":"b"}`, permanent: true},
		{name: "forbidden", status: 403, want: ": HTTP 403 Forbidden", permanent: true, wrong: true},
		{name: "redirect", status: 302, answer: "moved", want: ": HTTP 302 Found: redirects are not followed: use the address that it leads to", permanent: true},
		{name: "token", status: 400, answer: "bad " + token + " and " + url.QueryEscape(token) + " or " + strings.ToLower(url.PathEscape(token)), want: ": HTTP 400 Bad Request: bad ••• and ••• or •••", permanent: true},
		{name: "url", status: 400, answer: path + query + " or abcdefghijklmnopqrstuvwx or s/ecret-value x", want: ": HTTP 400 Bad Request: ••• or ••• or •••", permanent: true},
		{name: "token put together", status: 400, answer: "xoxb\u202E-to/ken+value", want: ": HTTP 400 Bad Request: •••", permanent: true},
		{name: "lines", status: 418, answer: "a\r\nb\x00\xffc", want: ": HTTP 418 I'm a teapot: a b \uFFFDc", permanent: true},
		{name: "long", status: 499, answer: strings.Repeat("ü", 400), want: ": HTTP 499: " + strings.Repeat("ü", 250) + "…", permanent: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := serve(t, Message{Secrets: []string{token}}, func(w http.ResponseWriter, r *http.Request) {
				if tt.status == 502 {
					w.Header().Set("Retry-After", "3600")
				}
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			})
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("error is %v", err)
			}
			if got := strings.TrimPrefix(err.Error(), refused.Host); got != tt.want || refused.Status != tt.status {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if notice.IsPermanent(err) != tt.permanent || errors.Is(err, secret.ErrWrong) != tt.wrong {
				t.Errorf("permanent %v, wrong %v", notice.IsPermanent(err), errors.Is(err, secret.ErrWrong))
			}
		})
	}
}

func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		check := func(a Answer) *Error {
			if text := string(a.Body); text != "ok" || a.Status != 200 || a.IsPage {
				return &Error{Reason: text, Transient: text == "later"}
			}
			return nil
		}
		for answer, want := range map[string]string{
			"ok":                                  "",
			"no " + token:                         "HTTP 200: no •••",
			strings.Repeat(" ", maxAnswer) + "ok": "too long",
		} {
			err := serve(t, Message{Secrets: []string{token}, Check: check}, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, answer) })
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%.20q: %v", answer, err)
			}
		}
		var attempts atomic.Int32
		err := serve(t, Message{Check: check}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, []string{"later", "ok"}[attempts.Add(1)-1])
		})
		if err != nil || attempts.Load() != 2 {
			t.Errorf("%d attempts: %v", attempts.Load(), err)
		}
	})
}

// TestURLsAreHidden shows which parts of a URL an error may repeat. The host is the
// error's own.
func TestURLsAreHidden(t *testing.T) {
	hc := &http.Client{Transport: teapot{}}
	const u = "https://us%40er:pw%2F1@example.com/v1/short1/a%2Fbcde?sig=12+456&plain=p/q+rst&word"
	for answer, want := range map[string]string{
		u:                           "•••",
		"v1 word":                   "v1 word",
		"short1 a/bcde a%2fbcde":    "••• ••• •••",
		"12 456 12+456 12%20456":    "••• ••• •••",
		"p/q+rst p/q rst p%2Fq+rst": "••• ••• •••",
		`p\/q+rst`:                  "•••",
		"pw/1":                      "•••",
	} {
		for _, public := range []bool{false, true} {
			if public {
				want = answer
			}
			err := New(hc).Send(t.Context(), Message{URL: u, Body: []byte(answer), PublicURL: public})
			if err == nil || err.Error() != "example.com: HTTP 418 I'm a teapot: "+want {
				t.Errorf("public %v: %v, want %s", public, err, want)
			}
		}
	}
	for _, u := range []string{"https://us%40er:pw%2F1@example.com", "https://token@example.com"} {
		err := New(hc).Send(t.Context(), Message{URL: u})
		if err == nil || err.Error() != "example.com: HTTP 418 I'm a teapot: Basic •••" {
			t.Errorf("%s: %v", u, err)
		}
	}
}

// teapot repeats the body of every message, or else its Authorization.
type teapot struct{}

func (teapot) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if len(body) == 0 {
		body = []byte(r.Header.Get("Authorization"))
	}
	return &http.Response{StatusCode: 418, Body: io.NopCloser(bytes.NewReader(body))}, err
}

// TestNotSent is about messages that are never sent.
func TestNotSent(t *testing.T) {
	for name, m := range map[string]Message{
		"no URL":      {URL: token},
		"no host":     {URL: "https:///" + token},
		"not https":   {URL: "http://example.com/" + token},
		"not http":    {URL: "ftp://example.com/" + token, AllowHTTP: true},
		"control":     {URL: "https://example.com/\x00" + token},
		"header":      {Header: map[string]string{"Authorization": token + "\nEvil: 1"}},
		"certificate": {URL: "untrusted"},
	} {
		t.Run(name, func(t *testing.T) {
			called := func(http.ResponseWriter, *http.Request) { t.Error("called") }
			m.Secrets = []string{token}
			var err error
			if m.URL == "untrusted" {
				server := httptest.NewUnstartedServer(http.HandlerFunc(called))
				server.TLS = &tls.Config{}
				server.Config.ErrorLog = nil
				server.StartTLS()
				defer server.Close()
				m.URL = server.URL + path
				err = New(&http.Client{Transport: &http.Transport{}}).Send(t.Context(), m)
			} else {
				err = serve(t, m, called)
			}
			if err == nil || !notice.IsPermanent(err) || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "abcdefgh") || !strings.Contains(err.Error(), "correct the ") && !strings.Contains(err.Error(), "correct it") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestLongestWait(t *testing.T) {
	if _, again := (&Error{RetryAfter: maxWait + 1}).wait(1); again {
		t.Error("waits for longer than maxWait")
	}
}

func TestRehearsal(t *testing.T) {
	var got *http.Request
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r }))
	defer fake.Close()
	for _, hc := range []*http.Client{NewHTTPClient(fake.URL), NewGuardedHTTPClient(fake.URL)} {
		if err := New(hc).Send(t.Context(), Message{URL: "https://hooks.example.com:8443" + path + query}); err != nil {
			t.Fatal(err)
		}
		if got.RequestURI != path+query || got.Header.Get(wire.RehearsalHost) != "https://hooks.example.com:8443" {
			t.Errorf("got %s with %v", got.RequestURI, got.Header)
		}
	}
	for _, elsewhere := range []string{"http://192.0.2.1:80", "https://127.0.0.1:80", "127.0.0.1", "http://localhost:1"} {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		if err := New(NewHTTPClient(elsewhere)).Send(ctx, Message{URL: "https://example.com"}); err == nil || !strings.Contains(err.Error(), wire.RehearsalVariable) {
			t.Errorf("%s: %v", elsewhere, err)
		}
	}
}

func TestGuard(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("called") }))
	defer server.Close()
	t.Setenv("HTTP_PROXY", server.URL)
	t.Setenv("HTTPS_PROXY", server.URL)
	// localhost shows that it is the resolved address that counts.
	for _, u := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1), "https://169.254.169.254/latest/meta-data"} {
		err := New(NewGuardedHTTPClient("")).Send(t.Context(), Message{URL: u, AllowHTTP: true})
		if !notice.IsPermanent(err) || err == nil || !strings.Contains(err.Error(), "AllowPrivate") {
			t.Errorf("%s: %v", u, err)
		}
	}
}

func TestIsPublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "52.94.236.248": true, "172.32.0.1": true, "100.128.0.1": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true, "2a05:d018::1": true,
		"127.0.0.1": false, "127.255.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "169.254.170.2": false, "100.64.0.1": false, "100.127.255.255": false, "192.0.0.1": false, "198.18.0.1": false,
		"224.0.0.1": false, "239.1.1.1": false, "240.0.0.1": false, "255.255.255.255": false, "203.0.113.1": false,
		"::": false, "::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "fec0::1": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false,
		"2001::1": false, "2001:db8::1": false, "2002:7f00:1::1": false, "3fff::1": false, "100::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: public is %v", addr, got)
		}
	}
	if err := public("tcp", "no address", nil); err == nil {
		t.Error("connects to what is not an address")
	}
}

// TestForeignErrors shows that an error of the network does not repeat the URL.
func TestForeignErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hc := &http.Client{Transport: broken{}}
		err := New(hc).Send(t.Context(), Message{URL: "https://example.com" + path + query, Secrets: []string{token}})
		if err == nil || notice.IsPermanent(err) || strings.Contains(err.Error(), "abcdefgh") || strings.Contains(err.Error(), token) || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error is %v", err)
		}
	})
}

type broken struct{}

func (broken) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("POST %s with %s: %w", r.URL, token, io.ErrUnexpectedEOF)
}
