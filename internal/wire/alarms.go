package wire

// Alarms watches CloudWatch alarms. Names and states are matched by the rule.
type Alarms struct {
	// RecoveriesOnly leaves out an alarm that is OK now and was not in alarm just before:
	// one that is new, or that had too little data. What a pager opened stays open if its
	// alarm came from ALARM to OK by way of INSUFFICIENT_DATA.
	RecoveriesOnly bool `json:"recoveriesOnly,omitempty"`
}
