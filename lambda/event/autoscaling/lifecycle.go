package autoscaling

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Lifecycle is an instance that waits for a lifecycle hook to be completed.
type Lifecycle struct {
	GroupName, InstanceID, HookName string
	// Terminating says that the hook is one of terminations. The instance need not
	// terminate: see goal.
	Terminating bool
	// Origin and Destination are EC2, AutoScalingGroup or WarmPool. Groups without a
	// warm pool have neither.
	Origin, Destination string
	// Action is ReplaceRootVolume, or "" if the instance launches or terminates.
	Action string
	// Metadata is what the hook says of itself, in the words of who made it.
	Metadata string
	// Test says that nothing waits: Auto Scaling tries whether it can notify.
	Test bool

	// State is the instance's state in its group, such as Pending:Wait, "" if it is
	// in none anymore. Evidence.
	State event.Finding[string]
	// HookInfo is what Auto Scaling knows of the hook. Evidence.
	Hook event.Finding[LifecycleHook]
	// Machine is what EC2 knows of the instance. Evidence.
	Instance event.Finding[ec2.Instance]
}

// The values of Origin, Destination and Action that are told in their own words.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/warm-pools-eventbridge-events.html
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html
const (
	warmPool          = "WarmPool"
	replaceRootVolume = "ReplaceRootVolume"
)

// testNotification is what Auto Scaling sends when a hook is made.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/prepare-for-lifecycle-notifications.html
const testNotification = "autoscaling:TEST_NOTIFICATION"

// decodeLifecycle reads "EC2 Instance-launch Lifecycle Action" and "EC2
// Instance-terminate Lifecycle Action".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
func decodeLifecycle(e *event.Event, detail event.Fields) event.Subject {
	l := &Lifecycle{
		GroupName:   groupName(e, detail),
		InstanceID:  detail.Text("EC2InstanceId"),
		HookName:    detail.Text("LifecycleHookName"),
		Terminating: strings.HasPrefix(e.DetailType, "EC2 Instance-terminate"),
		Origin:      detail.Text("Origin"),
		Destination: detail.Text("Destination"),
		Action:      detail.Text("Action"),
		Metadata:    detail.Text("NotificationMetadata"),
		Test:        detail.Text("Event") == testNotification || detail.Text("LifecycleTransition") == testNotification,
	}
	if raw := string(detail["NotificationMetadata"]); strings.IndexAny(raw, "{[") == 0 {
		l.Metadata = raw
	}
	return l
}

// SkipReason says that the hook was completed while the delivery waited. An instance
// whose state is not known may still wait.
func (l *Lifecycle) SkipReason(wire.Watch) string {
	switch state := l.State.Value; {
	case !l.State.Known || strings.HasSuffix(state, ":Wait"):
		return ""
	case state == "":
		return "the instance no longer waits: it is in no Auto Scaling group anymore"
	default:
		return "the instance no longer waits: it is " + state
	}
}

func (l *Lifecycle) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	group, hook := cmp.Or(l.GroupName, "an unnamed group"), cmp.Or(l.HookName, "without a name")
	console := e.Console()
	n.Kind = notice.KindLifecycle
	n.Key = e.Key("autoscaling", l.GroupName, l.InstanceID) + ":" + l.HookName
	if l.Test {
		n.Severity, n.Status = notice.Info, notice.Marker
		n.Title = "Test of the lifecycle notifications of " + group
		n.Summary = "Auto Scaling sent a test of the lifecycle notifications of group " + group + "; nothing waits."
		n.Add("Group", l.GroupName, console.AutoScalingGroup(l.GroupName))
		n.Add("Time", notice.Moment(e.Time, now), "")
		return
	}
	n.Severity, n.Status = notice.Warning, notice.Open

	name, instance := ec2.Names(l.InstanceID, l.Instance.Value.Name, "")
	goal := l.goal() + " " + group
	waited := "a while"
	if age := now.Sub(e.Time); !e.Time.IsZero() && age > 0 {
		waited = event.Span(age)
	}
	if l.State.Known {
		n.Title = name + " has waited " + waited + " for hook " + hook + " to " + goal
		n.Summary = "Instance " + instance + " has waited " + waited + " for lifecycle hook " + hook +
			" to be completed, to " + goal + "."
		if left := l.end(e.Time).Sub(now); left > 0 && l.then() != "" {
			n.Summary += " Unless it is completed or a heartbeat comes, in " + event.Span(left) + " " + l.then() + "."
		}
	} else {
		n.Title = name + " may still wait for hook " + hook + " to " + goal
		n.Summary = "Instance " + instance + " began " + waited + " ago to wait for lifecycle hook " + hook +
			" to be completed, to " + goal + "; whether it still does is not known."
	}

	n.Add("Instance", l.InstanceID, console.Instance(l.InstanceID))
	n.Add("Name", l.Instance.Value.Name, "")
	n.Add("Group", l.GroupName, console.AutoScalingGroup(l.GroupName))
	n.Add("Hook", l.HookName, "")
	n.Add("State in the group", l.State.Value, "")
	n.Add("Waits since", notice.Moment(e.Time, now), "")
	n.Add("Times out", l.timeout(e.Time, now), "")
	n.Add("Then", l.then(), "")
	n.Add("From", l.Origin, "")
	n.Add("To", l.Destination, "")
	n.Add("Action", l.Action, "")
	n.Add("Metadata", l.Metadata, "")
	l.Instance.Value.AddFacts(n, "", now)
	var missing event.Gaps
	missing.Add("State in the group", l.State.Problem)
	missing.Add("Hook", l.Hook.Problem)
	missing.Add("Instance", l.Instance.Problem)
	missing.AddTo(n)
	n.Link("Instances of the group", console.GroupInstances(l.GroupName))
	n.Link("Instance", console.Instance(l.InstanceID))
}

// goal is what the instance does when the hook is completed, up to the group's name.
// A hook of terminations also holds an instance that returns to the warm pool or
// gets a new root volume, which terminates nothing.
func (l *Lifecycle) goal() string {
	switch {
	case l.Action == replaceRootVolume && l.Terminating:
		return "have its root volume replaced in"
	case l.Action == replaceRootVolume:
		return "return to service with a new root volume in"
	case l.Destination == warmPool && l.Terminating:
		return "return to the warm pool of"
	case l.Destination == warmPool:
		return "enter the warm pool of"
	case l.Terminating:
		return "terminate in"
	case l.Origin == warmPool:
		return "leave the warm pool of"
	default:
		return "launch in"
	}
}

// end is when the hook times out, unless a heartbeat starts its time anew; the event
// does not say whether one came. It is the zero time if it is not known.
func (l *Lifecycle) end(since time.Time) time.Time {
	if since.IsZero() || l.Hook.Value.Timeout <= 0 {
		return time.Time{}
	}
	return since.Add(l.Hook.Value.Timeout)
}

// timeout says when the hook times out, or "" if that is not known.
func (l *Lifecycle) timeout(since, now time.Time) string {
	switch end := l.end(since); {
	case end.IsZero():
		return ""
	case end.Before(now):
		return notice.Duration(l.Hook.Value.Timeout) + " after the last heartbeat"
	default:
		return notice.Moment(end, now) + ", unless a heartbeat comes"
	}
}

// then says what happens when the hook times out.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
func (l *Lifecycle) then() string {
	result := l.Hook.Value.Default
	plain := l.Action == "" && l.Destination != warmPool
	switch {
	case result == "CONTINUE":
		return "it goes on as if the hook had been completed (CONTINUE)"
	case result == "ABANDON" && plain && l.Terminating:
		return "it terminates without waiting for other hooks (ABANDON)"
	case result == "ABANDON" && plain:
		return "it is terminated (ABANDON)"
	case result != "":
		return "its result is " + result
	default:
		return ""
	}
}
