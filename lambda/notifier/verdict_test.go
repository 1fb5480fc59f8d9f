package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// shop is an AWS account with a service: its deployment group, which names an Auto Scaling group and
// an alarm, and a load balancer with a week of metrics.
type shop struct {
	*desk
	released    time.Time // when deployment d-1 ended
	deployments []string  // records, besides that of d-1
	activities  string
	history     string
	// metric is the value of a metric from a time on; not a number: there is none.
	metric func(name string, at time.Time) float64
	denied bool
	// throttled is set if AWS throttles every call.
	throttled bool
}

func newShop(t *testing.T) *shop {
	s := &shop{desk: newDesk(t, false), released: time.Now().UTC(), metric: usual}
	client := &http.Client{Transport: s}
	s.handler.clients.aws = awsapi.New(client, "eu-west-1")
	s.handler.lookups.API, s.handler.lookups.Unshared = s.handler.clients.aws, true
	return s
}

// usual is what a metric of the service usually is.
func usual(name string, at time.Time) float64 {
	noise := float64(at.Unix() / 300 * 2654435761 >> 16 % 3)
	switch name {
	case "RequestCount":
		return 1000
	case "HTTPCode_Target_5XX_Count":
		return 1 + noise
	case "TargetResponseTime":
		return 0.1 + noise/1000
	default:
		return math.NaN()
	}
}

func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	in, _ := url.ParseQuery(string(raw))
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if in.Get("Action") != "" {
		operation = in.Get("Action")
	}
	if s.throttled {
		return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"__type":"ThrottlingException"}`)), Request: r}, nil
	}
	text := s.answerTo(operation, in)
	if text == "" || s.denied {
		return s.desk.RoundTrip(r)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

func (s *shop) answerTo(operation string, in url.Values) string {
	xml := func(text string) string {
		return fmt.Sprintf("<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", operation, text)
	}
	own := shopRecord("d-1", "1.4.2", s.released.Add(-5*time.Minute), s.released)
	switch operation {
	case "GetDeployment":
		return `{"deploymentInfo":` + own + `}`
	case "ListDeployments":
		return `{"deployments":["d-1"]}`
	case "BatchGetDeployments":
		return `{"deploymentsInfo":[` + strings.Join(append([]string{own}, s.deployments...), ",") + `]}`
	case "ListDeploymentGroups":
		return `{"deploymentGroups":["production"]}`
	case "BatchGetDeploymentGroups":
		return `{"deploymentGroupsInfo":[{"deploymentGroupName":"production","autoScalingGroups":[{"name":"shop"}],"alarmConfiguration":{"alarms":[{"name":"shop-5xx"}]}}]}`
	case "DescribeAutoScalingGroups":
		return xml("<AutoScalingGroups><member><AutoScalingGroupName>shop</AutoScalingGroupName><TargetGroupARNs><member>arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/1</member></TargetGroupARNs></member></AutoScalingGroups>")
	case "DescribeTargetGroups":
		return xml("<TargetGroups><member><TargetGroupArn>arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/1</TargetGroupArn>" +
			"<LoadBalancerArns><member>arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/2</member></LoadBalancerArns></member></TargetGroups>")
	case "DescribeScalingActivities":
		return xml("<Activities>" + s.activities + "</Activities>")
	case "DescribeInstanceRefreshes", "DescribeAlarms":
		return xml("")
	case "DescribeAlarmHistory":
		return xml("<AlarmHistoryItems>" + s.history + "</AlarmHistoryItems>")
	case "GetMetricData":
		return xml("<MetricDataResults>" + s.series(in) + "</MetricDataResults>")
	default:
		return ""
	}
}

// series answers each query of GetMetricData.
func (s *shop) series(in url.Values) string {
	from, _ := time.Parse(time.RFC3339, in.Get("StartTime"))
	to, _ := time.Parse(time.RFC3339, in.Get("EndTime"))
	var all strings.Builder
	for i := 1; ; i++ {
		prefix := fmt.Sprintf("MetricDataQueries.member.%d.", i)
		id, name := in.Get(prefix+"Id"), in.Get(prefix+"MetricStat.Metric.MetricName")
		if id == "" {
			return all.String()
		}
		var times, values strings.Builder
		for at := from; at.Before(to); at = at.Add(5 * time.Minute) {
			if v := s.metric(name, at); !math.IsNaN(v) {
				fmt.Fprintf(&times, "<member>%s</member>", at.Format(time.RFC3339))
				fmt.Fprintf(&values, "<member>%v</member>", v)
			}
		}
		fmt.Fprintf(&all, "<member><Id>%s</Id><Timestamps>%s</Timestamps><Values>%s</Values><StatusCode>Complete</StatusCode></member>", id, times.String(), values.String())
	}
}

// shopRecord is CodeDeploy's record of a deployment that succeeded.
func shopRecord(id, version string, created, completed time.Time) string {
	return fmt.Sprintf(`{"deploymentId":%q,"applicationName":"shop","deploymentGroupName":"production","status":"Succeeded","creator":"user","createTime":%d,"completeTime":%d,`+
		`"revision":{"revisionType":"S3","s3Location":{"bucket":"b","key":"shop-%s.zip","bundleType":"zip"}}}`, id, created.Unix(), completed.Unix(), version)
}

// died is a scaling activity: an instance that its load balancer's health check killed.
func died(id string, at time.Time) string {
	return fmt.Sprintf("<member><ActivityId>%s</ActivityId><AutoScalingGroupName>shop</AutoScalingGroupName><Description>Terminating EC2 instance: i-%s</Description>"+
		"<Cause>At %[3]s an instance was taken out of service in response to an ELB system health check failure.</Cause><StartTime>%[3]s</StartTime><EndTime>%[3]s</EndTime>"+
		"<StatusCode>Successful</StatusCode></member>", id, id, at.Format(time.RFC3339))
}

// wentOff is an item of an alarm's history.
func wentOff(at time.Time) string {
	return "<member><AlarmName>shop-5xx</AlarmName><AlarmType>MetricAlarm</AlarmType><Timestamp>" + at.Format(time.RFC3339) + "</Timestamp><HistoryItemType>StateUpdate</HistoryItemType>" +
		`<HistoryData>{"oldState":{"stateValue":"OK"},"newState":{"stateValue":"ALARM","stateReason":"Threshold Crossed"}}</HistoryData></member>`
}

// deliverDeployment is the delivery of a deployment's event.
func (s *shop) deliverDeployment(state, verdict, sinks string) string {
	return fmt.Sprintf(`{"watch":{"service":"shop","deployments":{"verdict":%s}},"sinks":[%s],"event":{"id":"e-1","source":"aws.codedeploy","detail-type":"CodeDeploy Deployment State-change Notification",`+
		`"account":"123456789012","region":"eu-west-1","time":%q,"resources":[],"detail":{"deploymentId":"d-1","state":%q,"application":"shop","deploymentGroup":"production"}}}`,
		verdict, sinks, s.released.Format(time.RFC3339), state)
}

const inHalfAnHour, whatever = `{"afterSeconds":1800}`, `{"afterSeconds":1800,"always":true}`

// TestVerdict shows what is reported of a release half an hour after it succeeded.
func TestVerdict(t *testing.T) {
	from := func(s *shop, name string, v float64) {
		s.metric = func(of string, at time.Time) float64 {
			if of == name && !at.Before(s.released) {
				return v
			}
			return usual(of, at)
		}
	}
	for name, tt := range map[string]struct {
		verdict string
		change  func(s *shop)
		want    string // in the message; "": nothing is sent
		skipped string
	}{
		"errors": {inHalfAnHour, func(s *shop) { from(s, "HTTPCode_Target_5XX_Count", 31) }, "30 minutes after shop-1.4.2: 5xx 0.2 → 3.1 %", ""},
		"deaths": {inHalfAnHour, func(s *shop) {
			s.activities = died("1", s.released.Add(10*time.Minute)) + died("2", s.released.Add(7*time.Minute))
		}, "30 minutes after shop-1.4.2: 2 deaths", ""},
		"a death before":    {inHalfAnHour, func(s *shop) { s.activities = died("1", s.released.Add(-10*time.Minute)) }, "", "nothing got worse after the release"},
		"an alarm":          {inHalfAnHour, func(s *shop) { s.history = wentOff(s.released.Add(4 * time.Minute)) }, "30 minutes after shop-1.4.2: 1 alarm", ""},
		"nothing":           {inHalfAnHour, func(*shop) {}, "", "nothing got worse after the release"},
		"nothing, always":   {whatever, func(*shop) {}, "30 minutes after shop-1.4.2: nothing got worse", ""},
		"better":            {inHalfAnHour, func(s *shop) { from(s, "TargetResponseTime", 0.01) }, "", "nothing got worse after the release"},
		"no traffic":        {whatever, func(s *shop) { s.metric = func(string, time.Time) float64 { return math.NaN() } }, "", "how the release did is unclear: there is no metric"},
		"a gap":             {whatever, func(s *shop) { from(s, "RequestCount", math.NaN()) }, "", "how the release did is unclear"},
		"the next too soon": {whatever, func(s *shop) { s.next(10 * time.Minute) }, "", "how the release did is unclear: shop-1.4.3 came 10 minutes later"},
		"deaths of the next": {whatever, func(s *shop) {
			s.next(10 * time.Minute)
			s.activities = died("1", s.released.Add(20*time.Minute))
		}, "", "how the release did is unclear"},
		"deaths before the next": {whatever, func(s *shop) {
			s.next(10 * time.Minute)
			s.activities = died("1", s.released.Add(5*time.Minute))
		}, "30 minutes after shop-1.4.2: 1 death", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(9 * 24 * time.Hour) // there is a week before
				s := newShop(t)
				s.invoke(t, s.deliverDeployment("SUCCESS", tt.verdict, byPager+","+byMail))
				if len(s.inputs) != 1 || len(s.texts) == 0 {
					t.Fatalf("%d inputs of the state machine, %d messages", len(s.inputs), len(s.texts))
				}
				var later wire.VerdictLater
				if err := json.Unmarshal([]byte(s.inputs[0]), &later); err != nil || later.AfterSeconds != 1800 || len(later.Verdict.Sinks) != 2 {
					t.Fatalf("%v: %s", err, s.inputs[0])
				}
				tt.change(s)
				s.texts = nil
				time.Sleep(30 * time.Minute)
				got := s.invoke(t, s.inputs[0])
				if !strings.HasPrefix(got.Orders[0].Skipped, tt.skipped) || (got.Orders[0].Skipped == "") != (tt.skipped == "") {
					t.Errorf("skipped: %q, want %q", got.Orders[0].Skipped, tt.skipped)
				}
				sent := strings.Join(s.texts, "\n")
				if (tt.want == "") != (sent == "") || !strings.Contains(sent, tt.want) {
					t.Errorf("sent %s\nwant %q", sent, tt.want)
				}
				if tt.want == "" && !strings.Contains(s.log.String(), tt.skipped) {
					t.Errorf("the log does not say why:\n%s", s.log.String())
				}
				if len(s.inputs) != 1 {
					t.Errorf("it is asked again: %q", s.inputs[1:])
				}
			})
		})
	}
}

// next has another release begin some time after d-1 ended.
func (s *shop) next(after time.Duration) {
	at := s.released.Add(after)
	s.deployments = append(s.deployments, shopRecord("d-2", "1.4.3", at, at.Add(time.Minute)))
}

// TestVerdictAlert shows that what got worse opens an alert under the deployment's key, and what did not
// opens none.
func TestVerdictAlert(t *testing.T) {
	for _, worse := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(9 * 24 * time.Hour)
			s := newShop(t)
			s.invoke(t, s.deliverDeployment("SUCCESS", whatever, byPager))
			resolved := strings.Join(s.texts, "")
			if worse {
				s.activities = died("1", s.released.Add(5*time.Minute))
			}
			s.texts = nil
			time.Sleep(30 * time.Minute)
			s.invoke(t, s.inputs[0])
			opened := strings.Join(s.texts, "")
			const key = `"dedup_key":"codedeploy:123456789012:eu-west-1:shop/production"`
			if !strings.Contains(resolved, key) {
				t.Errorf("the success: %s", resolved)
			}
			if worse != (strings.Contains(opened, key) && strings.Contains(opened, `"event_action":"trigger"`) && strings.Contains(opened, `"severity":"warning"`)) {
				t.Errorf("worse %t: %s", worse, opened)
			}
		})
	}
}

// TestNoVerdict shows of what no verdict is asked.
func TestNoVerdict(t *testing.T) {
	for name, payload := range map[string]func(s *shop) string{
		"failed at once": func(s *shop) string { return s.deliverDeployment("FAILURE", inHalfAnHour, byPager) },
		"not wanted":     func(s *shop) string { return s.deliverDeployment("SUCCESS", "null", byPager) },
		"another watch":  func(*shop) string { return deliver(t, terminations, byMail, killed) },
		"not reported": func(s *shop) string {
			return strings.Replace(s.deliverDeployment("SUCCESS", inHalfAnHour, byPager), `{"verdict"`, `{"creators":["CloudFormation"],"verdict"`, 1)
		},
	} {
		s := newShop(t)
		s.invoke(t, payload(s))
		if len(s.inputs) != 0 {
			t.Errorf("%s: %q", name, s.inputs)
		}
	}
}

// TestVerdictDenied shows that what may not be read is said in the log.
func TestVerdictDenied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(9 * 24 * time.Hour)
		s := newShop(t)
		s.invoke(t, s.deliverDeployment("SUCCESS", whatever, byPager))
		s.denied, s.texts = true, nil
		got := s.invoke(t, s.inputs[0])
		if skipped := got.Orders[0].Skipped; !strings.Contains(skipped, "unclear") || !strings.Contains(skipped, "codedeploy:ListDeployments") || len(s.texts) > 0 {
			t.Errorf("%q, %q", skipped, s.texts)
		}
	})
}

// TestVerdictOfNothing shows what becomes of inputs that ask how nothing did.
func TestVerdictOfNothing(t *testing.T) {
	s := newShop(t)
	for _, input := range []string{`{"verdict":{}}`, `{"verdict":{"watch":{"deployments":{"verdict":{"afterSeconds":300}}},"sinks":[` + byPager + `],"event":{}}}`} {
		if _, err := s.handler.Invoke(t.Context(), []byte(input)); err == nil || !strings.Contains(err.Error(), "Permanent") && !notice.IsPermanent(err) && len(s.texts) > 0 {
			t.Errorf("%s: %v", input, err)
		}
	}
}

// TestVerdictOfECS shows that a service's release is found, which ECS calls by another id in its event
// than in its records, and the task that died after it.
func TestVerdictOfECS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(9 * 24 * time.Hour)
		s := newShop(t)
		started := s.released.Add(-3 * time.Minute)
		const arn = "arn:aws:ecs:eu-west-1:123456789012:service-deployment/main/web/abc"
		deployment := fmt.Sprintf(`{"serviceDeploymentArn":%q,"serviceArn":"arn:aws:ecs:eu-west-1:123456789012:service/main/web","status":"SUCCESSFUL","createdAt":%d,"finishedAt":%d,`+
			`"targetServiceRevision":{"arn":"r"}}`, arn, started.Unix(), s.released.Unix())
		s.scaling = map[string]string{
			"ListServiceDeployments":     `{"serviceDeployments":[` + deployment + `]}`,
			"DescribeServiceDeployments": `{"serviceDeployments":[` + deployment + `]}`,
			"DescribeServiceRevisions":   `{"serviceRevisions":[{"serviceRevisionArn":"r","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7"}]}`,
			"DescribeServices": `{"services":[{"serviceName":"web","deploymentConfiguration":{"alarms":{"alarmNames":["shop-5xx"],"enable":true}},` +
				`"loadBalancers":[{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/1"}],"deployments":[]}]}`,
			"ListTasks": `{"taskArns":["arn:aws:ecs:eu-west-1:123456789012:task/main/t1"]}`,
			"DescribeTasks": fmt.Sprintf(`{"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:123456789012:task/main/t1","clusterArn":"arn:aws:ecs:eu-west-1:123456789012:cluster/main","group":"service:web",`+
				`"lastStatus":"STOPPED","desiredStatus":"STOPPED","stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited","createdAt":%d,"stoppedAt":%d,`+
				`"containers":[{"name":"web","lastStatus":"STOPPED","exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"}]}]}`, started.Unix(), s.released.Add(8*time.Minute).Unix()),
		}
		s.metric = func(name string, at time.Time) float64 {
			if name == "HTTPCode_Target_5XX_Count" && !at.Before(s.released) {
				return 31
			}
			return usual(name, at)
		}
		s.invoke(t, fmt.Sprintf(`{"watch":{"service":"shop","ecsDeployments":{"verdict":%s}},"sinks":[%s],"event":{"id":"e-2","source":"aws.ecs","detail-type":"ECS Deployment State Change",`+
			`"account":"123456789012","region":"eu-west-1","time":%q,"resources":["arn:aws:ecs:eu-west-1:123456789012:service/main/web"],`+
			`"detail":{"eventType":"INFO","eventName":"SERVICE_DEPLOYMENT_COMPLETED","deploymentId":"ecs-svc/123","updatedAt":%q,"reason":"ECS deployment ecs-svc/123 completed."}}}`,
			inHalfAnHour, byPager, s.released.Format(time.RFC3339), s.released.Format(time.RFC3339)))
		if len(s.inputs) != 1 {
			t.Fatalf("%d inputs", len(s.inputs))
		}
		s.texts = nil
		time.Sleep(30 * time.Minute)
		got := s.invoke(t, s.inputs[0])
		sent := strings.Join(s.texts, "")
		for _, want := range []string{"30 minutes after web:7: 5xx 0.2 → 3.1 %, 1 death", `"dedup_key":"ecs:123456789012:eu-west-1:main/web:deployment"`, arn} {
			if !strings.Contains(sent, want) {
				t.Errorf("no %s in %s (skipped: %s)", want, sent, got.Orders[0].Skipped)
			}
		}
	})
}
