package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// channelOf is a channel as Slack keeps it, and the two methods that it is used with.
type channelOf struct {
	t *testing.T
	// ask answers a question for the history in place of the channel, if it is set.
	ask func(w http.ResponseWriter, r *http.Request)
	// refuse is the code that a reply in a thread is refused with.
	refuse string

	mu       sync.Mutex
	messages []message // as they were posted
	times    []string
	asked    int
}

func (c *channelOf) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	switch r.URL.Host + r.URL.Path {
	case "secretsmanager.eu-west-1.amazonaws.com/":
		_, _ = io.WriteString(w, `{"SecretString":"xoxb-1"}`)
	case "slack.com/api/conversations.history":
		c.history(w, r)
	case "slack.com/api/chat.postMessage":
		c.post(w, r)
	default:
		c.t.Errorf("a request to %s", r.URL)
	}
	return w.Result(), r.Context().Err()
}

func (c *channelOf) post(w http.ResponseWriter, r *http.Request) {
	var m message
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		c.t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse != "" && (m.ThreadTS != "" || m.Metadata != nil) {
		_, _ = fmt.Fprintf(w, `{"ok":false,"error":%q}`, c.refuse)
		return
	}
	c.messages = append(c.messages, m)
	c.times = append(c.times, fmt.Sprintf("%d.%06d", time.Now().Unix(), len(c.times)))
	_, _ = io.WriteString(w, `{"ok":true}`)
}

// history answers with the messages of a time that the channel shows, the newest first, as
// Slack does: the first message of a thread names itself.
func (c *channelOf) history(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.Header.Get("Authorization") != "Bearer xoxb-1" ||
		!conversation.MatchString(form.Get("channel")) || form.Get("include_all_metadata") != "true" {
		c.t.Errorf("asks with %s, %v", body, r.Header)
	}
	c.mu.Lock()
	c.asked++
	c.mu.Unlock()
	if c.ask != nil {
		c.ask(w, r)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	inTime := func(ts string) bool {
		at, _ := strconv.ParseFloat(ts, 64)
		oldest, _ := strconv.ParseFloat(form.Get("oldest"), 64)
		latest, _ := strconv.ParseFloat(form.Get("latest"), 64)
		return oldest <= at && at <= latest
	}
	var all []posted
	for i, m := range c.messages {
		if ts := c.times[i]; inTime(ts) && (m.ThreadTS == "" || m.ReplyBroadcast) {
			p := posted{TS: ts, ThreadTS: m.ThreadTS}
			if m.Metadata != nil {
				p.Metadata = *m.Metadata
			}
			if slices.ContainsFunc(c.messages, func(reply message) bool { return reply.ThreadTS == ts }) {
				p.ThreadTS = ts
			}
			all = append([]posted{p}, all...)
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "messages": all})
}

// inChannel runs a test in simulated time with a channel, and a function that sends notices to it
// and returns how each got there.
func inChannel(t *testing.T, id string, f func(t *testing.T, c *channelOf, send func(*notice.Notice) string)) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	t.Setenv("AWS_ENDPOINT_URL", "")
	synctest.Test(t, func(t *testing.T) {
		c := &channelOf{t: t}
		hc := &http.Client{Transport: c}
		s := New(post.New(hc), secret.New(awsapi.New(hc, "eu-west-1")), wire.Slack{Token: &wire.Secret{ARN: secretARN}, Channel: id})
		f(t, c, func(n *notice.Notice) string {
			ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
			defer cancel()
			if err := s.Send(ctx, n); err != nil {
				return err.Error()
			}
			return c.last()
		})
	})
}

// last says how the last message got into the channel.
func (c *channelOf) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.messages[len(c.messages)-1]
	if m.ThreadTS == "" {
		return "channel"
	}
	to := "thread of " + c.messages[slices.Index(c.times, m.ThreadTS)].Text
	if m.ReplyBroadcast {
		to += ", and channel"
	}
	return to
}

func of(group, title string, severity notice.Severity, status notice.Status) *notice.Notice {
	return &notice.Notice{ID: title, Key: group + ":" + title, GroupKey: group, Title: title, Severity: severity, Status: status}
}

func TestNoticesOfAGroupFormAThread(t *testing.T) {
	inChannel(t, "C0THREADS01", func(t *testing.T, c *channelOf, send func(*notice.Notice) string) {
		for i, step := range []struct {
			after time.Duration
			n     *notice.Notice
			want  string
		}{
			{0, of("g", "one", notice.Warning, notice.Open), "channel"},
			{time.Minute, of("g", "two", notice.Warning, notice.Open), "thread of one"},
			{0, of("other", "not ours", notice.Warning, notice.Open), "channel"},
			{time.Minute, of("g", "worse", notice.Error, notice.Open), "thread of one, and channel"},
			{time.Minute, of("g", "as bad", notice.Error, notice.Open), "thread of one"},
			{time.Minute, of("g", "unknown", "<!here>", notice.Open), "thread of one"},
			{time.Minute, of("g", "worst", notice.Critical, notice.Open), "thread of one, and channel"},
			{time.Minute, of("g", "also", notice.Critical, notice.Open), "thread of one"},
			{50 * time.Minute, of("g", "over", notice.Info, notice.Resolved), "thread of one"},
			{10 * time.Minute, of("g", "again", notice.Warning, notice.Open), "channel"},
			{time.Minute, of("g", "and again", notice.Warning, notice.Open), "thread of again"},
			{59 * time.Minute, of("other", "later", notice.Warning, notice.Open), "channel"},
			{2 * time.Hour, of("other", "is over", notice.Info, notice.Resolved), "thread of later"},
		} {
			time.Sleep(step.after)
			if got := send(step.n); got != step.want {
				t.Errorf("%d, %s: %s, want %s", i, step.n.Title, got, step.want)
			}
		}
		if c.asked != len(c.messages) {
			t.Errorf("asked %d times for %d messages", c.asked, len(c.messages))
		}
	})
}

// TestWithoutAThread shows that a notice is posted as ever, and hardly later, whatever
// becomes of the question for its thread.
func TestWithoutAThread(t *testing.T) {
	text := func(s string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	refused := func(code string) func(http.ResponseWriter, *http.Request) {
		return text(fmt.Sprintf(`{"ok":false,"error":%q,"needed":"channels:history","provided":"chat:write"}`, code))
	}
	for i, tt := range []struct {
		name  string
		ask   func(http.ResponseWriter, *http.Request)
		asked int // for two notices
	}{
		{"missing scope", refused("missing_scope"), 1},
		{"not in the channel", refused("not_in_channel"), 1},
		{"rate limit", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			refused("ratelimited")(w, r)
		}, 2},
		{"broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, 2},
		{"no answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 2},
		{"another's answer", text("<html>"), 2},
		{"nothing", text(`{"ok":true}`), 2},
		{"other types", text(`{"ok":true,"messages":[{"ts":7,"metadata":[]},{"ts":"1.2","metadata":{"event_type":"extraeye_notice","event_payload":{"group":["g"]}}},8]}`), 2},
		{"too long", text(`{"ok":true,"messages":["` + strings.Repeat("x", maxHistory) + `"]}`), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inChannel(t, fmt.Sprintf("C0123456789%d", i), func(t *testing.T, c *channelOf, send func(*notice.Notice) string) {
				c.ask = tt.ask
				for range 2 {
					start := time.Now()
					if got := send(of("g", "one", notice.Warning, notice.Open)); got != "channel" {
						t.Error(got)
					}
					if took := time.Since(start); took > patience {
						t.Errorf("it took %v", took)
					}
				}
				if c.asked != tt.asked {
					t.Errorf("asked %d times, want %d", c.asked, tt.asked)
				}
			})
		})
	}
	t.Run("a name", func(t *testing.T) {
		inChannel(t, "#ops", func(t *testing.T, c *channelOf, send func(*notice.Notice) string) {
			if got := send(of("g", "one", notice.Warning, notice.Open)); got != "channel" || c.asked != 0 {
				t.Errorf("%s, asked %d times", got, c.asked)
			}
		})
	})
}

// TestLongHistory shows that the messages of others may be long.
func TestLongHistory(t *testing.T) {
	inChannel(t, "C0THREADS01", func(t *testing.T, c *channelOf, send func(*notice.Notice) string) {
		n := of("g", "one", notice.Warning, notice.Open)
		send(n)
		c.ask = func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"ok":true,"messages":[{"ts":"9","text":%q},{"ts":%q,"metadata":%s}]}`,
				strings.Repeat("x", maxHistory/2), c.times[0], notice.JSON(newMetadata(n)))
		}
		if got := send(n); got != "thread of one" {
			t.Error(got)
		}
	})
}

// TestRefusedThread shows that a message is posted without its thread where Slack refuses
// the thread.
func TestRefusedThread(t *testing.T) {
	for code := range strings.FieldsSeq(unthreaded) {
		inChannel(t, "C0THREADS01", func(t *testing.T, c *channelOf, send func(*notice.Notice) string) {
			c.refuse = code
			if got := send(of("g", "one", notice.Warning, notice.Open)); got != "channel" || c.messages[0].Metadata != nil {
				t.Errorf("%s: %s", code, got)
			}
		})
	}
	inChannel(t, "C0THREADS01", func(t *testing.T, c *channelOf, send func(*notice.Notice) string) {
		c.refuse = "is_archived"
		if got := send(of("g", "one", notice.Warning, notice.Open)); !strings.Contains(got, "unarchive") || len(c.messages) != 0 {
			t.Error(got)
		}
	})
}

// TestTwoFirstMessages shows that a thread that was begun twice goes on in the older one.
func TestTwoFirstMessages(t *testing.T) {
	ours := func(ts, thread string, severity notice.Severity) posted {
		return posted{ts, thread, metadata{eventType, payload{"g", severity}}}
	}
	for name, tt := range map[string]struct {
		messages []posted
		want     thread
	}{
		"none":                   {nil, thread{}},
		"two":                    {[]posted{ours("2", "", notice.Critical), ours("1", "", notice.Warning)}, thread{"1", rank(notice.Warning)}},
		"broadcast of an older":  {[]posted{ours("2", "1", notice.Critical)}, thread{}},
		"broadcast of its own":   {[]posted{ours("3", "1", notice.Error), ours("2", "0", notice.Critical), ours("1", "1", notice.Info)}, thread{"1", rank(notice.Error)}},
		"severity of another":    {[]posted{ours("1", "", "?")}, thread{"1", 0}},
		"metadata of other apps": {[]posted{{"1", "", metadata{"task_created", payload{"g", notice.Info}}}}, thread{}},
	} {
		if got := find(tt.messages, "g"); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}
