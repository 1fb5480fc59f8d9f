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
	// Terminating is true for a hook of terminations. The instance need not terminate: see
	// goal.
	Terminating bool
	// Origin and Destination are EC2, AutoScalingGroup or WarmPool, or "" for a group without
	// a warm pool.
	Origin, Destination string
	// Action is ReplaceRootVolume, or "" for an instance that launches or terminates.
	Action string
	// Metadata is the NotificationMetadata of the hook, text or JSON.
	Metadata string
	// Test is true if nothing waits, because Auto Scaling only tests its notifications.
	Test bool

	// State is the instance's state in its group, such as Pending:Wait, "" if it is no longer
	// in a group.
	State event.Finding[string]
	// Hook is Auto Scaling's record of the hook.
	Hook event.Finding[LifecycleHook]
	// Instance is EC2's record of the instance.
	Instance event.Finding[ec2.Instance]
}

// The values of Origin, Destination and Action that a notice words differently.
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

// SkipReason leaves out an instance whose hook was completed while the delivery waited. One
// whose state is not known may still wait, and one that is retained waits for a person.
func (l *Lifecycle) SkipReason(wire.Watch) string {
	switch state := l.State.Value; {
	case !l.State.Known || strings.HasSuffix(state, ":Wait") || l.retained():
		return ""
	case state == "":
		return "the instance no longer waits: it is in no Auto Scaling group anymore"
	default:
		return "the instance no longer waits: it is " + state
	}
}

// retained reports whether the instance was replaced but is kept: its hook was abandoned or
// timed out, and the group's lifecycle policy retains such instances.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-lifecycle-policy.html
func (l *Lifecycle) retained() bool { return strings.HasSuffix(l.State.Value, ":Retained") }

// Describe implements [event.Subject].
func (l *Lifecycle) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	n.Kind = notice.KindLifecycle
	n.Key = e.Key("autoscaling", l.GroupName, l.InstanceID) + ":" + l.HookName
	n.GroupKey = groupKey(e, l.GroupName) + ":hook:" + l.HookName
	if l.Test {
		l.describeTest(n, e, now)
		return
	}
	n.Severity, n.Status = notice.Warning, notice.Open
	l.headline(n, e, now)

	console := e.Console()
	n.Add("Instance", l.InstanceID, console.Instance(l.InstanceID))
	n.Add("Name", l.Instance.Value.Name, "")
	n.Add("Group", l.GroupName, console.AutoScalingGroup(l.GroupName))
	n.Add("Hook", l.HookName, "")
	n.Add("State in the group", l.State.Value, "")
	if l.retained() {
		n.Add("Hook began", notice.Moment(e.Time, now), "")
	} else {
		n.Add("Waits since", notice.Moment(e.Time, now), "")
		n.Add("Times out", l.timeout(e.Time, now), "")
		n.Add("Then", l.then(), "")
	}
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

func (l *Lifecycle) describeTest(n *notice.Notice, e *event.Event, now time.Time) {
	group := cmp.Or(l.GroupName, "an unnamed group")
	n.Severity, n.Status = notice.Info, notice.Marker
	n.Title = "Test of the lifecycle notifications of " + group
	n.Summary = "Auto Scaling sent a test of the lifecycle notifications of group " + group + "; nothing waits."
	n.Add("Group", l.GroupName, e.Console().AutoScalingGroup(l.GroupName))
	n.Add("Time", notice.Moment(e.Time, now), "")
}

// headline fills in the title and the summary.
func (l *Lifecycle) headline(n *notice.Notice, e *event.Event, now time.Time) {
	hook := cmp.Or(l.HookName, "without a name")
	name, instance := ec2.Names(l.InstanceID, l.Instance.Value.Name, "")
	goal := l.goal() + " " + cmp.Or(l.GroupName, "an unnamed group")
	if l.retained() {
		n.Title = name + " is retained in " + cmp.Or(l.GroupName, "an unnamed group") + " and still billed"
		n.Summary = "Instance " + instance + " was not terminated: its lifecycle hook " + hook + " was abandoned or timed out, and it is " +
			l.State.Value + ". Auto Scaling replaces it and no longer counts it. It costs money until someone calls TerminateInstanceInAutoScalingGroup."
		return
	}
	waited := "a while"
	if age := now.Sub(e.Time); !e.Time.IsZero() && age > 0 {
		waited = event.Span(age)
	}
	if !l.State.Known {
		n.Title = name + " may still wait for hook " + hook + " to " + goal
		n.Summary = "Instance " + instance + " began " + waited + " ago to wait for lifecycle hook " + hook +
			" to be completed, to " + goal + "; whether it still does is not known."
		return
	}
	n.Title = name + " has waited " + waited + " for hook " + hook + " to " + goal
	n.Summary = "Instance " + instance + " has waited " + waited + " for lifecycle hook " + hook +
		" to be completed, to " + goal + "."
	if left := l.end(e.Time).Sub(now); left > 0 && l.then() != "" {
		n.Summary += " Unless it is completed or a heartbeat comes, in " + event.Span(left) + " " + l.then() + "."
	}
}

// goal is what the instance does once the hook is completed, up to the name of the group.
// A hook of terminations also applies to an instance that returns to the warm pool or gets
// a new root volume, and does not terminate.
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

// end is when the hook times out, unless a heartbeat restarts its timeout, which the event
// does not say. It is the zero time if the timeout is not known.
func (l *Lifecycle) end(since time.Time) time.Time {
	if since.IsZero() || l.Hook.Value.Timeout <= 0 {
		return time.Time{}
	}
	return since.Add(l.Hook.Value.Timeout)
}

// timeout says when the hook times out, "" if that is not known.
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
