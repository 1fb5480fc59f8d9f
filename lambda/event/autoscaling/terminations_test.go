package autoscaling

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

// death is when the group of asg-terminate-elb-health-check decided to terminate.
var death = time.Date(2022, 12, 23, 19, 0, 11, 0, time.UTC)

func ago(d time.Duration) time.Time { return death.Add(-d) }

// killed is an activity of the past that ELB's health check caused.
func killed(instance string, d time.Duration) Activity {
	return Activity{
		Description: "Terminating EC2 instance: " + instance, Started: ago(d),
		Cause: "At 2022-12-23T18:00:11Z an instance was taken out of service in response to an ELB system health check failure.",
	}
}

func TestGoldenTerminations(t *testing.T) {
	releases := []codedeploy.DeploymentInfo{
		{ID: "d-NOISE", Application: "some-service", Creator: wire.CreatorAutoScaling, Status: "Succeeded", Created: ago(3 * time.Minute), Completed: ago(2 * time.Minute)},
		{ID: "d-ABC", Application: "some-service", Creator: wire.CreatorUser, Status: "Succeeded", Created: ago(9 * time.Minute), Completed: ago(6*time.Minute + 12*time.Second),
			Revision: codedeploy.Revision{Key: "some-service/1.4.2.zip"}, By: event.Found("alice")},
		{ID: "d-OLD", Application: "some-service", Creator: wire.CreatorRollback, Status: "Failed", Created: ago(50 * time.Minute), Completed: ago(40 * time.Minute)},
		{ID: "d-OLDEST", Application: "some-service", Creator: wire.CreatorUser, Status: "Succeeded", Created: ago(5 * time.Hour), Completed: ago(5 * time.Hour)},
	}
	activities := ScalingActivities{Activities: []Activity{
		killed("i-016dea8095930f564", 0), killed("i-1", 10*time.Minute), killed("i-2", 20*time.Minute), killed("i-3", 50*time.Minute), killed("i-4", 7*time.Hour),
	}, Complete: true}
	const gone = "asg-terminate-ec2-health-check-terminated-or-stopped"
	// found is a record of EC2 of an instance that got into its state some time after the group
	// decided.
	found := func(reason string, after time.Duration) func(*event.Event, *Termination) {
		return func(e *event.Event, d *Termination) {
			d.Instance = event.Found(ec2.Instance{Name: "prod-3", State: "terminated", StateReason: reason})
			if after != 0 {
				d.Instance.Value.StateSince = d.Started.Add(after)
			}
			d.Console = event.Found(Console{Lines: []string{"Out of memory: Killed process 1 (java)"}, Crash: "ran out of memory (java)", Kind: outOfMemory})
			d.Releases = event.Found([]codedeploy.DeploymentInfo{{ID: "d-1", Status: "Succeeded", Created: d.Started.Add(-time.Hour), Completed: d.Started.Add(-time.Minute)}})
		}
	}
	tests := []struct {
		name, event string
		evidence    func(*event.Event, *Termination)
	}{
		{"everything-found", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			e.Alias = event.Found("some-team-prod")
			d.Instance = event.Found(ec2.Instance{
				Name: "web-3", Type: "t3.large", Image: "ami-0abcdef1234567890", Zone: "us-east-1f", Launched: ago(49 * time.Hour), Group: "staging",
				State: "terminated", StateReason: "Client.UserInitiatedShutdown: User initiated shutdown",
			})
			d.Console = event.Found(Console{
				Lines: []string{"[ 172800.113] Out of memory: Killed process 1234 (java) total-vm:8392456kB", "systemd[1]: app.service: Failed with result 'oom-kill'."},
				Crash: "ran out of memory (java)", Kind: outOfMemory, Whole: true,
			})
			d.Crashes = []Crash{{"i-1", ago(10 * time.Minute), outOfMemory}, {"i-2", ago(20 * time.Minute), "had a kernel panic"}, {"i-3", ago(50 * time.Minute), outOfMemory}}
			d.Group = event.Found(Group{Min: 1, Max: 8, Desired: 4, Healthy: 2, Total: 4})
			d.Activities = event.Found(activities)
			d.Releases = event.Found(releases)
		}},
		{"everything-failed", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			e.Alias = event.NotFound[string]("iam:ListAccountAliases was denied")
			d.Instance = event.NotFound[ec2.Instance]("the instance is no longer known to EC2")
			d.Console = event.NotFound[Console]("the instance left no console output")
			d.Group = event.NotFound[Group]("Auto Scaling was too busy to answer")
			d.Activities = event.NotFound[ScalingActivities]("Auto Scaling did not answer in time")
			d.Releases = event.NotFound[[]codedeploy.DeploymentInfo]("CodeDeploy could not be reached")
		}},
		{"termination-partly-found", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			d.Instance = event.Found(ec2.Instance{Type: "t3.large"})
			d.Console = event.Found(Console{Whole: true})
			d.Group = event.NotFound[Group]("autoscaling:DescribeAutoScalingGroups was denied")
			d.Activities = event.Found(ScalingActivities{Activities: activities.Activities[:2]})
			d.Releases = event.Found(releases[:1])
		}},
		{"termination-releases-cut-off", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			d.Releases = event.Found(releases[:1])
			d.Releases.Problem = "only 5 of 6 applications were asked about"
		}},
		{"termination-during-release", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			d.Releases = event.Found([]codedeploy.DeploymentInfo{{ID: "d-NOW", Application: "some-service", Status: "InProgress", Created: ago(time.Minute), By: event.NotFound[string]("cloudtrail:LookupEvents was denied")}})
		}},
		{"termination-of-no-fault", "asg-terminate-scale-in-user-desired-zero", func(e *event.Event, d *Termination) {
			at := d.Decided(e)
			d.Releases = event.Found([]codedeploy.DeploymentInfo{{ID: "d-1", Status: "Succeeded", Created: at.Add(-time.Hour), Completed: at.Add(-time.Minute)}})
			d.Activities = event.Found(ScalingActivities{Complete: true, Activities: []Activity{
				{Description: "Terminating EC2 instance: i-1", Cause: d.CauseText, Started: at}, {Description: "Terminating EC2 instance: i-2", Cause: d.CauseText, Started: at},
			}})
		}},
		{"name-found", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) { d.Instance = event.Found(ec2.Instance{Name: "web-3"}) }},
		{"name-not-found", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			d.Instance = event.NotFound[ec2.Instance]("the instance is no longer known to EC2")
		}},
		{"termination-console-cut", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			d.Console = event.Found(Console{})
		}},
		{"termination-service-failed", "asg-terminate-elb-health-check", func(e *event.Event, d *Termination) {
			d.Console = event.Found(Console{Lines: []string{"[FAILED] Failed to start web."}, Crash: "had a service fail (web.service)", Kind: "had a service fail", Minor: true, Whole: true})
		}},
		{"termination-unknown-crash", "asg-terminate-successful-doc", func(e *event.Event, d *Termination) {
			d.Console = event.Found(Console{Lines: []string{"Kernel panic - not syncing"}, Crash: "had a kernel panic", Kind: "had a kernel panic", Whole: true})
		}},
		{"termination-application-check", "asg-terminate-application-check", func(e *event.Event, d *Termination) {
			d.Instance = event.Found(ec2.Instance{Name: "web-3"})
			d.Application = event.Found([]ApplicationCheck{{ID: "asc-0123456789abcdef0", Code: "ResponseCodeMismatch", Protocol: "HTTP", Status: "503"}, {ID: "asc-1", Code: "ConnectionRefused"}})
			d.Releases = event.Found(releases[1:2])
		}},
		{"gone-spot", gone, found("Server.SpotInstanceTermination: Spot instance termination", 0)},
		{"gone-shutdown", gone, found("Client.InstanceInitiatedShutdown: Instance initiated shutdown", 0)},
		{"gone-user", gone, found("Client.UserInitiatedShutdown: User initiated shutdown", -20*time.Second)},
		{"gone-user-known", gone, func(e *event.Event, d *Termination) {
			found("Client.UserInitiatedShutdown: User initiated shutdown", time.Minute)(e, d)
			d.Request = event.Found(Request{Call: "StopInstances", By: "alice (role Admin)", At: d.Started.Add(-time.Minute)})
		}},
		{"gone-reason-replaced", gone, func(e *event.Event, d *Termination) {
			found("Client.UserInitiatedShutdown: User initiated shutdown", time.Second)(e, d)
			d.Request = event.NotFound[Request]("CloudTrail does not have it, or not yet")
		}},
		{"gone-scheduled-stop", gone, found("Server.ScheduledStop: Scheduled stop", 0)},
		{"termination-unsuccessful", "asg-terminate-unsuccessful-doc", func(e *event.Event, d *Termination) {
			d.Instance = event.Found(ec2.Instance{Name: "web-3", State: "running"})
			d.Activities = event.Found(activities)
			d.StatusText = "The instance i-1234567890abcdef0 is protected."
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Service: "some-service"}, func(e *event.Event) { tt.evidence(e, e.Subject.(*Termination)) })
		})
	}
}

// TestFailedTerminationIsAlwaysWanted: the watch's causes are those of deaths.
func TestFailedTerminationIsAlwaysWanted(t *testing.T) {
	for _, causes := range [][]wire.Cause{nil, {wire.CauseSpot}} {
		w := wire.Watch{Terminations: &wire.Terminations{Causes: causes}}
		for _, c := range wire.AllCauses() {
			if reason := (&Termination{Cause: c, Failed: true}).SkipReason(w); reason != "" {
				t.Errorf("a failure with cause %s is not reported: %s", c, reason)
			}
		}
	}
}

func TestHowOften(t *testing.T) {
	const own = "i-016dea8095930f564"
	scaleIn := Activity{Description: "Terminating EC2 instance: i-7", Cause: "At 2022-12-23T18:00:11Z a user request update of AutoScalingGroup constraints to min: 0, max: 4, desired: 0 changing the desired capacity from 1 to 0.", Started: ago(time.Minute)}
	launch := func(d time.Duration) Activity {
		return Activity{Description: "Launching a new EC2 instance: i-8", Cause: killed("", 0).Cause, Started: ago(d)}
	}
	nameless := killed("", 9*time.Minute)
	nameless.Description, nameless.ID = "Terminating EC2 instance", "a-1"
	tests := []struct {
		name       string
		activities []Activity
		whole      bool
		want       string
		many       bool
	}{
		{"nothing at all", nil, true, "the first in a day", false},
		{"nothing known", nil, false, "", false},
		{"only this one, known for less than a minute", []Activity{launch(59 * time.Second)}, false, "", false},
		{"only this one, known for a minute", []Activity{launch(time.Minute)}, false, "the first in 1 minute", false},
		{"only this one, known for a while", []Activity{killed(own, 0), launch(3 * time.Hour)}, false, "the first in 3 hours", false},
		{"only this one", []Activity{killed(own, 0), launch(25 * time.Hour)}, false, "the first in a day", false},
		{"this one is not in the list", []Activity{killed("i-1", 40*time.Minute)}, true, "2nd in 40 minutes", false},
		{"this one is in the list", []Activity{killed(own, 0), killed("i-1", 40*time.Minute)}, true, "2nd in 40 minutes", false},
		{"this one took attempts", []Activity{killed(own, 0), killed(own, time.Minute), killed("i-1 - Waiting For ELB connection draining.", 3*time.Minute), killed("i-1", 4*time.Minute)}, true, "2nd in 3 minutes", false},
		{"at once", []Activity{killed(own, 0), killed("i-1", 0), killed("i-2", 5*time.Second)}, true, "3rd in 1 minute", true},
		{"in the hour and the day", []Activity{killed("i-1", 60*time.Minute), killed("i-2", time.Minute), killed("i-3", 61*time.Minute), killed("i-4", 24*time.Hour), killed("i-5", 25*time.Hour)}, true, "3rd in 1 hour, 5 in the last day", true},
		{"in the day only", []Activity{killed("i-1", 2*time.Hour), killed("i-2", 3*time.Hour)}, true, "3rd in a day", false},
		{"a page of the day", []Activity{killed("i-1", 2*time.Hour), launch(9 * time.Hour)}, false, "at least the 2nd in a day", false},
		{"a page of the hour", []Activity{killed("i-1", 2*time.Minute), killed("i-2", 3*time.Minute)}, false, "at least the 3rd in 3 minutes", true},
		{"a page of less than an hour, and more since", []Activity{killed("i-1", -time.Second), killed("i-2", 59*time.Minute)}, false, "at least the 2nd in 59 minutes, 1 more since", true},
		{"a page of an hour, and more since", []Activity{killed("i-1", -time.Second), killed("i-2", time.Hour)}, false, "2nd in 1 hour", false},
		{"a page of some hours", []Activity{killed("i-1", 2*time.Minute), killed("i-2", 3*time.Hour)}, false, "2nd in 2 minutes, at least 3 in the last day", false},
		{"other causes, launches, later ones", []Activity{scaleIn, launch(time.Minute), killed("i-1", -time.Minute), {}}, true, "the first in a day", false},
		{"no instance in the description", []Activity{nameless}, true, "2nd in 9 minutes", false},
	}
	for _, tt := range tests {
		d := &Termination{InstanceID: own, Cause: wire.CauseELBHealthCheck, Activities: event.Found(ScalingActivities{Activities: tt.activities, Complete: tt.whole})}
		got := d.howOften(death)
		if got.text() != tt.want || got.many() != tt.many {
			t.Errorf("%s: %q, many %v; want %q, %v", tt.name, got.text(), got.many(), tt.want, tt.many)
		}
	}
}

func TestSeverityRisesWithTheThirdInAnHour(t *testing.T) {
	tests := []struct {
		cause  wire.Cause
		deaths int
		want   notice.Severity
	}{
		{wire.CauseELBHealthCheck, 2, notice.Warning},
		{wire.CauseELBHealthCheck, 3, notice.Error},
		{wire.CauseUnknown, 4, notice.Error},
		{wire.CauseScaleIn, 9, notice.Info},
	}
	causeText := map[wire.Cause]string{
		wire.CauseELBHealthCheck: killed("", 0).Cause,
		wire.CauseScaleIn:        "an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from 3 to 2.",
	}
	for _, tt := range tests {
		d := &Termination{InstanceID: "i-0", Cause: tt.cause, Started: death, Activities: event.Found(ScalingActivities{Complete: true})}
		for i := range tt.deaths {
			a := killed(fmt.Sprintf("i-%d", i), time.Duration(i)*time.Minute)
			a.Cause = causeText[tt.cause]
			d.Activities.Value.Activities = append(d.Activities.Value.Activities, a)
		}
		n := &notice.Notice{}
		d.Describe(n, &event.Event{}, death)
		if n.Severity != tt.want {
			t.Errorf("%d deaths by %s are %s, want %s", tt.deaths, tt.cause, n.Severity, tt.want)
		}
		if same := strings.Contains(n.Summary, "Same cause"); same != (tt.cause == wire.CauseELBHealthCheck && tt.deaths > 2) {
			t.Errorf("%d deaths by %s: %s", tt.deaths, tt.cause, n.Summary)
		}
	}
	for s, want := range map[notice.Severity]notice.Severity{notice.Info: notice.Warning, notice.Error: notice.Critical, notice.Critical: notice.Critical} {
		if got := escalated(s); got != want {
			t.Errorf("worse than %s is %s, want %s", s, got, want)
		}
	}
}

// TestGroupWithoutHealthyInstances shows that what is wrong with a group is critical once
// none of the instances that it should have is healthy.
func TestGroupWithoutHealthyInstances(t *testing.T) {
	for group, want := range map[Group]notice.Severity{
		{Desired: 2, Total: 2}:             notice.Critical,
		{Desired: 2, Total: 2, Healthy: 1}: notice.Warning,
		{Total: 1}:                         notice.Warning,
	} {
		n := &notice.Notice{}
		(&Termination{Cause: wire.CauseELBHealthCheck, Group: event.Found(group)}).Describe(n, &event.Event{}, death)
		if n.Severity != want || !strings.Contains(n.Summary, group.capacity()) {
			t.Errorf("%+v: %s, %s, want %s", group, n.Severity, n.Summary, want)
		}
	}
	for _, harmless := range []event.Subject{&Termination{Cause: wire.CauseScaleIn, Group: event.Found(Group{Desired: 1})}, &Launch{Group: event.Found(Group{Desired: 1})}} {
		n := &notice.Notice{}
		if harmless.Describe(n, &event.Event{}, death); n.Severity != notice.Info {
			t.Errorf("%s is %s", n.Title, n.Severity)
		}
	}
}

// TestHugeReason shows that the summary does not repeat all that AWS may say.
func TestHugeReason(t *testing.T) {
	n := &notice.Notice{}
	(&Termination{Failed: true, StatusText: strings.Repeat("ü ", 9999)}).Describe(n, &event.Event{}, death)
	if len([]rune(n.Summary)) > event.MaxQuoted+200 || !strings.HasSuffix(n.Summary, "…") {
		t.Errorf("the summary is %d bytes long: …%s", len(n.Summary), n.Summary[len(n.Summary)-20:])
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{
		1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 10: "10th", 11: "11th", 12: "12th", 13: "13th", 14: "14th", 20: "20th",
		21: "21st", 22: "22nd", 23: "23rd", 101: "101st", 111: "111th", 112: "112th", 113: "113th", 1011: "1011th", 1021: "1021st",
	} {
		if got := ordinal(n); got != want {
			t.Errorf("ordinal(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCapacity(t *testing.T) {
	for group, want := range map[Group]string{
		{Min: 1, Max: 8, Desired: 4, Healthy: 2, Total: 4}: "2 of 4 healthy, 4 desired (1 to 8)",
		{Max: 8, Desired: 1}: "no instances, 1 desired (0 to 8)",
	} {
		if got := group.capacity(); got != want {
			t.Errorf("%+v: %q, want %q", group, got, want)
		}
	}
}

// TestGoneSkipReason shows that an instance that was found terminated or stopped is decided on once
// EC2 has said who took it down, and is reported if EC2 does not.
func TestGoneSkipReason(t *testing.T) {
	started := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	of := func(reason string, since time.Time) event.Finding[ec2.Instance] {
		return event.Found(ec2.Instance{StateReason: reason, StateSince: since})
	}
	const user, spot = "Client.UserInitiatedShutdown: User initiated shutdown", "Server.SpotInstanceTermination: Spot instance termination"
	only := func(causes ...wire.Cause) wire.Watch {
		return wire.Watch{Terminations: &wire.Terminations{Causes: causes}}
	}
	for name, tt := range map[string]struct {
		instance event.Finding[ec2.Instance]
		watch    wire.Watch
		want     string
	}{
		"not looked up, default":     {event.Finding[ec2.Instance]{}, only(), ""},
		"not looked up, Spot":        {event.Finding[ec2.Instance]{}, only(wire.CauseSpot), ""},
		"not looked up, scale-in":    {event.Finding[ec2.Instance]{}, only(wire.CauseScaleIn), "the cause is EC2 health check, which the watch does not report"},
		"not found, Spot":            {event.NotFound[ec2.Instance]("denied"), only(wire.CauseSpot), ""},
		"Spot, default":              {of(spot, time.Time{}), only(), "the cause is Spot interruption, which the watch does not report"},
		"Spot, Spot":                 {of(spot, time.Time{}), only(wire.CauseSpot), ""},
		"user, default":              {of(user, started.Add(-time.Minute)), only(), "the cause is user request, which the watch does not report"},
		"user, user":                 {of(user, started.Add(-time.Minute)), only(wire.CauseUserRequest), ""},
		"user without a time":        {of(user, time.Time{}), only(wire.CauseUserRequest), ""},
		"Auto Scaling's own request": {of(user, started), only(), ""},
		"own shutdown, default":      {of("Client.InstanceInitiatedShutdown", time.Time{}), only(), ""},
		"new reason, default":        {of("Server.New: new", time.Time{}), only(), ""},
	} {
		d := &Termination{Cause: wire.CauseEC2StatusCheck, CauseName: "EC2 health check", Gone: true, Started: started.Add(500 * time.Millisecond), Instance: tt.instance}
		if got := d.SkipReason(tt.watch); got != tt.want {
			t.Errorf("%s: SkipReason = %q, want %q", name, got, tt.want)
		}
	}
}

// TestByCall shows of which instances CloudTrail is asked who took them down.
func TestByCall(t *testing.T) {
	for name, tt := range map[string]struct {
		gone   bool
		reason string
		want   bool
	}{
		"by a call":                    {true, "Client.UserInitiatedShutdown: User initiated shutdown", true},
		"by itself":                    {true, "Client.InstanceInitiatedShutdown: Instance initiated shutdown", false},
		"not known":                    {true, "", false},
		"taken down by its group only": {false, "Client.UserInitiatedShutdown: User initiated shutdown", false},
	} {
		d := &Termination{Gone: tt.gone, Instance: event.Found(ec2.Instance{StateReason: tt.reason})}
		if got := d.ByCall(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
