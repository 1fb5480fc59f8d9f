package topic

import (
	"net/url"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

func TestConformance(t *testing.T) {
	sinktest.Run(t, harness())
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness()) }

func harness() sinktest.Harness {
	return sinktest.Harness{
		Open: func(c sinktest.Clients) notice.Sender { return New(c.AWS, wire.Topic{ARN: arn}) },
		Good: sinktest.Answer{Body: "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"},
		AWS:  true,
		Failures: []sinktest.Failure{{
			Name:   "no such topic",
			Answer: sinktest.Answer{Status: 404, Body: "<ErrorResponse><Error><Code>NotFound</Code></Error></ErrorResponse>"},
			Reason: "publish to " + arn,
		}},
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) {
			form, err := url.ParseQuery(string(r.Body))
			if err != nil || r.Method != "POST" || r.URL != "https://sns.ap-south-1.amazonaws.com/" || form.Get("TopicArn") != arn {
				t.Errorf("sent %s %s %v, %v", r.Method, r.URL, form, err)
			}
			if len(form.Get("Message")) > maxMessage || len(form.Get("Subject")) > maxSubject {
				t.Errorf("the message has %d bytes, the subject %q", len(form.Get("Message")), form.Get("Subject"))
			}
		},
	}
}
