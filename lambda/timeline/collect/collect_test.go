package collect

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// TestCollect reads everything that was recorded, and compares the rows with a file.
func TestCollect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := (&fakeAWS{}).collector(t)
		c.Who = true
		l := c.Collect(t.Context(), everything, began, ended)
		golden.JSON(t, "testdata/rows.json", l.Rows)
		golden.File(t, "testdata/rows.txt", outline(l))
	})
}

// outline has a line for each row, and for each source.
func outline(l *timeline.Timeline) string {
	var b strings.Builder
	for _, r := range l.Rows {
		end := "…"
		if !r.End.IsZero() {
			end = r.End.Format("15:04:05")
		}
		fmt.Fprintf(&b, "%s %s %-9s %-8s %-8s %s\n", r.Start.Format("15:04:05"), end, r.Lane, r.Severity, r.Status, r.Title)
	}
	fmt.Fprintf(&b, "asked: %q\nnot asked: %q\nfailed: %q\n", l.Asked, l.NotAsked, l.Failed)
	return b.String()
}

// TestRequests checks what is asked: every time with its zone, every type of alarm, deleted
// groups, and page after page.
func TestRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{}
		c := f.collector(t)
		c.Who = true
		zone := time.FixedZone("CET", 3600)
		c.Collect(t.Context(), everything, began.In(zone), ended.In(zone))
		for operation, want := range map[string]int{
			"autoscaling.DescribeScalingActivities": 2, "autoscaling.DescribeInstanceRefreshes": 1,
			"codedeploy.ListDeploymentGroups": 1, "codedeploy.ListDeployments": 2, "codedeploy.BatchGetDeployments": 1,
			"codedeploy.ListDeploymentTargets": 1, "codedeploy.BatchGetDeploymentTargets": 1,
			"ecs.ListServiceDeployments": 2, "ecs.DescribeServiceDeployments": 1, "ecs.DescribeServiceRevisions": 1,
			"ecs.ListTasks": 1, "ecs.DescribeTasks": 1,
			"monitoring.DescribeAlarms": 1, "monitoring.DescribeAlarmHistory": 5, "cloudtrail.LookupEvents": 9,
		} {
			if got := len(f.calls[operation]); got != want {
				t.Errorf("%s: %d calls, want %d", operation, got, want)
			}
		}
		activities := f.calls["autoscaling.DescribeScalingActivities"][1].form
		for name, want := range map[string]string{
			"Filters.member.1.Values.member.1": "2026-11-21T09:00:00Z", "Filters.member.2.Values.member.1": "2026-11-22T15:00:01Z",
			"IncludeDeletedGroups": "true", "NextToken": "page-2",
		} {
			if got := activities.Get(name); got != want {
				t.Errorf("activities: %s is %q, want %q", name, got, want)
			}
		}
		alarms := f.calls["monitoring.DescribeAlarmHistory"][0].form
		for name, want := range map[string]string{
			"AlarmTypes.member.1": "MetricAlarm", "AlarmTypes.member.2": "CompositeAlarm", "AlarmTypes.member.3": "LogAlarm",
			"StartDate": "2026-11-21T09:00:00Z", "EndDate": "2026-11-22T16:00:01Z",
		} {
			if got := alarms.Get(name); got != want {
				t.Errorf("alarms: %s is %q, want %q", name, got, want)
			}
		}
		span := f.calls["codedeploy.ListDeployments"][0].json["createTimeRange"].(map[string]any)
		if span["start"] != epoch(began.Add(-day)) || span["end"] != epoch(ended) {
			t.Errorf("deployments: asked for %v", span)
		}
	})
}

// TestPace shows that CloudTrail is called less than twice a second, and no service at once by
// everything.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{}
		c := f.collector(t)
		c.Who = true
		c.Collect(t.Context(), everything, began, ended)
		calls := f.calls["cloudtrail.LookupEvents"]
		for i := 1; i < len(calls); i++ {
			if apart := calls[i].at.Sub(calls[i-1].at); apart < 500*time.Millisecond {
				t.Errorf("call %d came %v after the one before", i+1, apart)
			}
		}
		at := map[time.Time]string{}
		for operation, calls := range f.calls {
			for _, call := range calls {
				service, _, _ := strings.Cut(operation, ".")
				// A look-up of the notifier's makes its second call at once.
				if at[call.at] == service && operation != "codedeploy.BatchGetDeploymentTargets" && operation != "codedeploy.ListDeploymentTargets" {
					t.Errorf("%s was called twice at the same time", service)
				}
				at[call.at] = service
			}
		}
	})
}

// TestThrottled shows that what is throttled is asked again until it is answered, more slowly, and
// that the rows are then all there.
func TestThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{refuse: func(operation string, n int, _ request) (int, string) {
			if n <= 5 && !strings.Contains(operation, "Targets") {
				return throttled(operation)
			}
			return 0, ""
		}}
		c := f.collector(t)
		l := c.Collect(t.Context(), everything, began, ended)
		if len(l.Failed) > 0 {
			t.Errorf("failed: %q", l.Failed)
		}
		if len(l.Rows) != 22 {
			t.Errorf("%d rows:\n%s", len(l.Rows), outline(l))
		}
	})
}

// TestNeverAnswered shows that a source which is throttled for ever ends with its time.
func TestNeverAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{refuse: func(operation string, _ int, _ request) (int, string) { return throttled(operation) }}
		c := f.collector(t)
		c.Limit = 30 * time.Second
		start := time.Now()
		l := c.Collect(t.Context(), everything, began, ended)
		if took := time.Since(start); took > 31*time.Second {
			t.Errorf("took %v", took)
		}
		if len(l.Rows) > 0 || len(l.Failed) < 5 || !slices.Contains(l.Failed, "activities of web-production: Auto Scaling was too busy to answer") {
			t.Errorf("%d rows, failed: %q", len(l.Rows), l.Failed)
		}
	})
}

// TestPartial shows that each call that is refused is a line, and that the rest is there.
func TestPartial(t *testing.T) {
	tests := []struct {
		operation, failed string
		from, rows        int // the call from which on it is refused, and how many rows are left
	}{
		{"autoscaling.DescribeScalingActivities", "activities of web-production: autoscaling:DescribeScalingActivities was denied", 1, 13},
		{"autoscaling.DescribeScalingActivities", "activities of web-production, after 1 page: autoscaling:DescribeScalingActivities was denied", 2, 18},
		{"autoscaling.DescribeInstanceRefreshes", "instance refreshes of web-production: autoscaling:DescribeInstanceRefreshes was denied", 1, 20},
		{"codedeploy.ListDeploymentGroups", "deployment groups of web: codedeploy:ListDeploymentGroups was denied", 1, 19},
		{"codedeploy.ListDeployments", "deployments of web/production, after 1 page: codedeploy:ListDeployments was denied", 2, 22},
		{"codedeploy.BatchGetDeployments", "5 deployments that CodeDeploy lists: codedeploy:BatchGetDeployments was denied", 1, 19},
		{"ecs.ListServiceDeployments", "ECS deployments of main/api: ecs:ListServiceDeployments was denied", 1, 20},
		{"ecs.DescribeServiceDeployments", "ECS deployments of main/api: ecs:DescribeServiceDeployments was denied", 1, 20},
		{"ecs.DescribeServiceRevisions", "what was deployed to main/api: ecs:DescribeServiceRevisions was denied", 1, 22},
		{"ecs.ListTasks", "stopped tasks of main/api: ecs:ListTasks was denied", 1, 21},
		{"ecs.DescribeTasks", "stopped tasks of main/api: ecs:DescribeTasks was denied", 1, 21},
		{"monitoring.DescribeAlarms", "what the alarms look at: cloudwatch:DescribeAlarms was denied", 1, 21},
		{"monitoring.DescribeAlarmHistory", "history of alarm some-service-5xx: cloudwatch:DescribeAlarmHistory was denied", 1, 18},
	}
	for _, tt := range tests {
		t.Run(tt.operation, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fakeAWS{refuse: func(operation string, n int, _ request) (int, string) {
					if operation == tt.operation && n >= tt.from {
						return denied(operation)
					}
					return 0, ""
				}}
				l := f.collector(t).Collect(t.Context(), everything, began, ended)
				if !slices.Contains(l.Failed, tt.failed) {
					t.Errorf("failed: %q, want %q", l.Failed, tt.failed)
				}
				if len(l.Rows) != tt.rows {
					t.Errorf("%d rows, want %d:\n%s", len(l.Rows), tt.rows, outline(l))
				}
			})
		})
	}
}

// TestOldAPIs shows that a Region without the filters of activities, or without log alarms, is
// asked without them.
func TestOldAPIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{refuse: func(_ string, _ int, in request) (int, string) {
			if in.form.Has("Filters.member.1.Name") || in.form.Has("AlarmTypes.member.3") {
				return 400, `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>not valid</Message></Error></ErrorResponse>`
			}
			return 0, ""
		}}
		l := f.collector(t).Collect(t.Context(), everything, began, ended)
		if len(l.Rows) != 22 || len(l.Failed) > 0 {
			t.Errorf("%d rows, failed: %q", len(l.Rows), l.Failed)
		}
	})
}

// TestOpenNames asks for all and keeps what the names stand for.
func TestOpenNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{}
		c := f.collector(t)
		scope := Scope{Scope: wire.Scope{Groups: []string{"web-*"}, Applications: []wire.Application{{Name: "w*b", Group: "*"}}, ECSServices: []wire.ClusterService{{Cluster: "main", Name: "a*"}}}}
		l := c.Collect(t.Context(), scope, began, ended)
		if len(l.Rows) != 15 || f.calls["autoscaling.DescribeScalingActivities"][0].form.Has("AutoScalingGroupName") {
			t.Errorf("%d rows:\n%s", len(l.Rows), outline(l))
		}
		if _, named := f.calls["codedeploy.ListDeployments"][0].json["applicationName"]; named {
			t.Error("CodeDeploy was asked about one application")
		}
		scope = Scope{Scope: wire.Scope{Groups: []string{"api-*"}, Applications: []wire.Application{{Name: "x*"}}}}
		if l := c.Collect(t.Context(), scope, began, ended); len(l.Rows) > 0 {
			t.Errorf("rows of others:\n%s", outline(l))
		}
	})
}

// TestWindow shows that a row belongs to a time in which it began or lasted.
func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := (&fakeAWS{}).collector(t)
		l := c.Collect(t.Context(), everything, began.Add(80*time.Minute), began.Add(90*time.Minute)) // 10:20 to 10:30
		var got []string
		for _, r := range l.Rows {
			got = append(got, r.Start.Format("15:04"))
		}
		if want := []string{"03:00", "10:12", "10:25"}; !slices.Equal(got, want) {
			t.Errorf("rows at %q, want %q", got, want)
		}
	})
}

// TestRetention says from when on AWS keeps nothing.
func TestRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := (&fakeAWS{}).collector(t)
		l := c.Collect(t.Context(), everything, ended.Add(-50*day), ended)
		for _, want := range []string{
			"Auto Scaling (1 group) before 2026-10-11: AWS keeps 42 days",
			"CloudWatch alarms (4 names) before 2026-10-23: AWS keeps 30 days",
			"CloudTrail (-who)",
		} {
			if !slices.Contains(l.NotAsked, want) {
				t.Errorf("not asked: %q, want %q", l.NotAsked, want)
			}
		}
	})
}

func TestFind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := (&fakeAWS{}).collector(t)
		for id, want := range map[string]string{
			"i-0a0a0a0a0a0a0a0a2": "10:07:02", // which waited for its load balancer
			"i-0b0b0b0b0b0b0b0b2": "10:08:32", // which lives
		} {
			if at, err := c.FindInstance(t.Context(), everything, id); err != nil || at.Format(time.TimeOnly) != want {
				t.Errorf("%s: %v, %v", id, at, err)
			}
		}
		if _, err := c.FindInstance(t.Context(), everything, "i-1"); err == nil || !strings.Contains(err.Error(), "last six weeks") {
			t.Errorf("an instance that nobody knows: %v", err)
		}
		at, end, err := c.FindDeployment(t.Context(), "d-FAILED111")
		if err != nil || end.Sub(at) != 14*time.Minute {
			t.Errorf("%v to %v, %v", at, end, err)
		}
	})
}

func TestMatches(t *testing.T) {
	for pattern, names := range map[string][2][]string{
		"web":    {{"web"}, {"webs", "", "aweb"}},
		"web-*":  {{"web-", "web-1"}, {"web", "aweb-1"}},
		"*":      {{"", "x"}, nil},
		"*-web":  {{"-web", "a-web"}, {"a-web-"}},
		"a*b*c":  {{"abc", "aXbXc", "abbc"}, {"ac", "acb"}},
		"ab*ab":  {{"abab"}, {"ab", "aba"}},
		"":       {{""}, {"x"}},
		"w.b*":   {{"w.b"}, {"web"}},
		"**prod": {{"prod", "xprod"}, {"production"}},
	} {
		for i, of := range names {
			for _, name := range of {
				if got := Matches(pattern, name); got != (i == 0) {
					t.Errorf("%q and %q: %v", pattern, name, got)
				}
			}
		}
	}
}

// TestLastWords reads the consoles of instances that died within the last hour.
func TestLastWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{}
		c := f.collector(t)
		c.now = func() time.Time { return began.Add(100 * time.Minute) } // 10:40
		l := c.Collect(t.Context(), Scope{Scope: wire.Scope{Groups: everything.Groups}}, began, began.Add(100*time.Minute))
		if n := len(f.calls["ec2.GetConsoleOutput"]); n != 3 {
			t.Errorf("%d consoles were read", n)
		}
		if !strings.Contains(outline(l), "i-0a0a0a0a0a0a0a0a3 in web-production ran out of memory (java); killed by its ELB health check") {
			t.Errorf("no last words:\n%s", outline(l))
		}
	})
}

// TestStrayActivities shows that one which never ended does not hide the others, and that one
// without times is not lost.
func TestStrayActivities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		member := func(id, start, status string) string {
			return fmt.Sprintf(`<member><ActivityId>%s</ActivityId><AutoScalingGroupName>web-production</AutoScalingGroupName><StartTime>%s</StartTime><StatusCode>%s</StatusCode><Description>Terminating EC2 instance: i-%s</Description></member>`, id, start, status, id)
		}
		answer := `<DescribeScalingActivitiesResponse><DescribeScalingActivitiesResult><Activities>` +
			member("stuck", "2026-11-01T09:00:00Z", "MidLifecycleAction") + member("1", "2026-11-22T14:00:00Z", "Successful") + member("2", "", "Successful") +
			member("old", "2026-11-02T09:00:00Z", "Successful") + member("older", "2026-11-22T14:00:00Z", "Successful") +
			`</Activities></DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`
		f := &fakeAWS{refuse: func(operation string, _ int, _ request) (int, string) {
			if operation == "autoscaling.DescribeScalingActivities" {
				return 200, answer
			}
			return 0, ""
		}}
		l := f.collector(t).Collect(t.Context(), Scope{Scope: wire.Scope{Groups: everything.Groups}}, began, ended)
		var got []string
		for _, r := range l.Rows {
			if r.Kind == "termination" {
				got = append(got, r.ID)
			}
		}
		if want := []string{"2", "1"}; !slices.Equal(got, want) {
			t.Errorf("rows %q, want %q", got, want)
		}
	})
}

// TestRequestedBy asks CloudTrail who terminated an instance that Auto Scaling found terminated.
func TestRequestedBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{refuse: func(operation string, _ int, _ request) (int, string) {
			if operation == "autoscaling.DescribeScalingActivities" {
				return 200, `<DescribeScalingActivitiesResponse><DescribeScalingActivitiesResult><Activities><member><ActivityId>a</ActivityId><AutoScalingGroupName>web-production</AutoScalingGroupName>
<StartTime>2026-11-22T14:00:00Z</StartTime><EndTime>2026-11-22T14:01:00Z</EndTime><StatusCode>Successful</StatusCode><Description>Terminating EC2 instance: i-0123456789abcdef0</Description>
<Cause>At 2026-11-22T14:00:00Z an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.</Cause></member></Activities></DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`
			}
			return 0, ""
		}}
		c := f.collector(t)
		c.Who = true
		l := c.Collect(t.Context(), Scope{Scope: wire.Scope{Groups: everything.Groups}}, began, ended)
		i := slices.IndexFunc(l.Rows, func(r timeline.Row) bool { return r.ID == "a" })
		if i < 0 || !slices.ContainsFunc(l.Rows[i].Facts, func(f notice.Fact) bool {
			return f.Label == "Requested by" && strings.Contains(f.Value, "alice (role Deployer)")
		}) {
			t.Errorf("nobody requested it:\n%s\n%+v", outline(l), l.Rows)
		}
	})
}
