package autoscaling

import "time"

// Activity is something that an Auto Scaling group did.
type Activity struct {
	ID          string
	Description string // "Terminating EC2 instance: i-…"
	Cause       string
	Status      string // Successful, Failed, Cancelled, …
	Started     time.Time
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
