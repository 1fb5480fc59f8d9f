package evidence

import (
	"context"
	"net/url"
	"strconv"
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

// number reads a count, 0 for anything else.
func number(text string) int {
	n, err := strconv.ParseUint(text, 10, 30)
	if err != nil {
		return 0
	}
	return int(n)
}

// instant reads a time, the zero time for anything else.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
