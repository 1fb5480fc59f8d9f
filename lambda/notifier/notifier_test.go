package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// deliver makes the payload of a recorded event.
func deliver(t *testing.T, watch, sink, file string) string {
	t.Helper()
	return `{"watch":{"service":"some-service",` + watch + `},"sinks":[` + sink + `],"event":` + readRecorded(t, file) + `}`
}

// readRecorded reads a recorded event.
func readRecorded(t testing.TB, file string) string {
	t.Helper()
	raw, err := os.ReadFile("../event/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

const (
	terminations = `"terminations":{}`
	deployments  = `"deployments":{}`
	byMail       = `{"email":{"from":"ops@example.com","to":["team@example.com"]}}`
	byTopic      = `{"topic":{"arn":"arn:aws:sns:eu-west-1:123456789012:alarms"}}`
	killed       = "autoscaling/testdata/asg-terminate-elb-health-check.json"
	scaledIn     = "autoscaling/testdata/asg-terminate-scale-in-alarm-2020-doc.json"
	deployed     = "codedeploy/testdata/codedeploy-deployment-success-doc.json"

	named = `<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>%ID%</instanceId>
		<tagSet><item><key>Name</key><value>web-3</value></item></tagSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`
	throttled = `{"message":"Maximum sending rate exceeded."}`
	published = "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>"
)

// describe names whatever instance is asked for.
func describe(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, strings.Replace(named, "%ID%", r.FormValue("InstanceId.1"), 1))
}

func throttle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
	reply(429, throttled)(w, nil)
}

func TestTerminationByMail(t *testing.T) {
	var mail string
	a := invoke(t, deliver(t, terminations, byMail, killed), 20*time.Second, services{t: t, ec2: describe, ses: func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mail = r.Method + " " + r.URL.Path + " " + string(body)
		_, _ = io.WriteString(w, `{"MessageId":"m-1"}`)
	}})
	if a.outcome() != "sent" || a.ID == "" || a.Orders[0].Notice != nil {
		t.Errorf("answered %+v", a)
	}
	for _, want := range []string{"POST /v2/email/outbound-emails", "team@example.com", "web-3"} {
		if !strings.Contains(mail, want) {
			t.Errorf("no %q in the mail: %s", want, mail)
		}
	}
	checkLog(t, a.log, map[string]any{
		"level": "INFO", "detail_type": "EC2 Instance Terminate Successful", "service": "some-service", "watch": "terminations", "sink": "email", "outcome": "sent", "reason": "",
	})
}

// checkLog checks that one line says how it went, and nothing confidential.
func checkLog(t *testing.T, log string, want map[string]any) {
	t.Helper()
	var line map[string]any
	outcomes := 0
	for text := range strings.SplitSeq(strings.TrimSpace(log), "\n") {
		var l map[string]any
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Errorf("%v in log line %q", err, text)
		}
		if l["outcome"] != nil {
			line, outcomes = l, outcomes+1
		}
	}
	if outcomes != 1 {
		t.Errorf("%d lines with an outcome in:\n%s", outcomes, log)
	}
	for key, value := range want {
		if line[key] != value {
			t.Errorf("%s is %v, want %v", key, line[key], value)
		}
	}
	for _, key := range []string{"event", "ms", "time"} {
		if line[key] == nil || line[key] == "" {
			t.Errorf("no %s in %v", key, line)
		}
	}
	for _, secret := range []string{"verysecret", "AKIDEXAMPLE", "@example.com", "Content"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log:\n%s", secret, log)
		}
	}
}

func TestLookupFailsStillSent(t *testing.T) {
	var text string
	a := invoke(t, deliver(t, terminations, byTopic, killed), 20*time.Second, services{t: t,
		ec2: reply(403, `<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`),
		sns: func(w http.ResponseWriter, r *http.Request) {
			text = r.FormValue("Message")
			_, _ = io.WriteString(w, published)
		},
	})
	if a.outcome() != "sent" {
		t.Errorf("answered %+v", a)
	}
	for _, want := range []string{
		"Instance: ec2:DescribeInstances was denied", "Last words: ec2:GetConsoleOutput was denied",
		"Group: autoscaling:DescribeAutoScalingGroups was denied", "How often: autoscaling:DescribeScalingActivities was denied",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestDeploymentByTopic(t *testing.T) {
	info, err := os.ReadFile("../evidence/testdata/codedeploy-api-getdeployment-s3.json")
	if err != nil {
		t.Fatal(err)
	}
	var text, subject string
	a := invoke(t, deliver(t, deployments, byTopic, deployed), 20*time.Second, services{t: t, codedeploy: reply(200, string(info)),
		sns: func(w http.ResponseWriter, r *http.Request) {
			text, subject = r.FormValue("Message"), r.FormValue("Subject")
			_, _ = io.WriteString(w, published)
		}})
	if a.outcome() != "sent" || subject == "" || !strings.Contains(text, "WordPressApp.zip") {
		t.Errorf("answered %+v, sent %q: %q", a, subject, text)
	}
}

func TestSkipped(t *testing.T) {
	// A scale-in is not among the default causes, so nobody is called at all.
	a := invoke(t, deliver(t, terminations, byMail, scaledIn), 20*time.Second, services{t: t})
	if a.outcome() != "skipped" || a.Orders[0].Skipped == "" || a.ID == "" || a.Orders[0].Notice != nil {
		t.Errorf("answered %+v", a)
	}
	checkLog(t, a.log, map[string]any{"outcome": "skipped", "sink": "email", "reason": a.Orders[0].Skipped})

	// What CodeDeploy knows decides too: this one was made by Auto Scaling.
	a = invoke(t, deliver(t, deployments, byMail, deployed), 20*time.Second, services{t: t,
		codedeploy: reply(200, `{"deploymentInfo":{"creator":"autoscaling"}}`)})
	if a.outcome() != "skipped" || !strings.Contains(a.Orders[0].Skipped, "autoscaling") {
		t.Errorf("answered %+v", a)
	}
}

// TestRehearsalAnswersNotice shows that a rehearsal gets what nobody else reads.
func TestRehearsalAnswersNotice(t *testing.T) {
	a := invoke(t, deliver(t, terminations, byMail, scaledIn), 20*time.Second, services{t: t}, "EXTRAEYE_REHEARSAL=http://127.0.0.1:1")
	if a.outcome() != "skipped" || a.Orders[0].Notice == nil || a.Orders[0].Notice.Title == "" {
		t.Errorf("answered %+v", a)
	}
}

// TestLargeEvent delivers an event whose notice, as JSON, has more than the 6 MB that
// Lambda accepts as an answer: it must be sent once, and neither the answer nor the log
// may grow with the event, whether it is sent or not.
func TestLargeEvent(t *testing.T) {
	long := strings.Repeat("<", 200_000)
	var facts []string
	for range 8 {
		facts = append(facts, `{"label":"Text","path":"$.detail.text"}`)
	}
	payload := `{"watch":{"pattern":{"title":"t","severity":"error","facts":[` + strings.Join(facts, ",") + `]}},"sinks":[` + byTopic + `]` +
		`,"event":{"id":"` + long + `","detail-type":"` + long + `","region":"` + long + `","source":"my.app","detail":{"text":"` + long + `"}}}`
	for status, want := range map[int]string{200: "sent", 400: "failed"} {
		sent := 0
		var later []wire.Later
		a := invoke(t, payload, 20*time.Second, services{t: t, states: keepExecutions(t, &later), sns: func(w http.ResponseWriter, r *http.Request) {
			sent++
			reply(status, published+long)(w, r)
		}})
		if a.outcome() != want || sent != 1 {
			t.Errorf("%d: answered %+v after %d messages", status, a, sent)
		}
		if want == "failed" && (len(later) != 1 || !strings.Contains(string(later[0].Retry.Notice), "too long to be kept")) {
			t.Errorf("what is handed over does not say that it is cut: %.500v", later)
		}
		if a.size > 10_000 || len(a.log) > 10_000 {
			t.Errorf("%d: the answer has %d bytes, the log %d", status, a.size, len(a.log))
		}
	}
}

func TestUnreadableEventIsSent(t *testing.T) {
	var text string
	a := invoke(t, `{"watch":{"terminations":{}},"sinks":[`+byTopic+`],"event":{"odd":"shape"}}`, 20*time.Second,
		services{t: t, sns: func(w http.ResponseWriter, r *http.Request) {
			text = r.FormValue("Message")
			_, _ = io.WriteString(w, published)
		}})
	if a.outcome() != "sent" || !strings.Contains(text, `{"odd":"shape"}`) {
		t.Errorf("answered %+v, sent %q", a, text)
	}
}

func TestThrottledThenSent(t *testing.T) {
	var attempts atomic.Int32
	a := invoke(t, deliver(t, terminations, byMail, killed), 20*time.Second, services{t: t, ec2: describe, ses: func(w http.ResponseWriter, r *http.Request) {
		if attempts.Add(1) < 3 {
			throttle(w, r)
			return
		}
		_, _ = io.WriteString(w, `{"MessageId":"m-1"}`)
	}})
	if a.outcome() != "sent" || attempts.Load() != 3 {
		t.Errorf("answered %+v after %d attempts", a, attempts.Load())
	}
}

// keepExecutions answers for Step Functions, and keeps what executions are started with.
func keepExecutions(t *testing.T, all *[]wire.Later) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in struct{ StateMachineArn, Name, Input string }
		var l wire.Later
		if err := errors.Join(json.NewDecoder(r.Body).Decode(&in), json.Unmarshal([]byte(in.Input), &l)); err != nil {
			t.Error(err)
		}
		if in.StateMachineArn != "arn:aws:states:eu-west-1:123456789012:stateMachine:notifier" || in.Name == "" || len(in.Name) > 80 || len(in.Input) > 262_144 {
			t.Errorf("started %s as %q with %d bytes", in.StateMachineArn, in.Name, len(in.Input))
		}
		*all = append(*all, l)
		_, _ = io.WriteString(w, `{"executionArn":"arn","startDate":1.7e9}`)
	}
}

// TestEndlessThrottle shows that the notifier hands the notice over, or says that it could not,
// before Lambda would kill it, whether the service answers or not.
func TestEndlessThrottle(t *testing.T) {
	const timeout = 3 * time.Second
	stop := make(chan struct{})
	time.AfterFunc(2*timeout, func() { close(stop) })
	for name, ses := range map[string]http.HandlerFunc{
		"throttles":          throttle,
		"asks to wait":       func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Retry-After", "15"); throttle(w, r) },
		"never answers":      func(http.ResponseWriter, *http.Request) { <-stop },
		"breaks connections": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			var later []wire.Later
			a := invoke(t, deliver(t, terminations, byMail, killed), timeout, services{t: t, ec2: describe, ses: ses, states: keepExecutions(t, &later)})
			if a.outcome() != "later" || !strings.Contains(a.Orders[0].Sinks[0].Reason, "ses SendEmail in eu-west-1") {
				t.Errorf("answered %+v", a)
			}
			if len(later) != 1 || later[0].AfterSeconds != 60 || later[0].Retry.Attempt != 1 {
				t.Errorf("handed over %+v", later)
			}
			if a.took >= timeout {
				t.Errorf("took %v of %v", a.took, timeout)
			}
			checkLog(t, a.log, map[string]any{"level": "WARN", "outcome": "later"})
		})
	}
}

// TestNotHandedOver shows that Lambda is to run the delivery again if the notice is neither sent
// nor handed over.
func TestNotHandedOver(t *testing.T) {
	const timeout = 3 * time.Second
	a := invoke(t, deliver(t, terminations, byMail, killed), timeout, services{t: t, ec2: describe, ses: throttle, states: throttle})
	if a.ErrorType != "Transient" || !strings.HasPrefix(a.ErrorMessage, "email: ") || !strings.Contains(a.ErrorMessage, "states StartExecution in eu-west-1") {
		t.Errorf("answered %+v", a)
	}
	if a.took >= timeout {
		t.Errorf("took %v of %v", a.took, timeout)
	}
	checkLog(t, a.log, map[string]any{"level": "ERROR", "outcome": "not handed over"})
}

func TestRejected(t *testing.T) {
	var later []wire.Later
	a := invoke(t, deliver(t, terminations, byMail, killed), 20*time.Second, services{t: t, ec2: describe, states: keepExecutions(t, &later), ses: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-ErrorType", "MessageRejected")
		reply(400, `{"message":"Email address is not verified. The following identities failed the check in region EU-WEST-1: team@example.com"}`)(w, r)
	}})
	if a.outcome() != "failed" || len(later) != 1 || later[0].DeadLetter == nil {
		t.Fatalf("answered %+v, handed over %+v", a, later)
	}
	for _, want := range []string{"team@example.com", "verify"} {
		if !strings.Contains(later[0].DeadLetter.Reason, want) {
			t.Errorf("no %q in %q", want, later[0].DeadLetter.Reason)
		}
	}
	checkLog(t, a.log, map[string]any{"level": "ERROR", "outcome": "failed", "sink": "email"})
}

func TestNoDelivery(t *testing.T) {
	event, err := os.ReadFile("../event/" + killed)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ payload, want string }{
		"no JSON":         {"hello", "not a delivery"},
		"null":            {"null", "names no sink"},
		"array":           {"[]", "not a delivery"},
		"empty":           {"{}", "names no sink"},
		"raw event":       {string(event), "an event without its delivery"},
		"failure record":  {`{"version":"1.0","requestPayload":{"sinks":[{}]}}`, "requestPayload"},
		"sink of another": {`{"sinks":[{"pager":{}}],"event":{}}`, `names "pager"`},
		"two sinks":       {`{"sinks":[{"email":{},"topic":{}}],"event":{}}`, "several sinks"},
		"no notice":       {`{"retry":{"sink":{"email":{}}}}`, "without its notice"},
		"retry of nobody": {`{"retry":{"notice":{},"sink":{}}}`, "no sink that this notifier knows"},
		"sink is a list":  {`{"sinks":{},"event":{}}`, "not a delivery"},
	} {
		t.Run(name, func(t *testing.T) {
			a := invoke(t, tt.payload, 10*time.Second, services{t: t})
			if a.ErrorType != "Permanent" || !strings.Contains(a.ErrorMessage, tt.want) {
				t.Errorf("answered %+v, want %q", a, tt.want)
			}
		})
	}
}
