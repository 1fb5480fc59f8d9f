package wire

// Instances watches state changes of EC2 instances. Instances and states are
// matched by the rule.
type Instances struct{}
