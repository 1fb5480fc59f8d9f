package wire

// SpotInterruptions watches Spot instances that EC2 takes back or is likely to.
type SpotInterruptions struct {
	// Groups are the Auto Scaling groups whose instances are worth telling. The event
	// does not name the group, so it is looked up; an instance whose group could not
	// be is told. Empty: all Spot instances.
	Groups []string `json:"groups,omitempty"`
}
