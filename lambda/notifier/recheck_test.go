package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const byPager = `{"pagerduty":{"routingKey":{"arn":"` + secretARN + `","field":"key"}}}`

// scalingOf are the answers of Auto Scaling about the group of the recorded termination, which is to
// have two instances, and about what it did.
func scalingOf(healthy int, activities string) map[string]string {
	result := func(operation, text string) string {
		return fmt.Sprintf("<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", operation, text)
	}
	instances := strings.Repeat("<member><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member>", healthy)
	return map[string]string{
		"DescribeAutoScalingGroups": result("DescribeAutoScalingGroups", "<AutoScalingGroups><member><AutoScalingGroupName>staging</AutoScalingGroupName>"+
			"<MinSize>1</MinSize><MaxSize>3</MaxSize><DesiredCapacity>2</DesiredCapacity><Instances>"+instances+"</Instances></member></AutoScalingGroups>"),
		"DescribeScalingActivities": result("DescribeScalingActivities", "<Activities>"+activities+"</Activities>"),
	}
}

const oneLater = "<member><ActivityId>a</ActivityId><Description>Terminating EC2 instance: i-9</Description><StartTime>2022-12-23T19:30:00Z</StartTime>" +
	"<Cause>At 2022-12-23T19:30:00Z an instance was taken out of service in response to an ELB system health check failure.</Cause></member>"

// followed delivers a termination and returns the input with which it is asked for its end.
func followed(t *testing.T, d *desk, sinks string) string {
	t.Helper()
	d.scaling = scalingOf(1, "")
	d.invoke(t, deliver(t, terminations, sinks, killed))
	if len(d.inputs) != 1 {
		t.Fatalf("%d inputs: %v", len(d.inputs), d.inputs)
	}
	input := d.inputs[0]
	d.inputs, d.texts, d.calls = nil, nil, map[string]int{}
	return input
}

// recheckOf is what an input asks, and after how long.
func recheckOf(t *testing.T, input string) (r wire.Recheck, after int) {
	t.Helper()
	var c wire.CheckLater
	if err := json.Unmarshal([]byte(input), &c); err != nil {
		t.Fatal(err)
	}
	return c.Recheck, c.AfterSeconds
}

// TestRecovery shows the way of an alert that is resolved when the group is well again, which is
// asked for again and again.
func TestRecovery(t *testing.T) {
	d := newDesk(t, false)
	d.handler.lookups.Unshared = true // each question has an answer of its own
	input := followed(t, d, byMail+","+byPager)
	for attempt, after := range []int{300, 600, 2700, 7200} {
		r, seconds := recheckOf(t, input)
		if r.Attempt != attempt+1 || seconds != after || len(r.Sinks) != 1 || r.Sinks[0].PagerDuty == nil || r.Watch.Terminations == nil {
			t.Errorf("attempt %d after %d seconds: %+v", r.Attempt, seconds, r.Order)
		}
		d.scaling = scalingOf(1, "")
		d.inputs, d.calls = nil, map[string]int{}
		got := d.invoke(t, input)
		if got.Orders[0].Skipped != "the group has 1 of 1 healthy, 2 desired (1 to 3)" || d.calls["messages"] != 0 {
			t.Errorf("ill: %+v, calls %v", got.Orders, d.calls)
		}
		if attempt == 3 {
			break
		}
		if len(d.inputs) != 1 {
			t.Fatalf("after attempt %d: %v", attempt+1, d.inputs)
		}
		next := d.inputs[0]
		d.inputs, d.texts, d.scaling = nil, nil, scalingOf(2, "")
		got = d.invoke(t, input)
		if len(d.texts) != 1 || len(d.inputs) != 0 || got.Orders[0].Sinks[0].Outcome != notice.Sent {
			t.Fatalf("well: %+v, %q", got.Orders, d.texts)
		}
		for _, want := range []string{`"event_action":"resolve"`, `"dedup_key":"autoscaling:123456789012:us-east-1:staging"`, "staging is back: 2 of 2 healthy"} {
			if !strings.Contains(d.texts[0], want) {
				t.Errorf("no %s in %s", want, d.texts[0])
			}
		}
		input = next
	}
	if len(d.inputs) != 0 {
		t.Errorf("asked once more: %v", d.inputs)
	}
}

// TestLaterTermination shows that of many terminations only the last is asked for its end.
func TestLaterTermination(t *testing.T) {
	d := newDesk(t, false)
	d.handler.lookups.Unshared = true
	input := followed(t, d, byPager)
	d.scaling = scalingOf(2, oneLater)
	if got := d.invoke(t, input); got.Orders[0].Skipped == "" || len(d.texts)+len(d.inputs) != 0 {
		t.Errorf("%+v, %v, %v", got.Orders, d.texts, d.inputs)
	}
}

func TestWhatIsFollowed(t *testing.T) {
	for name, tt := range map[string]struct {
		payload string
		denied  bool
		want    int
	}{
		"an alert":          {deliver(t, terminations, byPager, killed), false, 1},
		"a thread":          {deliver(t, terminations, bySlack, killed), false, 1},
		"mail":              {deliver(t, terminations, byMail, killed), false, 0},
		"two watches":       {withOrders(deliver(t, terminations, byPager, killed), `{"watch":{"terminations":{}},"sinks":[`+bySlack+`]}`), false, 2},
		"nothing wrong":     {deliver(t, `"terminations":{"causes":["scale-in"]}`, byPager, scaledIn), false, 0},
		"what is unknown":   {deliver(t, terminations, byPager, killed), true, 0},
		"another's subject": {deliver(t, deployments, byPager, deployed), false, 0},
	} {
		d := newDesk(t, false)
		if !tt.denied {
			d.scaling = scalingOf(1, "")
		}
		d.invoke(t, tt.payload)
		if len(d.inputs) != tt.want {
			t.Errorf("%s: %d inputs, want %d", name, len(d.inputs), tt.want)
		}
	}
}

// TestNotFollowed shows that a notice is sent though nothing can be asked later, which the log says.
func TestNotFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, false)
		d.scaling = scalingOf(1, "")
		d.refuse = func(r *http.Request) bool { return strings.HasPrefix(r.URL.Host, "states.") }
		got := d.invoke(t, deliver(t, terminations, byPager, killed))
		if got.Orders[0].Sinks[0].Outcome != notice.Sent || !strings.Contains(d.log.String(), `"msg":"not followed"`) {
			t.Errorf("%+v\n%s", got.Orders, d.log.String())
		}
	})
}

// TestNothingToFollow shows what becomes of inputs that ask for the end of nothing.
func TestNothingToFollow(t *testing.T) {
	d := newDesk(t, false)
	for _, input := range []string{`{"recheck":{}}`, `{"recheck":{"watch":{},"sinks":[` + byPager + `],"event":{}}}`} {
		_, err := d.handler.Invoke(t.Context(), []byte(input))
		var failure messages.InvokeResponse_Error
		if !errors.As(err, &failure) || failure.Type != "Permanent" {
			t.Errorf("%s: %v", input, err)
		}
	}
}
