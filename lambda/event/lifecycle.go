package event

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Lifecycle is an instance that waits for a lifecycle hook to be completed.
type Lifecycle struct {
	Group, Instance, Hook string
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
	State Finding[string]
	// HookInfo is what Auto Scaling knows of the hook. Evidence.
	HookInfo Finding[HookInfo]
	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
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
func decodeLifecycle(e *Event, detail fields) Subject {
	l := &Lifecycle{
		Group:       autoScalingGroup(e, detail),
		Instance:    detail.text("EC2InstanceId"),
		Hook:        detail.text("LifecycleHookName"),
		Terminating: strings.HasPrefix(e.DetailType, "EC2 Instance-terminate"),
		Origin:      detail.text("Origin"),
		Destination: detail.text("Destination"),
		Action:      detail.text("Action"),
		Metadata:    detail.text("NotificationMetadata"),
		Test:        detail.text("Event") == testNotification || detail.text("LifecycleTransition") == testNotification,
	}
	if raw := string(detail["NotificationMetadata"]); strings.IndexAny(raw, "{[") == 0 {
		l.Metadata = raw
	}
	return l
}

// unwanted says that the hook was completed while the delivery waited. An instance
// whose state is not known may still wait.
func (l *Lifecycle) unwanted(wire.Watch) string {
	switch state := l.State.Value; {
	case !l.State.Known || strings.HasSuffix(state, ":Wait"):
		return ""
	case state == "":
		return "the instance no longer waits: it is in no Auto Scaling group anymore"
	default:
		return "the instance no longer waits: it is " + state
	}
}

func (l *Lifecycle) tell(n *notice.Notice, e *Event, now time.Time) {
	group, hook := or(l.Group, "an unnamed group"), or(l.Hook, "without a name")
	console := consoleFor(e.Region)
	n.Kind = notice.KindLifecycle
	n.Key = e.key("autoscaling", l.Group, l.Instance) + ":" + l.Hook
	if l.Test {
		n.Severity, n.Status = notice.Info, notice.Marker
		n.Title = "Test of the lifecycle notifications of " + group
		n.Summary = "Auto Scaling sent a test of the lifecycle notifications of group " + group + "; nothing waits."
		n.Add("Group", l.Group, console.group(l.Group))
		n.Add("Time", notice.Moment(e.Time, now), "")
		return
	}
	n.Severity, n.Status = notice.Warning, notice.Open

	name, instance := named(l.Instance, l.Machine.Value.Name, "")
	goal := l.goal() + " " + group
	waited := "a while"
	if age := now.Sub(e.Time); !e.Time.IsZero() && age > 0 {
		waited = span(age)
	}
	if l.State.Known {
		n.Title = name + " has waited " + waited + " for hook " + hook + " to " + goal
		n.Summary = "Instance " + instance + " has waited " + waited + " for lifecycle hook " + hook +
			" to be completed, to " + goal + "."
		if left := l.end(e.Time).Sub(now); left > 0 && l.then() != "" {
			n.Summary += " Unless it is completed or a heartbeat comes, in " + span(left) + " " + l.then() + "."
		}
	} else {
		n.Title = name + " may still wait for hook " + hook + " to " + goal
		n.Summary = "Instance " + instance + " began " + waited + " ago to wait for lifecycle hook " + hook +
			" to be completed, to " + goal + "; whether it still does is not known."
	}

	n.Add("Instance", l.Instance, console.instance(l.Instance))
	n.Add("Name", l.Machine.Value.Name, "")
	n.Add("Group", l.Group, console.group(l.Group))
	n.Add("Hook", l.Hook, "")
	n.Add("State in the group", l.State.Value, "")
	n.Add("Waits since", notice.Moment(e.Time, now), "")
	n.Add("Times out", l.timeout(e.Time, now), "")
	n.Add("Then", l.then(), "")
	n.Add("From", l.Origin, "")
	n.Add("To", l.Destination, "")
	n.Add("Action", l.Action, "")
	n.Add("Metadata", l.Metadata, "")
	l.Machine.Value.tell(n, "", now)
	var missing gaps
	missing.add("State in the group", l.State.Problem)
	missing.add("Hook", l.HookInfo.Problem)
	missing.add("Instance", l.Machine.Problem)
	missing.tell(n)
	n.Link("Instances of the group", console.groupInstances(l.Group))
	n.Link("Instance", console.instance(l.Instance))
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
	if since.IsZero() || l.HookInfo.Value.Timeout <= 0 {
		return time.Time{}
	}
	return since.Add(l.HookInfo.Value.Timeout)
}

// timeout says when the hook times out, or "" if that is not known.
func (l *Lifecycle) timeout(since, now time.Time) string {
	switch end := l.end(since); {
	case end.IsZero():
		return ""
	case end.Before(now):
		return notice.Duration(l.HookInfo.Value.Timeout) + " after the last heartbeat"
	default:
		return notice.Moment(end, now) + ", unless a heartbeat comes"
	}
}

// then says what happens when the hook times out.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
func (l *Lifecycle) then() string {
	result := l.HookInfo.Value.Default
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
