package amazonq

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const arn = "arn:aws:sns:ap-south-1:123456789012:chat"

func TestConformance(t *testing.T) {
	sinktest.Run(t, harness())
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness()) }

func harness() sinktest.Harness {
	return sinktest.Harness{
		AWS:  true,
		Open: func(c sinktest.Clients) notice.Sender { return New(c.AWS, wire.AmazonQ{TopicARN: arn}) },
		Good: sinktest.Answer{Body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`},
		Failures: []sinktest.Failure{{
			Name:   "no such topic",
			Answer: sinktest.Answer{Status: 404, Body: "<ErrorResponse><Error><Code>NotFound</Code></Error></ErrorResponse>"},
			Reason: "publish to " + arn,
		}},
		Key: func(t *testing.T, r sinktest.Request) string {
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
	}
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

// check checks that a notification is one that Amazon Q accepts.
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
