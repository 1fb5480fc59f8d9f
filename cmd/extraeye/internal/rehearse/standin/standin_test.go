package standin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	deploytypes "github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	mailtypes "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/wire"
)

// start starts a stand-in and makes the configuration of an SDK client for it.
func start(t *testing.T, c Config) (*Server, aws.Config) {
	t.Helper()
	s, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &s.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
		}),
		RetryMaxAttempts: 1,
	}
}

func deploymentEvent(state wire.State) json.RawMessage {
	return json.RawMessage(`{"time":"2026-06-30T20:23:30Z","account":"123456789012","region":"eu-central-1","detail":{` +
		`"application":"some-service","deploymentGroup":"production","deploymentId":"d-ABCDEF123","state":"` + string(state) + `"}}`)
}

// The SDK's own client reads the built-in answers.
func TestGetDeployment(t *testing.T) {
	s, config := start(t, Config{})
	client := codedeploy.NewFromConfig(config)
	cases := []struct {
		state   wire.State
		creator wire.Creator
		status  deploytypes.DeploymentStatus
		code    deploytypes.ErrorCode
		key     string
		of, by  string
	}{
		{wire.StateSuccess, "", "Succeeded", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.StateFailure, "", "Failed", "HEALTH_CONSTRAINTS", "releases/some-service-1.4.2.zip", "", "d-ABCDEF121"},
		{wire.StateStop, "", "Stopped", "MANUAL_STOP", "releases/some-service-1.4.2.zip", "", ""},
		{wire.StateStart, "", "InProgress", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.StateReady, "", "Ready", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.StateSuccess, wire.CreatorAutoScaling, "Succeeded", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.StateSuccess, wire.CreatorRollback, "Succeeded", "", "releases/some-service-1.4.1.zip", "d-ABCDEF121", ""},
	}
	for _, c := range cases {
		t.Run(string(c.state)+string(c.creator), func(t *testing.T) {
			s.Play(Scene{Event: deploymentEvent(c.state), Unsaid: samples.Unsaid{Creator: c.creator}})
			out, err := client.GetDeployment(t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: aws.String("d-ABCDEF123")})
			if err != nil {
				t.Fatal(err)
			}
			info := out.DeploymentInfo
			if info.Status != c.status || *info.Revision.S3Location.Key != c.key || *info.ApplicationName != "some-service" {
				t.Errorf("got status %s, key %s, application %s", info.Status, *info.Revision.S3Location.Key, *info.ApplicationName)
			}
			if want := deploytypes.DeploymentCreator(or(string(c.creator), "user")); info.Creator != want {
				t.Errorf("creator %s, want %s", info.Creator, want)
			}
			if (info.ErrorInformation == nil) != (c.code == "") || info.ErrorInformation != nil && info.ErrorInformation.Code != c.code {
				t.Errorf("error %+v, want %q", info.ErrorInformation, c.code)
			}
			rollback := info.RollbackInfo
			if rollback == nil {
				rollback = &deploytypes.RollbackInfo{}
			}
			if aws.ToString(rollback.RollbackTriggeringDeploymentId) != c.of || aws.ToString(rollback.RollbackDeploymentId) != c.by {
				t.Errorf("rollback %v of %v, want %q of %q", aws.ToString(rollback.RollbackDeploymentId), aws.ToString(rollback.RollbackTriggeringDeploymentId), c.by, c.of)
			}
			ended := c.state == wire.StateSuccess || c.state == wire.StateFailure || c.state == wire.StateStop
			if (info.CompleteTime != nil) != ended || info.CreateTime.UTC().Format("15:04:05") != "20:19:18" {
				t.Errorf("created %v, completed %v", info.CreateTime, info.CompleteTime)
			}
		})
	}
}

func TestMailAndMessageAreRemembered(t *testing.T) {
	s, config := start(t, Config{})
	s.Play(Scene{})
	text := func(data string) *mailtypes.Content { return &mailtypes.Content{Data: &data} }
	_, err := sesv2.NewFromConfig(config).SendEmail(t.Context(), &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("ops@example.com"),
		Destination:      &mailtypes.Destination{ToAddresses: []string{"team@example.com"}},
		Content: &mailtypes.EmailContent{Simple: &mailtypes.Message{
			Subject: text("Grüße"), Body: &mailtypes.Body{Text: text("plain"), Html: text("<p>html</p>")},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	published, err := sns.NewFromConfig(config).Publish(t.Context(), &sns.PublishInput{
		TopicArn: aws.String("arn:aws:sns:us-east-1:123456789012:t"), Subject: aws.String("s"), Message: aws.String("m & n"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("deployment")}},
	})
	if err != nil || aws.ToString(published.MessageId) == "" {
		t.Fatal(published, err)
	}
	calls := s.Calls()
	if len(calls) != 2 {
		t.Fatalf("%d calls", len(calls))
	}
	mail, ok := calls[0].Mail()
	if !ok || mail.Subject != "Grüße" || mail.Text != "plain" || mail.HTML != "<p>html</p>" || mail.From != "ops@example.com" || mail.To[0] != "team@example.com" {
		t.Errorf("got mail %+v of %+v", mail, calls[0])
	}
	message, ok := calls[1].Message()
	if !ok || message.Subject != "s" || message.Text != "m & n" || len(message.Attributes) != 1 || message.Attributes[0] != (Attribute{"kind", "deployment"}) {
		t.Errorf("got message %+v of %+v", message, calls[1])
	}
	if _, err := http.Get(s.URL); err != nil || len(s.Calls()) != 2 {
		t.Errorf("a request without signature is taken for a call: %v, %+v", err, s.Calls())
	}
	if s.Play(Scene{}); len(s.Calls()) != 0 {
		t.Error("calls of the scene before are remembered")
	}
}

// send sends a request as the notifier would sign it.
func send(t *testing.T, url, service, contentType, target, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260630/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("Content-Type", contentType)
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	w := httptest.NewRecorder()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := w.Body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, w.Body.String()
}

const form = "application/x-www-form-urlencoded; charset=utf-8"

func TestDescribeInstances(t *testing.T) {
	s, _ := start(t, Config{})
	s.Play(Scene{Event: json.RawMessage(`{"detail":{"AutoScalingGroupName":"some-service-production","EC2InstanceId":7}}`)})
	status, body := send(t, s.URL, "ec2", form, "", "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0a")
	for _, want := range []string{"<instanceId>i-0a</instanceId>", "<key>Name</key><value>some-service-production-1</value>", `xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"`} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%d: no %s in %s", status, want, body)
		}
	}
}

func TestNotPlayed(t *testing.T) {
	s, _ := start(t, Config{})
	cases := []struct{ service, contentType, target, body, want string }{
		{"sqs", "application/x-amz-json-1.0", "AmazonSQS.SendMessage", "{}", `"__type":"NotPlayed"`},
		{"autoscaling", form, "", "Action=DescribePolicies", "<ErrorResponse><Error><Code>NotPlayed</Code><Message>autoscaling.DescribePolicies is"},
		{"ec2", form, "", "Action=DescribeVolumes", "<Response><Errors><Error><Code>NotPlayed</Code><Message>ec2.DescribeVolumes is"},
		{"lambda", "application/json", "", "{}", "lambda.POST / is not played"},
	}
	for _, c := range cases {
		if status, body := send(t, s.URL, c.service, c.contentType, c.target, c.body); status != 400 || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s, want %s", c.service, status, body, c.want)
		}
	}
}

func TestAnswers(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{
		"codedeploy.GetDeployment.json": `{"deploymentInfo":{"creator":"user"}}`,
		"ses.SendEmail.json":            `{"__type":"MessageRejected","message":"Email address is not verified."}`,
		"ec2.DescribeInstances.xml":     `<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`,
		"README.md":                     "what these are",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, config := start(t, Config{Answers: dir})
	out, err := codedeploy.NewFromConfig(config).GetDeployment(t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: aws.String("d-1")})
	if err != nil || out.DeploymentInfo.Status != "" {
		t.Errorf("got %+v, %v", out, err)
	}
	if _, err := sesv2.NewFromConfig(config).SendEmail(t.Context(), &sesv2.SendEmailInput{Content: &mailtypes.EmailContent{}}); err == nil || !strings.Contains(err.Error(), "not verified") {
		t.Errorf("the error document was answered as %v", err)
	}
	if status, _ := send(t, s.URL, "ec2", form, "", "Action=DescribeInstances"); status != 403 {
		t.Errorf("the error document was answered with status %d", status)
	}

	for _, name := range []string{"answer.json", "sesv2.SendEmail.json", "ses.sendEmail.xml", "slakc.500.json"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Start(Config{Answers: dir})
		for _, want := range []string{name + " names no operation", "ses.SendEmail", "ssm.GetParameter", "slack"} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: got %v, want %q", name, err, want)
			}
		}
		os.Remove(path)
	}
	if _, err := Start(Config{Answers: filepath.Join(dir, "none")}); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func TestStatusOfGivenAnswers(t *testing.T) {
	for _, c := range []struct {
		extension, body string
		status          int
	}{
		{".json", `{"MessageId":"1"}`, 200},
		{".json", `{"__type":"MessageRejected","message":"AccessDenied is not why"}`, 400},
		{".json", `{"__type":"AccessDeniedException","message":"m"}`, 403},
		{".json", `{"message":"m", "__type" : "com.amazon.coral.service#AccessDeniedException"}`, 403},
		{".xml", `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code></Error></ErrorResponse>`, 403},
		{".xml", `<ErrorResponse><Error><Code>NotFound</Code><Message>AuthFailure</Message></Error></ErrorResponse>`, 400},
		{".xml", `<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`, 403},
		{".xml", `<Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>`, 403},
		{".xml", `<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code></Error></Errors></Response>`, 400},
	} {
		if got := givenAnswer(c.extension, []byte(c.body)).status; got != c.status {
			t.Errorf("%s is answered with %d, want %d", c.body, got, c.status)
		}
	}
}

func TestEndpoint(t *testing.T) {
	emulator := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		w.Write([]byte(r.Method + " " + r.URL.Path + " " + r.Host))
	}))
	defer emulator.Close()
	s, _ := start(t, Config{Endpoint: emulator.URL})
	s.Play(Scene{})
	status, body := send(t, s.URL+"/v2/email/outbound-emails", "ses", "application/json", "", `{"FromEmailAddress":"a@example.com"}`)
	if status != http.StatusTeapot || body != "POST /v2/email/outbound-emails "+strings.TrimPrefix(emulator.URL, "http://") {
		t.Errorf("got %d %s", status, body)
	}
	calls := s.Calls()
	if len(calls) != 1 || calls[0].Status != http.StatusTeapot {
		t.Fatalf("calls: %+v", calls)
	}
	if mail, ok := calls[0].Mail(); !ok || mail.From != "a@example.com" {
		t.Errorf("got %+v", mail)
	}
	emulator.Close()
	if status, body := send(t, s.URL, "ses", "application/json", "", "{}"); status != http.StatusBadGateway || !strings.Contains(body, "does not answer") {
		t.Errorf("an emulator that is gone: %d %s", status, body)
	}
	for _, bad := range []string{"localhost:4566", "%"} {
		if _, err := Start(Config{Endpoint: bad}); err == nil {
			t.Errorf("no error for the endpoint %q", bad)
		}
	}
}
