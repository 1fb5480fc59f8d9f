package autoscaling

import "time"

// Activity is something that an Auto Scaling group did.
type Activity struct {
	ID          string
	Description string // "Terminating EC2 instance: i-…"
	Cause       string
	Status      string // Successful, Failed, …
	Started     time.Time

	cause *reason // what Cause says, once it has been read
}

// reason reads what the cause says, once.
func (a *Activity) reason() reason {
	if a.cause == nil {
		r := readReason(a.Cause)
		a.cause = &r
	}
	return *a.cause
}

// ScalingActivities are what an Auto Scaling group did, the newest first.
type ScalingActivities struct {
	Activities []Activity
	// Complete is true if there is no older activity.
	Complete bool
}

// InstanceRefreshInfo is Auto Scaling's record of an instance refresh.
type InstanceRefreshInfo struct {
	Status, Reason, RollbackReason string
	Percent                        int
	Remaining                      int // instances to update
	Started, Ended                 time.Time
}

// LifecycleHook is Auto Scaling's record of a lifecycle hook.
type LifecycleHook struct {
	Timeout time.Duration // after the last heartbeat
	Default string        // what happens then: CONTINUE or ABANDON
}

// Console is what the console output of an instance says about a crash.
type Console struct {
	// Lines are the lines with signs of it.
	Lines []string
	// Crash says how the instance crashed, in plain text that follows its name: "ran out of
	// memory (java)". It is "" if no line is a sign of a crash.
	Crash string
	// Kind is Crash without the process or device that the lines name: "ran out of memory".
	Kind string
	// Minor is true if that need not be what the instance died of: a service failed.
	Minor bool
	// Whole is true if the output reaches the end of the instance's life, so that a lack of
	// lines is a finding.
	Whole bool
}
