package wire

// Email sends a mail through SES v2.
type Email struct {
	From string   `json:"from"`
	To   []string `json:"to"`
	CC   []string `json:"cc,omitempty"`
	// ReplyTo are the addresses that answers go to. Empty: From.
	ReplyTo          []string `json:"replyTo,omitempty"`
	ConfigurationSet string   `json:"configurationSet,omitempty"`
	// IdentityARN is the identity of another account whose leave is used to send.
	IdentityARN string `json:"identityArn,omitempty"`
}

// Topic publishes the readable notice to an SNS topic.
type Topic struct {
	ARN string `json:"arn"`
}
