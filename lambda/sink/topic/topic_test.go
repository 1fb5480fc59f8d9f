package topic

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

const arn = "arn:aws:sns:ap-south-1:123456789012:alarms"

var sample = &notice.Notice{
	ID: "event-1", Service: "some-service", Kind: notice.KindTermination, Severity: notice.Error,
	Title: "Instance killed in some-service-production", Summary: "It failed its health check.",
	Facts: []notice.Fact{{Label: "Instance", Value: "i-1"}},
	Links: []notice.Link{{Label: "Instance", URL: "https://console/i-1"}},
}

// send publishes n to a fake SNS.
func send(t *testing.T, n *notice.Notice, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return New(awsapi.New(awsapi.NewHTTPClient(), "eu-west-1"), wire.Topic{ARN: arn}).Send(ctx, n)
}

func TestSend(t *testing.T) {
	var got url.Values
	err := send(t, sample, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Authorization"), "/ap-south-1/sns/") {
			t.Errorf("signed %s, want the topic's region", r.Header.Get("Authorization"))
		}
		_ = r.ParseForm()
		got = r.PostForm
		_, _ = io.WriteString(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`)
	})
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"Action": {"Publish"}, "Version": {"2010-03-31"}, "TopicArn": {arn},
		"Subject":                        {"Instance killed in some-service-production"},
		"Message":                        {sample.Text()},
		"MessageAttributes.entry.1.Name": {"service"},
		"MessageAttributes.entry.1.Value.DataType":    {"String"},
		"MessageAttributes.entry.1.Value.StringValue": {"some-service"},
		"MessageAttributes.entry.2.Name":              {"kind"},
		"MessageAttributes.entry.2.Value.DataType":    {"String"},
		"MessageAttributes.entry.2.Value.StringValue": {"termination"},
		"MessageAttributes.entry.3.Name":              {"severity"},
		"MessageAttributes.entry.3.Value.DataType":    {"String"},
		"MessageAttributes.entry.3.Value.StringValue": {"error"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("sent %v\nwant %v", got, want)
	}

	in := parameters(&notice.Notice{Kind: notice.KindUnknown})
	if in.Get("MessageAttributes.entry.1.Name") != "kind" || in.Has("MessageAttributes.entry.2.Name") {
		t.Errorf("attributes without a value are sent: %v", in)
	}
}

func TestSubject(t *testing.T) {
	tests := map[string]string{
		"Instance i-1 killed":              "Instance i-1 killed",
		"Größe – “naïve” señor… → ok":      `Grosse - "naive" senor... > ok`,
		"  two\n\tlines\x00and\u2028more ": "two lines and more",
		"注文サービス: deployment failed":        "?: deployment failed",
		"注文サービス":                           "extraeye: deployment",
		"":                                 "extraeye: deployment",
		"? ?":                              "extraeye: deployment",
		"\xff\xfe x":                       "? x",
		strings.Repeat("x", 99):            strings.Repeat("x", 99),
		strings.Repeat("x", 100):           strings.Repeat("x", 96) + "...",
	}
	for title, want := range tests {
		if got := subject(&notice.Notice{Title: title, Kind: notice.KindDeployment}); got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
	if utf8.RuneCountInString(letters) != len(ascii) {
		t.Errorf("%d letters, %d replacements", utf8.RuneCountInString(letters), len(ascii))
	}
}

func TestMessageIsBounded(t *testing.T) {
	n := *sample
	n.Facts = []notice.Fact{
		{Label: "AWS says", Value: strings.Repeat("ü", 400_000), URL: "https://console/cause"},
		{Label: "Short", Value: "kept"},
	}
	text := message(&n, maxMessage)
	if len(text) > maxMessage || !utf8.ValidString(text) {
		t.Errorf("%d bytes, valid %v", len(text), utf8.ValidString(text))
	}
	for _, want := range []string{"more bytes left out)", "kept", "https://console/i-1", "https://console/cause"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is lost", want)
		}
	}
	if len(n.Facts[0].Value) != 800_000 {
		t.Error("the notice was changed")
	}
	n.Links = []notice.Link{{Label: "Long", URL: "https://" + strings.Repeat("é", 200_000)}}
	if text := message(&n, maxMessage); len(text) > maxMessage || !utf8.ValidString(text) {
		t.Errorf("%d bytes, valid %v", len(text), utf8.ValidString(text))
	}
}
