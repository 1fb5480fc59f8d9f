package wire

// Alarms watches CloudWatch alarms. Names and states are matched by the rule.
type Alarms struct {
	// RecoveriesOnly leaves out an alarm that is OK now and was not in alarm before.
	RecoveriesOnly bool `json:"recoveriesOnly,omitempty"`
}
