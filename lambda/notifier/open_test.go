package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
)

// TestEverySinkOpens walks the contract: each sink in it must have its sender here.
func TestEverySinkOpens(t *testing.T) {
	each(t, reflect.TypeFor[wire.Sink](), func(name string, sink reflect.Value) {
		got := (&clients{}).open(sink.Interface().(wire.Sink))
		if got.err != nil || got.sender == nil || got.name != name || got.title == "" {
			t.Errorf("wire.Sink %q: open returned %+v; add it to open.go", name, got)
		}
	})
}

// TestURLsAreGuarded shows that the URL of a secret reaches no private address, unless
// the sink allows it, and that of a webhook neither.
func TestURLsAreGuarded(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	const url = "https://127.0.0.1:1/"
	keeper := httptest.NewServer(reply(http.StatusOK, `{"SecretString":"`+url+`"}`))
	defer keeper.Close()
	t.Setenv("AWS_ENDPOINT_URL", keeper.URL)
	ref := wire.Secret{ARN: secretARN}
	for name, tt := range map[string]struct {
		sink wire.Sink
		want string
	}{
		"slack":                    {wire.Sink{Slack: &wire.Slack{Webhook: &ref}}, "not a public address"},
		"teams":                    {wire.Sink{Teams: &wire.Teams{Webhook: ref}}, "not a public address"},
		"webhook":                  {wire.Sink{Webhook: &wire.Webhook{URL: url}}, "not a public address"},
		"webhook, secret":          {wire.Sink{Webhook: &wire.Webhook{SecretURL: &ref}}, "not a public address"},
		"webhook, private":         {wire.Sink{Webhook: &wire.Webhook{URL: url, AllowPrivate: true}}, "connection refused"},
		"webhook, secret, private": {wire.Sink{Webhook: &wire.Webhook{SecretURL: &ref, AllowPrivate: true}}, "connection refused"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		opened := newClients(awsapi.New(awsapi.NewHTTPClient(), "eu-west-1"), "").open(tt.sink)
		if opened.err != nil {
			t.Fatal(opened.err)
		}
		if err := opened.sender.Send(ctx, &notice.Notice{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// each calls f with a struct of the type for each of its pointers, with that one set.
func each(t *testing.T, of reflect.Type, f func(name string, v reflect.Value)) {
	t.Helper()
	found := 0
	for i := range of.NumField() {
		field := of.Field(i)
		if field.Type.Kind() != reflect.Pointer {
			continue
		}
		found++
		v := reflect.New(of).Elem()
		v.Field(i).Set(reflect.New(field.Type.Elem()))
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		f(name, v)
	}
	if found == 0 {
		t.Errorf("%v has no pointers", of)
	}
}

func TestPanicIsAnError(t *testing.T) {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h := &handler{clients: &clients{}, lookups: &evidence.Lookups{Log: log}, log: log} // without AWS: asking and sending panic
	_, err := h.Invoke(context.Background(), []byte(deliver(t, terminations, byMail, killed)))
	var failure messages.InvokeResponse_Error
	if !errors.As(err, &failure) || failure.Type != "Transient" || !strings.Contains(failure.Message, "panicked") {
		t.Errorf("error is %v", err)
	}
}

func TestWithoutAddresses(t *testing.T) {
	if got := withoutAddresses("from ops@example.com: check <a@b.c>,\n\tplease"); got != "from (address) check (address) please" {
		t.Errorf("got %q", got)
	}
}
