// Package post sends messages to destinations outside of AWS, over HTTPS, and says
// what their answers mean.
package post

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/retry"
)

// Client posts messages. It follows no redirect, bounds every answer, and tries
// again while the context leaves time.
type Client struct {
	http *http.Client
}

// New returns a client that sends with hc, but follows no redirect.
func New(hc *http.Client) *Client {
	own := *hc
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{&own}
}

func isControl(r rune) bool { return r < ' ' || r == 0x7F }

// Message is one POST of JSON.
type Message struct {
	URL    string
	Header map[string]string
	Body   []byte
	// PublicURL is set if the URL is not a secret, so that errors may repeat it.
	PublicURL bool
	// AllowHTTP is set if the URL may be http://, as within a private network. Everything
	// that is sent there can be read on the way.
	AllowHTTP bool
	// Secrets are texts that no error may repeat, in addition to the URL.
	Secrets []string
	// Once is set if it is sent once: another attempt is not worth its time.
	Once bool
	// MaxAnswer bounds what is read of an answer, in bytes. Zero: no more than the few
	// hundred that destinations acknowledge a message with.
	MaxAnswer int
	// Sign returns headers that are made for every attempt; it may be nil.
	Sign func(at time.Time) map[string]string
	// Check reads an answer of status 2xx, and returns nil if it is the acknowledgment
	// that the destination documents. Nil: any answer is, except for a web page.
	Check func(Answer) *Error
}

// maxAnswer is [Message.MaxAnswer] where that is zero, with room for an error page.
const maxAnswer = 64 << 10

// Send posts a message: up to three attempts, with Retry-After (seconds and dates)
// honored within the time left. Its error is marked as permanent unless another
// try may succeed.
func (c *Client) Send(ctx context.Context, m Message) error {
	to, err := destination(m.URL, m.AllowHTTP)
	if err != nil {
		return notice.Permanent(err)
	}
	hide := m.Secrets
	if !m.PublicURL {
		hide = append([]string{m.URL}, hide...)
	}
	for attempt := 1; ; attempt++ {
		failed := c.attempt(ctx, m, to, hide)
		if failed == nil {
			return nil
		}
		if !failed.transient() {
			return notice.Permanent(failed)
		}
		wait, again := failed.wait(attempt)
		if m.Once || !again || !retry.Sleep(ctx, wait) {
			return failed
		}
	}
}

// destination reads a URL to post to. It may be a secret, so no error repeats it.
func destination(address string, allowHTTP bool) (*url.URL, error) {
	to, err := url.Parse(address)
	if err != nil || to.Scheme != "https" && (to.Scheme != "http" || !allowHTTP) || to.Hostname() == "" {
		return nil, errors.New("the URL to post to does not start with https:// and a host: correct it where it is kept")
	}
	return to, nil
}

func (c *Client) attempt(ctx context.Context, m Message, to *url.URL, hide []string) failure {
	req, bad := request(ctx, m, to)
	if bad != nil {
		return bad
	}
	res, err := c.http.Do(req)
	if err != nil {
		return newConnectionError(to.Host, err, hide)
	}
	defer res.Body.Close()
	most := cmp.Or(m.MaxAnswer, maxAnswer)
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(most)+1))
	refused := meaning(res, body)
	if refused == nil {
		switch {
		case m.Check == nil:
			refused = acceptAny(newAnswer(res, body))
		case err != nil:
			return newConnectionError(to.Host, err, hide)
		case len(body) > most:
			refused = &Error{Reason: "the answer is too long to be understood", Transient: true}
		default:
			refused = m.Check(newAnswer(res, body))
		}
	}
	if refused == nil {
		return nil
	}
	refused.Host, refused.Status = to.Host, res.StatusCode
	refused.Reason = clean(refused.Reason, hide)
	if refused.RetryAfter == 0 {
		refused.RetryAfter = retry.After(res.Header, time.Now())
	}
	return refused
}

func request(ctx context.Context, m Message, to *url.URL) (*http.Request, failure) {
	req := (&http.Request{
		Method: http.MethodPost, URL: to, Host: to.Host, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(m.Body)), ContentLength: int64(len(m.Body)),
	}).WithContext(ctx)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "extraeye")
	headers := map[string]string{}
	maps.Copy(headers, m.Header)
	if m.Sign != nil {
		maps.Copy(headers, m.Sign(time.Now()))
	}
	for name, value := range headers {
		if strings.ContainsFunc(value, isControl) {
			return nil, &Error{Host: to.Host, Reason: "the " + name + " header would have a line break or control character: correct the secret it is made of", Credential: true}
		}
		req.Header.Set(name, value)
	}
	return req, nil
}
