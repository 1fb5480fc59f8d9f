package evidence

import (
	"context"
	"encoding/xml"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// autoScalingVersion is the version of Auto Scaling's API.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
const autoScalingVersion = "2011-01-01"

const (
	// maxActivities is the most that one answer of DescribeScalingActivities holds.
	//
	// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
	maxActivities = "100"
	// activitiesBack is how far back activities are asked for, and up to [round] more. Few groups
	// fill a page in that time, and reading a full one is a good part of what a delivery costs.
	activitiesBack = 24 * time.Hour
)

// The problems of an answer in which what was asked for is missing.
const (
	groupGone   = "the group is no longer known to Auto Scaling"
	refreshGone = "the instance refresh is no longer known to Auto Scaling"
	hookGone    = "the hook is no longer known to Auto Scaling"
)

// forAutoScaling lists the look-ups for an event of Auto Scaling.
func (l *Lookups) forAutoScaling(e *event.Event) []lookup {
	switch s := e.Subject.(type) {
	case *autoscaling.Termination:
		return l.forTermination(e, s)
	case *autoscaling.Recovery:
		return l.forRecovery(e, s)
	case *autoscaling.Launch:
		return []lookup{
			func(ctx context.Context) {
				s.Group = l.group(l.reusing(ctx, event.FirstKnown(s.Started, e.Time)), e.Region, s.GroupName)
			},
			func(ctx context.Context) { s.Instance = l.instance(ctx, e.Region, s.InstanceID) },
		}
	case *autoscaling.InstanceRefresh:
		return []lookup{
			func(ctx context.Context) { s.Group = l.group(l.reusing(ctx, e.Time), e.Region, s.GroupName) },
			func(ctx context.Context) { s.Info = l.instanceRefresh(ctx, e.Region, s.GroupName, s.ID) },
		}
	case *autoscaling.Lifecycle:
		return []lookup{
			func(ctx context.Context) { s.State = l.lifecycleState(ctx, e.Region, s.InstanceID) },
			func(ctx context.Context) { s.Hook = l.lifecycleHook(ctx, e.Region, s.GroupName, s.HookName) },
			func(ctx context.Context) { s.Instance = l.instance(ctx, e.Region, s.InstanceID) },
		}
	}
	return nil
}

// forTermination lists the look-ups for a termination, first those that its severity depends on.
// What its group is asked for is shared with other terminations: an answer from after the group's
// decision has this one in it.
func (l *Lookups) forTermination(e *event.Event, t *autoscaling.Termination) []lookup {
	at := t.Decided(e)
	watch := e.Watch.Terminations
	lookups := []lookup{
		func(ctx context.Context) { l.crashes(ctx, e, t) },
		func(ctx context.Context) { t.Group = l.group(l.reusing(ctx, at), e.Region, t.GroupName) },
		func(ctx context.Context) {
			t.Instance = l.instance(ctx, e.Region, t.InstanceID)
			if mayAskWho(watch) && t.ByCall() {
				t.Request = l.requestedBy(ctx, e.Region, t.InstanceID, at)
			}
		},
	}
	if t.Cause == wire.CauseApplicationCheck {
		lookups = append(lookups, func(ctx context.Context) { t.Application = l.failedChecks(ctx, e.Region, t.InstanceID) })
	}
	if watch != nil && watch.Releases != nil {
		lookups = append(lookups, func(ctx context.Context) {
			t.Releases = l.releases(l.reusing(ctx, at), e.Region, *watch.Releases, t.GroupName, at)
		})
	}
	return lookups
}

// mayAskWho reports whether CloudTrail may be asked who did something.
func mayAskWho(w *wire.Terminations) bool {
	return w != nil && (w.Who || w.Releases != nil && w.Releases.Who)
}

// crashes looks up what the instance's console says, what the group did recently, and then the
// consoles of the instances that may have crashed in the same way.
func (l *Lookups) crashes(ctx context.Context, e *event.Event, t *autoscaling.Termination) {
	at := t.Decided(e)
	l.sideBySide(ctx, []lookup{
		func(ctx context.Context) {
			t.Activities = l.scalingActivities(l.reusing(ctx, at), e.Region, t.GroupName, at)
		},
		func(ctx context.Context) { t.Console = l.console(ctx, e.Region, t.InstanceID, at) },
	})
	t.Crashes = t.EarlierDeaths(at)
	var lookups []lookup
	for i := range t.Crashes {
		crash := &t.Crashes[i]
		lookups = append(lookups, func(ctx context.Context) {
			crash.Kind = l.console(l.reusing(ctx, at), e.Region, crash.InstanceID, crash.At).Value.Kind
		})
	}
	l.sideBySide(ctx, lookups)
}

// autoScaling asks Auto Scaling, and returns what the problem was, if there was one. The
// members of an answer are read as text, so that one of an unexpected type hides only itself.
func (l *Lookups) autoScaling(ctx context.Context, region, operation string, in url.Values, answer any) (problem string) {
	call := awsapi.Call{Service: "autoscaling", Operation: operation, Region: region}
	if err := l.query(ctx, call, autoScalingVersion, in, answer); err != nil {
		return l.problem(call, "Auto Scaling", err)
	}
	return ""
}

// decisiveOperations are those that the severity of an event depends on.
var decisiveOperations = []string{"DescribeAutoScalingGroups", "DescribeScalingActivities"}

// decisive is a call that the severity of an event depends on: it is made again and again until
// the time for look-ups is over.
func decisive(region, operation string) awsapi.Call {
	return awsapi.Call{Service: "autoscaling", Operation: operation, Region: region, Persistent: true}
}

// unanswered is the finding of a decisive call that failed.
func unanswered[T any](l *Lookups, call awsapi.Call, err error) event.Finding[T] {
	return event.Finding[T]{Problem: l.problem(call, "Auto Scaling", err), Temporary: temporary(err)}
}

// group returns Auto Scaling's record of a group.
func (l *Lookups) group(ctx context.Context, region, group string) event.Finding[autoscaling.Group] {
	if group == "" {
		return event.NotFound[autoscaling.Group]("the event names no group")
	}
	var answer struct {
		XMLName xml.Name `xml:"DescribeAutoScalingGroupsResponse"`
		Groups  []struct {
			Name      string `xml:"AutoScalingGroupName"`
			Min       string `xml:"MinSize"`
			Max       string `xml:"MaxSize"`
			Desired   string `xml:"DesiredCapacity"`
			Instances []struct {
				State  string `xml:"LifecycleState"`
				Health string `xml:"HealthStatus"`
			} `xml:"Instances>member"`
		} `xml:"DescribeAutoScalingGroupsResult>AutoScalingGroups>member"`
	}
	in := url.Values{"AutoScalingGroupNames.member.1": {group}}
	call := decisive(region, "DescribeAutoScalingGroups")
	if err := l.query(ctx, call, autoScalingVersion, in, &answer); err != nil {
		return unanswered[autoscaling.Group](l, call, err)
	}
	for _, g := range answer.Groups {
		if g.Name != group {
			continue
		}
		record := autoscaling.Group{Min: number(g.Min), Max: number(g.Max), Desired: number(g.Desired)}
		for _, i := range g.Instances {
			if strings.HasSuffix(i.State, ":Retained") {
				record.Retained++
				continue
			}
			record.Total++
			if i.State == "InService" && i.Health == "Healthy" {
				record.Healthy++
			}
		}
		return event.Found(record)
	}
	return event.NotFound[autoscaling.Group](groupGone)
}

// activitiesAnswer is the part of DescribeScalingActivities' answer that is read.
type activitiesAnswer struct {
	XMLName    xml.Name `xml:"DescribeScalingActivitiesResponse"`
	Next       string   `xml:"DescribeScalingActivitiesResult>NextToken"`
	Activities []struct {
		ID          string `xml:"ActivityId"`
		Description string `xml:"Description"`
		Cause       string `xml:"Cause"`
		Status      string `xml:"StatusCode"`
		Started     string `xml:"StartTime"`
	} `xml:"DescribeScalingActivitiesResult>Activities>member"`
}

// scalingActivities returns what a group did in the day before a time, and since.
func (l *Lookups) scalingActivities(ctx context.Context, region, group string, at time.Time) event.Finding[autoscaling.ScalingActivities] {
	if group == "" {
		return event.NotFound[autoscaling.ScalingActivities]("the event names no group")
	}
	call, since := decisive(region, "DescribeScalingActivities"), at.Add(-activitiesBack).Truncate(round).UTC().Format(time.RFC3339)
	found, err := readOnce(ctx, l, call, group+" "+since, func(ctx context.Context) (autoscaling.ScalingActivities, int, error) {
		return l.readActivities(ctx, call, group, since)
	})
	if err != nil {
		return unanswered[autoscaling.ScalingActivities](l, call, err)
	}
	return event.Found(found)
}

// readActivities asks for a page of activities since a time, or for any if the filter is refused: it
// is new in 2026, and those that are too old are not counted. It returns how many bytes the answer
// has.
func (l *Lookups) readActivities(ctx context.Context, call awsapi.Call, group, since string) (found autoscaling.ScalingActivities, size int, err error) {
	var answer activitiesAnswer
	in := url.Values{"AutoScalingGroupName": {group}, "MaxRecords": {maxActivities}}
	filtered := maps.Clone(in)
	filtered.Set("Filters.member.1.Name", "StartTimeLowerBound")
	filtered.Set("Filters.member.1.Values.member.1", since)
	size, err = l.queryAlone(ctx, call, autoScalingVersion, filtered, &answer)
	var refused *awsapi.Error
	if errors.As(err, &refused) && refused.Status == http.StatusBadRequest && !refused.Retryable() {
		size, err = l.queryAlone(ctx, call, autoScalingVersion, in, &answer)
	}
	found.Complete = answer.Next == ""
	for _, a := range answer.Activities {
		found.Activities = append(found.Activities, autoscaling.Activity{
			ID: a.ID, Description: a.Description, Cause: a.Cause, Status: a.Status, Started: instant(a.Started),
		})
	}
	return found, size, err
}

// instanceRefresh returns Auto Scaling's record of an instance refresh.
func (l *Lookups) instanceRefresh(ctx context.Context, region, group, id string) event.Finding[autoscaling.InstanceRefreshInfo] {
	if group == "" || id == "" {
		return event.NotFound[autoscaling.InstanceRefreshInfo]("the event names no instance refresh")
	}
	var answer struct {
		XMLName   xml.Name `xml:"DescribeInstanceRefreshesResponse"`
		Refreshes []struct {
			ID             string `xml:"InstanceRefreshId"`
			Status         string `xml:"Status"`
			Reason         string `xml:"StatusReason"`
			RollbackReason string `xml:"RollbackDetails>RollbackReason"`
			Percent        string `xml:"PercentageComplete"`
			Remaining      string `xml:"InstancesToUpdate"`
			Started        string `xml:"StartTime"`
			Ended          string `xml:"EndTime"`
		} `xml:"DescribeInstanceRefreshesResult>InstanceRefreshes>member"`
	}
	in := url.Values{"AutoScalingGroupName": {group}, "InstanceRefreshIds.member.1": {id}}
	if problem := l.autoScaling(ctx, region, "DescribeInstanceRefreshes", in, &answer); problem != "" {
		return event.NotFound[autoscaling.InstanceRefreshInfo](problem)
	}
	for _, r := range answer.Refreshes {
		if r.ID == id {
			return event.Found(autoscaling.InstanceRefreshInfo{
				Status: r.Status, Reason: r.Reason, RollbackReason: r.RollbackReason,
				Percent: number(r.Percent), Remaining: number(r.Remaining),
				Started: instant(r.Started), Ended: instant(r.Ended),
			})
		}
	}
	return event.NotFound[autoscaling.InstanceRefreshInfo](refreshGone)
}

// lifecycleState returns an instance's state in its Auto Scaling group, "" if it is in none.
// An answer without a list of instances does not mean that it is in none.
func (l *Lookups) lifecycleState(ctx context.Context, region, instance string) event.Finding[string] {
	if instance == "" {
		return event.NotFound[string]("the event names no instance")
	}
	var answer struct {
		XMLName xml.Name `xml:"DescribeAutoScalingInstancesResponse"`
		List    *struct {
			Instances []struct {
				ID    string `xml:"InstanceId"`
				State string `xml:"LifecycleState"`
			} `xml:"member"`
		} `xml:"DescribeAutoScalingInstancesResult>AutoScalingInstances"`
	}
	in := url.Values{"InstanceIds.member.1": {instance}}
	if problem := l.autoScaling(ctx, region, "DescribeAutoScalingInstances", in, &answer); problem != "" {
		return event.NotFound[string](problem)
	}
	if answer.List == nil {
		return event.NotFound[string]("Auto Scaling's answer names no instances")
	}
	for _, i := range answer.List.Instances {
		switch {
		case i.ID != instance:
		case i.State == "":
			return event.NotFound[string]("Auto Scaling does not say the instance's state")
		default:
			return event.Found(i.State)
		}
	}
	return event.Found("")
}

// lifecycleHook returns Auto Scaling's record of a lifecycle hook.
func (l *Lookups) lifecycleHook(ctx context.Context, region, group, hook string) event.Finding[autoscaling.LifecycleHook] {
	if group == "" || hook == "" {
		return event.NotFound[autoscaling.LifecycleHook]("the event names no hook")
	}
	hooks, problem := l.lifecycleHooks(ctx, region, url.Values{"AutoScalingGroupName": {group}, "LifecycleHookNames.member.1": {hook}})
	if problem != "" {
		return event.NotFound[autoscaling.LifecycleHook](problem)
	}
	for _, h := range hooks {
		if h.Name == hook {
			return event.Found(autoscaling.LifecycleHook{Timeout: time.Duration(number(h.Timeout)) * time.Second, Default: h.Default})
		}
	}
	return event.NotFound[autoscaling.LifecycleHook](hookGone)
}

// hookNames returns the names of the lifecycle hooks of a group.
func (l *Lookups) hookNames(ctx context.Context, region, group string) (names []string, problem string) {
	if group == "" {
		return nil, "the event names no group"
	}
	hooks, problem := l.lifecycleHooks(ctx, region, url.Values{"AutoScalingGroupName": {group}})
	for _, h := range hooks {
		names = append(names, h.Name)
	}
	return names, problem
}

// hook is the part of a lifecycle hook that is read.
type hook struct {
	Name    string `xml:"LifecycleHookName"`
	Timeout string `xml:"HeartbeatTimeout"`
	Default string `xml:"DefaultResult"`
}

// lifecycleHooks asks Auto Scaling for lifecycle hooks, of which a group has at most 50, and
// returns what the problem was, if there was one.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html
func (l *Lookups) lifecycleHooks(ctx context.Context, region string, in url.Values) (hooks []hook, problem string) {
	var answer struct {
		XMLName xml.Name `xml:"DescribeLifecycleHooksResponse"`
		Hooks   []hook   `xml:"DescribeLifecycleHooksResult>LifecycleHooks>member"`
	}
	problem = l.autoScaling(ctx, region, "DescribeLifecycleHooks", in, &answer)
	return answer.Hooks, problem
}

// number reads a count, 0 for anything else.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1e9 {
		return 0
	}
	return n
}

// instant reads a time, the zero time for anything else.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
