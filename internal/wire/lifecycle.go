package wire

// Lifecycle watches instances that wait for a lifecycle hook to be completed.
type Lifecycle struct {
	// AfterSeconds is how long an instance may wait untold. The delivery waits as
	// long before the notifier gets it, and is told if the instance still waits.
	AfterSeconds int `json:"afterSeconds"`
}
