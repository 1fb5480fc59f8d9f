package evidence

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/event/autoscaling"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsautoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// scaling is an answer of Auto Scaling, in the shape of its documentation: the
// members of the operation's result.
func scaling(operation, result string) string {
	return `<` + operation + `Response xmlns="http://awsautoscaling.amazonaws.com/doc/2011-01-01/"><` + operation + `Result>` + result +
		`</` + operation + `Result><ResponseMetadata><RequestId>7c6e177f-f082-11e1-ac58-3714bEXAMPLE</RequestId></ResponseMetadata></` + operation + `Response>`
}

// The answers are those of the API reference, with the members that are read and
// some that are not.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
var (
	aGroup = scaling("DescribeAutoScalingGroups", `<AutoScalingGroups><member>
		<AutoScalingGroupName>a &amp; b</AutoScalingGroupName><MinSize>1</MinSize><MaxSize>8</MaxSize><DesiredCapacity>3</DesiredCapacity>
		<Tags><member><Key>Name</Key><Value>x</Value></member></Tags><CreatedTime>2012-08-27T23:11:33.105Z</CreatedTime>
		<Instances>
			<member><InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
			<member><InstanceId>i-2</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Unhealthy</HealthStatus></member>
			<member><InstanceId>i-3</InstanceId><LifecycleState>Pending:Wait</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
			<member><InstanceId>i-5</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
			<member><InstanceId>i-4</InstanceId><LifecycleState>Terminating:Retained</LifecycleState><HealthStatus>Healthy</HealthStatus></member>
		</Instances></member></AutoScalingGroups>`)
	activities = scaling("DescribeScalingActivities", `<Activities><member>
		<ActivityId>a-2</ActivityId><AutoScalingGroupName>a &amp; b</AutoScalingGroupName><Cause>At 2012-04-12T17:32:07Z …</Cause><StatusCode>Failed</StatusCode>
		<Description>Terminating EC2 instance: i-1</Description><StartTime>2012-04-12T17:32:08.123Z</StartTime><Progress>100</Progress><Details>{}</Details></member>
		<member><ActivityId>a-1</ActivityId><StatusCode>Successful</StatusCode></member></Activities><NextToken>more</NextToken>`)
	aRefresh = scaling("DescribeInstanceRefreshes", `<InstanceRefreshes><member>
		<InstanceRefreshId>r-1</InstanceRefreshId><AutoScalingGroupName>a &amp; b</AutoScalingGroupName><Status>RollbackFailed</Status>
		<StatusReason>it failed</StatusReason><StartTime>2020-06-02T18:11:27Z</StartTime><EndTime>2020-06-02T18:21:27Z</EndTime>
		<PercentageComplete>25</PercentageComplete><InstancesToUpdate>3</InstancesToUpdate>
		<RollbackDetails><RollbackReason>an alarm</RollbackReason></RollbackDetails></member></InstanceRefreshes>`)
	aHook = scaling("DescribeLifecycleHooks", `<LifecycleHooks><member><LifecycleHookName>my hook</LifecycleHookName>
		<AutoScalingGroupName>a &amp; b</AutoScalingGroupName><HeartbeatTimeout>3600</HeartbeatTimeout><GlobalTimeout>172800</GlobalTimeout>
		<DefaultResult>ABANDON</DefaultResult></member></LifecycleHooks>`)
	anInstance = scaling("DescribeAutoScalingInstances", `<AutoScalingInstances><member><InstanceId>`+instance+`</InstanceId>
		<AutoScalingGroupName>a &amp; b</AutoScalingGroupName><LifecycleState>Terminating:Wait</LifecycleState></member></AutoScalingInstances>`)
)

// TestAutoScalingIsTheSDKs compares each question with the one that the SDK asks, and
// what is read of the answer with what the SDK reads.
func TestAutoScalingIsTheSDKs(t *testing.T) {
	ctx := context.Background()
	group := aws.String("a & b")
	tests := []struct {
		name, answer string
		ours         func(*Lookups) any
		sdk          func(*awsautoscaling.Client) (any, error)
	}{
		{"group", aGroup, func(l *Lookups) any { return l.group(ctx, "eu-west-1", *group) }, func(c *awsautoscaling.Client) (any, error) {
			out, err := c.DescribeAutoScalingGroups(ctx, &awsautoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{*group}})
			g := out.AutoScalingGroups[0]
			return event.Found(autoscaling.Group{Min: int(*g.MinSize), Max: int(*g.MaxSize), Desired: int(*g.DesiredCapacity), Healthy: 2, Total: len(g.Instances) - 1, Retained: 1}), err
		}},
		{"activities", activities, func(l *Lookups) any { return l.scalingActivities(ctx, "eu-west-1", *group, made) }, func(c *awsautoscaling.Client) (any, error) {
			out, err := c.DescribeScalingActivities(ctx, &awsautoscaling.DescribeScalingActivitiesInput{
				AutoScalingGroupName: group, MaxRecords: aws.Int32(100),
				Filters: []types.Filter{{Name: aws.String("StartTimeLowerBound"), Values: []string{"2026-06-29T20:00:00Z"}}},
			})
			h := autoscaling.ScalingActivities{Complete: out.NextToken == nil}
			for _, a := range out.Activities {
				h.Activities = append(h.Activities, autoscaling.Activity{
					ID: *a.ActivityId, Description: aws.ToString(a.Description), Cause: aws.ToString(a.Cause), Status: string(a.StatusCode), Started: aws.ToTime(a.StartTime),
				})
			}
			return event.Found(h), err
		}},
		{"refresh", aRefresh, func(l *Lookups) any { return l.instanceRefresh(ctx, "eu-west-1", *group, "r-1") }, func(c *awsautoscaling.Client) (any, error) {
			out, err := c.DescribeInstanceRefreshes(ctx, &awsautoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: group, InstanceRefreshIds: []string{"r-1"}})
			r := out.InstanceRefreshes[0]
			return event.Found(autoscaling.InstanceRefreshInfo{
				Status: string(r.Status), Reason: *r.StatusReason, RollbackReason: *r.RollbackDetails.RollbackReason,
				Percent: int(*r.PercentageComplete), Remaining: int(*r.InstancesToUpdate), Started: *r.StartTime, Ended: *r.EndTime,
			}), err
		}},
		{"state", anInstance, func(l *Lookups) any { return l.lifecycleState(ctx, "eu-west-1", instance) }, func(c *awsautoscaling.Client) (any, error) {
			out, err := c.DescribeAutoScalingInstances(ctx, &awsautoscaling.DescribeAutoScalingInstancesInput{InstanceIds: []string{instance}})
			return event.Found(*out.AutoScalingInstances[0].LifecycleState), err
		}},
		{"hook", aHook, func(l *Lookups) any { return l.lifecycleHook(ctx, "eu-west-1", *group, "my hook") }, func(c *awsautoscaling.Client) (any, error) {
			out, err := c.DescribeLifecycleHooks(ctx, &awsautoscaling.DescribeLifecycleHooksInput{AutoScalingGroupName: group, LifecycleHookNames: []string{"my hook"}})
			h := out.LifecycleHooks[0]
			return event.Found(autoscaling.LifecycleHook{Timeout: time.Duration(*h.HeartbeatTimeout) * time.Second, Default: *h.DefaultResult}), err
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var asked []url.Values
			l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
				if r.ParseForm() != nil || !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/autoscaling/aws4_request") {
					t.Errorf("signed %q", r.Header.Get("Authorization"))
				}
				asked = append(asked, r.PostForm)
				_, _ = io.WriteString(w, tt.answer)
			})
			got := tt.ours(l)
			var transport http.RoundTripper = roundTripper(func(r *http.Request) (*http.Response, error) {
				body, _ := io.ReadAll(r.Body)
				form, err := url.ParseQuery(string(body))
				asked = append(asked, form)
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(tt.answer)), Header: http.Header{}, Request: r}, err
			})
			want, err := tt.sdk(awsautoscaling.New(awsautoscaling.Options{
				Region: "eu-west-1", HTTPClient: &http.Client{Transport: transport},
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
				}),
			}))
			if err != nil || log.Len() > 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("found %+v, the SDK %+v, %v; log %q", got, want, err, log)
			}
			if len(asked) != 2 || !reflect.DeepEqual(asked[0], asked[1]) {
				t.Errorf("asked, and the SDK asked: %v", asked)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestAutoScalingProblems asks every look-up and wants the same text of all.
func TestAutoScalingProblems(t *testing.T) {
	const other = "\x00" // stands for the text of the look-up itself
	ctx := context.Background()
	finding := func(known bool, problem string) string { return fmt.Sprint(known, " ", problem) }
	all := []struct {
		operation, list string // of its answer
		gone            string // what an answer without the thing says
		ask             func(*Lookups) string
		nothing         func(*Lookups) string // asks about nothing
	}{
		{"DescribeAutoScalingGroups", "AutoScalingGroups", "false " + groupGone,
			func(l *Lookups) string { f := l.group(ctx, "eu-west-1", "g"); return finding(f.Known, f.Problem) },
			func(l *Lookups) string { return l.group(ctx, "eu-west-1", "").Problem }},
		{"DescribeScalingActivities", "Activities", "true ",
			func(l *Lookups) string {
				f := l.scalingActivities(ctx, "eu-west-1", "g", made)
				return finding(f.Known, f.Problem)
			},
			func(l *Lookups) string { return l.scalingActivities(ctx, "eu-west-1", "", made).Problem }},
		{"DescribeInstanceRefreshes", "InstanceRefreshes", "false " + refreshGone,
			func(l *Lookups) string {
				f := l.instanceRefresh(ctx, "eu-west-1", "g", "r")
				return finding(f.Known, f.Problem)
			},
			func(l *Lookups) string { return l.instanceRefresh(ctx, "eu-west-1", "g", "").Problem }},
		{"DescribeAutoScalingInstances", "AutoScalingInstances", "true ",
			func(l *Lookups) string {
				f := l.lifecycleState(ctx, "eu-west-1", "i-1")
				return finding(f.Known, f.Value+f.Problem)
			},
			func(l *Lookups) string { return l.lifecycleState(ctx, "eu-west-1", "").Problem }},
		{"DescribeLifecycleHooks", "LifecycleHooks", "false " + hookGone,
			func(l *Lookups) string {
				f := l.lifecycleHook(ctx, "eu-west-1", "g", "h")
				return finding(f.Known, f.Problem)
			},
			func(l *Lookups) string { return l.lifecycleHook(ctx, "eu-west-1", "g", "").Problem }},
	}
	refused := func(code string) string {
		return `<ErrorResponse><Error><Type>Sender</Type><Code>` + code + `</Code><Message>with a SECRET in it</Message></Error></ErrorResponse>`
	}
	for _, of := range all {
		for _, tt := range []struct {
			name, problem, logged string
			answer                http.HandlerFunc
		}{
			{"none", other, "", answer(200, scaling(of.operation, "<"+of.list+"/>"))},
			{"denied", "false autoscaling:" + of.operation + " was denied; the notifier's role has no permission for it", "AccessDenied", answer(403, refused("AccessDenied"))},
			{"refused", "false Auto Scaling refused the question", "ValidationError", answer(400, refused("ValidationError"))},
			{"cut off", "false Auto Scaling's answer could not be read", "unreadable", answer(200, scaling(of.operation, "")[:80])},
			{"another answer", "false Auto Scaling's answer could not be read", "unreadable", answer(200, scaling("DescribeTags", ""))},
			{"empty", "false Auto Scaling's answer could not be read", "unreadable", answer(200, "")},
		} {
			t.Run(of.operation+" "+tt.name, func(t *testing.T) {
				l, log := lookups(t, tt.answer)
				want := tt.problem
				if want == other {
					want = of.gone
				}
				if got := of.ask(l); got != want {
					t.Errorf("found %q, want %q", got, want)
				}
				checkLog(t, log.String(), tt.logged)
			})
		}
		l, _ := lookups(t, func(http.ResponseWriter, *http.Request) { t.Error("asked about nothing") })
		if problem := of.nothing(l); !strings.HasPrefix(problem, "the event names no ") {
			t.Errorf("%s: problem is %q", of.operation, problem)
		}
	}
}

// TestRefusedFilter shows that activities are asked for without the filter if it is refused.
func TestRefusedFilter(t *testing.T) {
	asked := 0
	l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		if asked++; r.FormValue("AutoScalingGroupName") != "g" || r.FormValue("MaxRecords") != "100" {
			t.Errorf("asked for %v", r.Form)
		}
		if r.FormValue("Filters.member.1.Name") != "" {
			answer(400, `<ErrorResponse><Error><Code>ValidationError</Code><Message>The filter configuration isn't valid.</Message></Error></ErrorResponse>`)(w, r)
			return
		}
		answer(200, activities)(w, r)
	})
	if got := l.scalingActivities(context.Background(), "eu-west-1", "g", made); !got.Known || len(got.Value.Activities) != 2 || asked != 2 || log.Len() > 0 {
		t.Errorf("asked %d times and found %+v; log %q", asked, got, log)
	}
}

// TestLifecycleStateIsNotGuessed shows that an instance is said to be in no group only
// by an answer that lists instances: by any other, a waiting one would not be reported.
func TestLifecycleStateIsNotGuessed(t *testing.T) {
	member := func(id, state string) string {
		return "<AutoScalingInstances><member><InstanceId>" + id + "</InstanceId>" + state + "</member></AutoScalingInstances>"
	}
	for result, want := range map[string]event.Finding[string]{
		"":                        event.NotFound[string]("Auto Scaling's answer names no instances"),
		"<AutoScalingInstances/>": event.Found(""),
		member("i-2", "<LifecycleState>InService</LifecycleState>"): event.Found(""),
		member("i-1", "<LifecycleState>InService</LifecycleState>"): event.Found("InService"),
		member("i-1", ""): event.NotFound[string]("Auto Scaling does not say the instance's state"),
		member("i-1", "<LifecycleState><x>Pending:Wait</x></LifecycleState>"): event.NotFound[string]("Auto Scaling does not say the instance's state"),
	} {
		l, _ := lookups(t, answer(200, scaling("DescribeAutoScalingInstances", result)))
		if got := l.lifecycleState(context.Background(), "eu-west-1", "i-1"); got != want {
			t.Errorf("%q: found %+v, want %+v", result, got, want)
		}
	}
}

// TestAutoScalingOfOtherTypes shows that a member of an undocumented type hides only itself.
func TestAutoScalingOfOtherTypes(t *testing.T) {
	l, _ := lookups(t, answer(200, strings.NewReplacer("<MinSize>1<", "<MinSize>one<", "<MaxSize>8<", "<MaxSize>-1<").Replace(aGroup)))
	if got, want := l.group(context.Background(), "eu-west-1", "a & b"), (autoscaling.Group{Desired: 3, Healthy: 2, Total: 4, Retained: 1}); got.Value != want {
		t.Errorf("found %+v, want %+v", got, want)
	}
	l, _ = lookups(t, answer(200, strings.NewReplacer("2020-06-02T18:11:27Z", "yesterday", ">25<", "><x/><").Replace(aRefresh)))
	got := l.instanceRefresh(context.Background(), "eu-west-1", "a & b", "r-1")
	if !got.Known || !got.Value.Started.IsZero() || got.Value.Ended.IsZero() || got.Value.Percent != 0 || got.Value.Remaining != 3 {
		t.Errorf("found %+v", got)
	}
}

// TestMayAskWho shows that CloudTrail is asked only if the watch asks for it.
func TestMayAskWho(t *testing.T) {
	for _, tt := range []struct {
		watch *wire.Terminations
		want  bool
	}{
		{nil, false},
		{&wire.Terminations{}, false},
		{&wire.Terminations{Who: true}, true},
		{&wire.Terminations{Releases: &wire.Releases{}}, false},
		{&wire.Terminations{Releases: &wire.Releases{Who: true}}, true},
	} {
		if got := mayAskWho(tt.watch); got != tt.want {
			t.Errorf("%+v: %v", tt.watch, got)
		}
	}
}
