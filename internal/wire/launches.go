package wire

// Launches watches instances that an Auto Scaling group launched, or did not. The
// outcomes are matched by the rule.
type Launches struct{}
