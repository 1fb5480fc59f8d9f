package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

// message is a request as a destination gets it.
type message struct {
	URL    string
	Header http.Header
	Body   string
}

// outside is everything outside of the function: it keeps the secrets, and answers as the
// destination of one sink does to a message that it accepts.
type outside struct {
	sink *example
	got  []message
	// shown are the messages of a channel that shows which thread each is in: its metadata
	// and its time.
	shown []json.RawMessage
}

func (o *outside) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	w := httptest.NewRecorder()
	switch {
	case strings.HasPrefix(r.URL.Host, "secretsmanager."):
		keepSecret(w)
	case strings.HasPrefix(r.URL.Host, "ssm."):
		keepParameter(w)
	case o.sink.Aside[r.URL.Path] != nil:
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "messages": o.shown})
	default:
		o.show(body)
		o.got = append(o.got, message{r.URL.String(), r.Header, string(body)})
		o.sink.reply(w)
	}
	return w.Result(), err
}

// show keeps a message of a channel, so that the notices that follow form threads.
func (o *outside) show(body []byte) {
	var m struct {
		Metadata json.RawMessage `json:"metadata"`
		ThreadTS string          `json:"thread_ts"`
	}
	if json.Unmarshal(body, &m) == nil && m.Metadata != nil && m.ThreadTS == "" {
		o.shown = append(o.shown, fmt.Appendf(nil, `{"ts":"1503435956.%06d","metadata":%s}`, len(o.shown), m.Metadata))
	}
}

// keepSecret answers for Secrets Manager.
func keepSecret(w io.Writer) {
	value := fmt.Sprintf(`{"key":%q,"url":"https://example.com/hooks/%s"}`, keptSecret, keptSecret)
	_ = json.NewEncoder(w).Encode(map[string]string{"SecretString": value})
}

// keepParameter answers for SSM.
func keepParameter(w io.Writer) {
	_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]string{"Value": keptSecret}})
}

// TestMessages sends every sample, and the notices of all recorded events, through every
// sink in the contract as their examples configure them. It writes the messages to the
// folder that EXTRAEYE_MESSAGES names, if it is set: .ci/recipients checks them with the
// recipients' own software.
func TestMessages(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	t.Setenv("AWS_ENDPOINT_URL", "")
	notices := allNotices(t)
	names := slices.Sorted(maps.Keys(notices))
	for _, sink := range examples(t) {
		for i, config := range append([]json.RawMessage{sink.Config}, sink.Also...) {
			o := &outside{sink: sink}
			sender := openExample(t, o, config)
			for _, name := range names {
				o.got = nil
				if err := sender.Send(context.Background(), notices[name]); err != nil || len(o.got) != 1 {
					t.Errorf("%s, configuration %d, %s: %d messages, %v", sink.name, i, name, len(o.got), err)
					continue
				}
				keep(t, filepath.Join(sink.name, fmt.Sprintf("%s-%d.json", name, i)), o.got[0])
			}
		}
	}
}

// openExample opens a sink whose every request goes to the outside.
func openExample(t *testing.T, o *outside, config json.RawMessage) notice.Sender {
	t.Helper()
	return openedBy(t, &http.Client{Transport: o}, o.sink.name, config)
}

// openedBy opens a sink that uses an HTTP client.
func openedBy(t testing.TB, hc *http.Client, name string, config json.RawMessage) notice.Sender {
	t.Helper()
	var s wire.Sink
	if err := json.Unmarshal(fmt.Appendf(nil, "{%q:%s}", name, config), &s); err != nil {
		t.Fatal(err)
	}
	api := awsapi.New(hc, "eu-west-1")
	opened := (&clients{api, secret.New(api), post.New(hc), post.New(hc)}).open(s)
	if opened.err != nil {
		t.Fatal(opened.err)
	}
	return opened.sender
}

// keep writes a message, if messages are kept.
func keep(t *testing.T, name string, m message) {
	t.Helper()
	dir := os.Getenv("EXTRAEYE_MESSAGES")
	if dir == "" {
		return
	}
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	content, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(file, content, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// allNotices are the samples and the notices of the recorded events, as of now.
func allNotices(t *testing.T) map[string]*notice.Notice {
	t.Helper()
	all := map[string]*notice.Notice{}
	for name, n := range sinktest.Samples() {
		all["sample-"+name] = n
	}
	for _, pattern := range []string{"../*/testdata/*.notice.json", "../event/*/testdata/*.notice.json", "../event/*/testdata/*/*.notice.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			dir, name := filepath.Split(strings.TrimSuffix(file, ".notice.json"))
			all[strings.ReplaceAll(filepath.Base(dir)+"-"+name, "testdata-", "")] = readNotice(t, file)
		}
	}
	if len(all) < 100 {
		t.Fatalf("only %d notices", len(all))
	}
	for _, n := range all { // some destinations accept nothing that is old
		if n.Time.IsZero() {
			continue
		}
		age := time.Since(n.Time)
		n.Time = n.Time.Add(age)
		if r := n.Release; r != nil && !r.Started.IsZero() && !r.Ended.IsZero() {
			r.Started, r.Ended = r.Started.Add(age), r.Ended.Add(age)
		}
	}
	return all
}

// readNotice reads a notice, and the event that it was made of if that is beside it.
func readNotice(t *testing.T, file string) *notice.Notice {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n := &notice.Notice{}
	if err := json.Unmarshal(content, n); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	event, err := os.ReadFile(strings.TrimSuffix(file, ".notice.json") + ".json")
	if err == nil && json.Valid(event) {
		n.Event = event
	}
	return n
}
