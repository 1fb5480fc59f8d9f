package amazonq

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const arn = "arn:aws:sns:ap-south-1:123456789012:chat"

func TestConformance(t *testing.T) {
	sinktest.Run(t, sinktest.Harness{
		AWS:  true,
		Open: func(c sinktest.Clients) notice.Sender { return New(c.AWS, wire.AmazonQ{TopicARN: arn}) },
		Good: sinktest.Answer{Body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`},
		Key: func(r sinktest.Request) string {
			n := published(t, r)
			return n.ID + n.Metadata.ThreadID
		},
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) {
			form, err := url.ParseQuery(string(r.Body))
			if err != nil || form.Get("Action") != "Publish" || form.Get("Version") != "2010-03-31" || form.Get("TopicArn") != arn || len(form) != 4 {
				t.Errorf("sent %v: %v", form, err)
			}
			if !strings.HasPrefix(r.URL, "https://sns.ap-south-1.amazonaws.com/") || !strings.Contains(r.Header.Get("Authorization"), "/ap-south-1/sns/") {
				t.Errorf("sent to %s with %v, want the topic's region", r.URL, r.Header)
			}
			check(t, []byte(form.Get("Message")))
		},
		Markup: []string{
			"<!channel>", "<@U012AB3CD>", "<https://evil.example|click>", "[click](", "![x](", "*b*", "_i_", "~s~", "`c`", "{{DATE(", "<at>", "<script>",
		},
	})
}

// published is the notification in a request.
func published(t *testing.T, r sinktest.Request) (n notification) {
	t.Helper()
	form, err := url.ParseQuery(string(r.Body))
	if err == nil {
		err = json.Unmarshal([]byte(form.Get("Message")), &n)
	}
	if err != nil {
		t.Error(err)
	}
	return n
}

// check checks that a notification is one that Amazon Q takes.
func check(t *testing.T, body []byte) {
	t.Helper()
	if len(body) > 64<<10 {
		t.Errorf("%d bytes", len(body))
	}
	var n notification
	if err := json.Unmarshal(body, &n); err != nil {
		t.Fatal(err)
	}
	c, m := n.Content, n.Metadata
	if n.Version != "1.0" || n.Source != "custom" || c.TextType != "client-markdown" || n.ID == "" || len(n.ID) > 64 || len(m.ThreadID) > 32 {
		t.Errorf("notification %.300s", body)
	}
	if c.Description == "" && c.Title == "" || notice.Units(c.Description) > 8000 || notice.Units(c.Title) > 250 || c.Title == "" || notice.Units(m.Summary) > 250 {
		t.Errorf("a description of %d and a title of %d characters", notice.Units(c.Description), notice.Units(c.Title))
	}
	if len(c.NextSteps) > maxSteps || len(c.Keywords) > 3 || len(m.Related) > maxRelated {
		t.Errorf("lists in %.300s", body)
	}
	for name, value := range m.Context {
		if value == "" || notice.Units(value) > 1024 {
			t.Errorf("%s has %d characters", name, notice.Units(value))
		}
	}
	if strings.Trim(m.EventType, "abcdefghijklmnopqrstuvwxyz-") != "" {
		t.Errorf("type of event %q", m.EventType)
	}
}

// send publishes a notice to a stand-in for SNS.
func send(t *testing.T, topic string, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	return New(awsapi.New(awsapi.NewHTTPClient(), "eu-west-1"), wire.AmazonQ{TopicARN: topic}).Send(ctx, &notice.Notice{Title: "t"})
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		status    int
		code      string
		permanent bool
		advice    string
	}{
		{404, "NotFound", true, "create the topic again"},
		{403, "AuthorizationError", true, "sns:Publish"},
		{400, "AccessDeniedException", true, "sns:Publish"},
		{400, "KMSAccessDenied", true, "kms:GenerateDataKey"},
		{400, "InvalidParameter", true, "correct the sink"},
		{400, "SomethingNew", true, "SomethingNew"},
		{400, "KMSThrottling", false, "KMSThrottling"},
		{500, "InternalError", false, "InternalError"},
		{403, "ExpiredToken", false, "ExpiredToken"},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			err := send(t, arn, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>words</Message></Error></ErrorResponse>", tt.code)
			})
			if notice.IsPermanent(err) != tt.permanent || err == nil || !strings.Contains(err.Error(), tt.advice) || !strings.Contains(err.Error(), arn) {
				t.Errorf("permanent %v: %v", notice.IsPermanent(err), err)
			}
		})
	}
	for _, topic := range []string{"", "alarms", "arn:aws:sqs:eu-west-1:1:q", "arn:aws:sns::1:t", arn + ":subscription", arn + ".fifo"} {
		err := send(t, topic, func(http.ResponseWriter, *http.Request) { t.Error("called") })
		if !notice.IsPermanent(err) || !strings.Contains(err.Error(), "not the ARN of a standard SNS topic") {
			t.Errorf("%q: %v", topic, err)
		}
	}
}
