package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const (
	urlARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:url-AbCdEf"
	keyARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf"
	url    = "https://example.com/hooks/0123456789abcdefghij?token=very/secret+token"
	keyOne = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	keyTwo = "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

func TestConformance(t *testing.T) {
	sinktest.Run(t, harness())
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness()) }

func harness() sinktest.Harness {
	return sinktest.Harness{
		Open: func(c sinktest.Clients) notice.Sender {
			return New(c.Post, c.Secrets, wire.Webhook{SecretURL: &wire.Secret{ARN: urlARN}, SigningKey: &wire.Secret{ARN: keyARN, Field: "key"}})
		},
		Secrets:  map[string]string{urlARN: url + "\n", keyARN: `{"key":"` + keyOne + " " + keyTwo + `"}`},
		AnyBody:  true,
		Failures: []sinktest.Failure{{Name: "gone", Answer: sinktest.Answer{Status: 410}, Reason: "remove the sink"}},
		Key:      func(t *testing.T, r sinktest.Request) string { return r.Header.Get("webhook-id") },
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) {
			if r.Method != "POST" || r.URL != url || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("sent %s %s as %s", r.Method, r.URL, r.Header.Get("Content-Type"))
			}
			if len(r.Body) > maxBody {
				t.Errorf("the body has %d bytes", len(r.Body))
			}
			if got := strings.Fields(r.Header.Get("webhook-signature")); len(got) != 2 || got[0] == got[1] {
				t.Errorf("signatures are %q, want one of each key", got)
			}
		},
	}
}

// TestSignature is the test vector of the specification's own libraries.
//
// https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/go/webhook_test.go
func TestSignature(t *testing.T) {
	const payload = `{"test": 2432232314}`
	for _, key := range []string{keyOne, strings.TrimPrefix(keyOne, "whsec_")} {
		keys, err := parseKeys(key)
		if err != nil {
			t.Fatal(err)
		}
		h := headers(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(payload))
		if h["webhook-signature"] != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" || h["webhook-timestamp"] != "1614265330" {
			t.Errorf("headers are %v", h)
		}
	}
	for _, key := range []string{"whsec_", "not base64!", keyOne + " whsec_x"} {
		if keys, err := parseKeys(key); err == nil || strings.Contains(err.Error(), "base64!") {
			t.Errorf("%q: %v, %v", key, keys, err)
		}
	}
	if h := headers(nil, "id", time.Unix(1, 0), nil); len(h) != 2 {
		t.Errorf("without a key: %v", h)
	}
}

func TestMessageID(t *testing.T) {
	if a, b := messageID(&notice.Notice{Event: []byte("1")}), messageID(&notice.Notice{Event: []byte("2")}); a == b {
		t.Errorf("two events without ids have the id %s", a)
	}
	if id := messageID(&notice.Notice{ID: "a.b c\n"}); strings.ContainsAny(id, ". \n") {
		t.Errorf("id is %q", id)
	}
}

func TestGolden(t *testing.T) {
	for name, n := range sinktest.Samples() {
		golden.JSON(t, "testdata/"+name+".json", json.RawMessage(Body(n)))
	}
}

// TestKinds shows that receivers get every kind there is, and no other.
func TestKinds(t *testing.T) {
	for _, kind := range append(notice.Kinds, "other") {
		var b struct {
			Type string
			Data struct{ Kind, Alias, Event string }
		}
		if err := json.Unmarshal(Body(&notice.Notice{Kind: kind, Alias: "a\nb", Event: []byte(`{}`)}), &b); err != nil {
			t.Fatal(err)
		}
		want, event := string(kind), ""
		if kind == "other" {
			want = "unknown"
		}
		if want == "unknown" || want == "pattern" {
			event = "{}"
		}
		if b.Type != "extraeye."+want || b.Data.Kind != want || b.Data.Event != event || b.Data.Alias != "a b" {
			t.Errorf("%s is sent as %+v", kind, b)
		}
	}
}

// TestLinksStay shows that what leads to the whole is kept where there is no room.
func TestLinksStay(t *testing.T) {
	n := sinktest.Samples()["many-facts"]
	for range 400 {
		n.Add(strings.Repeat("ü", 300), strings.Repeat("ü", 300), "https://example.com/"+strings.Repeat("x", 1900))
	}
	body := Body(n)
	if len(body) > maxBody || !utf8.Valid(body) || !bytes.Contains(body, []byte(n.Links[0].URL)) || !bytes.Contains(body, []byte("more facts left out")) {
		t.Errorf("%d bytes: %.3000s", len(body), body)
	}
}

func TestPlainHTTP(t *testing.T) {
	for private, want := range map[bool]string{false: "does not start with https://", true: "connection refused"} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		cfg := wire.Webhook{URL: "http://127.0.0.1:1/", AllowPrivate: private}
		err := New(post.New(&http.Client{}), nil, cfg).Send(ctx, sinktest.Samples()["unknown"])
		if err == nil || notice.IsPermanent(err) == private || !strings.Contains(err.Error(), want) {
			t.Errorf("AllowPrivate %v: %v, want %q", private, err, want)
		}
	}
}
