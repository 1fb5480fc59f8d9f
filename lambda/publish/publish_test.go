package publish

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

const arn = "arn:aws:sns:ap-south-1:123456789012:alarms"

// sns answers every request with a status and a body.
type sns struct {
	status   int
	body     string
	requests []*http.Request
}

func (s *sns) RoundTrip(r *http.Request) (*http.Response, error) {
	s.requests = append(s.requests, r)
	return &http.Response{StatusCode: s.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(s.body)), Request: r}, nil
}

// send publishes a message in a bubble, in which nothing waits between attempts.
func send(t *testing.T, s *sns, topic string) (err error) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	synctest.Test(t, func(t *testing.T) {
		err = ToTopic(t.Context(), awsapi.New(&http.Client{Transport: s}, "eu-west-1"), topic, url.Values{"Message": {"m"}})
	})
	return err
}

func TestToTopic(t *testing.T) {
	s := &sns{status: 200, body: `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`}
	if err := send(t, s, arn); err != nil {
		t.Fatal(err)
	}
	r := s.requests[0]
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	if err != nil || r.URL.Host != "sns.ap-south-1.amazonaws.com" || !strings.Contains(r.Header.Get("Authorization"), "/ap-south-1/sns/") {
		t.Errorf("sent to %s with %v, want the topic's region: %v", r.URL, r.Header, err)
	}
	want := url.Values{"Action": {"Publish"}, "Version": {"2010-03-31"}, "TopicArn": {arn}, "Message": {"m"}}
	if form.Encode() != want.Encode() {
		t.Errorf("sent %v\nwant %v", form, want)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		status    int
		code      string
		permanent bool
		advice    string
	}{
		{404, "NotFound", true, "create the topic again"},
		{403, "AuthorizationError", true, "sns:Publish"},
		{400, "AccessDeniedException", true, "sns:Publish"},
		{400, "KMSAccessDenied", true, "kms:GenerateDataKey"},
		{400, "KMSDisabled", true, "the key is enabled"},
		{400, "InvalidParameter", true, "correct the sink"},
		{400, "SomethingNew", true, "SomethingNew"},
		{400, "KMSThrottling", false, "KMSThrottling"},
		{400, "Throttled", false, "Throttled"},
		{500, "InternalError", false, "InternalError"},
		{403, "ExpiredToken", false, "ExpiredToken"},
	} {
		t.Run(tt.code, func(t *testing.T) {
			s := &sns{status: tt.status, body: fmt.Sprintf("<ErrorResponse><Error><Code>%s</Code><Message>words</Message></Error></ErrorResponse>", tt.code)}
			err := send(t, s, arn)
			if notice.IsPermanent(err) != tt.permanent || err == nil || !strings.Contains(err.Error(), tt.advice) || !strings.Contains(err.Error(), arn) {
				t.Errorf("permanent %v: %v", notice.IsPermanent(err), err)
			}
		})
	}
}

func TestNoTopic(t *testing.T) {
	for _, topic := range []string{"", "alarms", "arn:aws:sqs:eu-west-1:1:q", "arn:aws:sns::1:t", arn + ":subscription", arn + ".fifo"} {
		s := &sns{}
		err := send(t, s, topic)
		if !notice.IsPermanent(err) || !strings.Contains(err.Error(), "not the ARN of a standard SNS topic") || len(s.requests) != 0 {
			t.Errorf("%q: %d requests, %v", topic, len(s.requests), err)
		}
	}
}
