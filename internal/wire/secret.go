package wire

// Secret says where a secret is kept; never what it is. Exactly one of ARN and
// Parameter is set.
type Secret struct {
	// ARN is a secret in Secrets Manager.
	ARN string `json:"arn,omitempty"`
	// Field is the field of the secret's JSON object. Empty: the whole secret.
	Field string `json:"field,omitempty"`
	// Parameter is the name or the ARN of a SecureString parameter in SSM.
	Parameter string `json:"parameter,omitempty"`
}
