package wire

// Health watches what AWS Health says of services and of what an account has of
// them. Services and categories are matched by the rule.
type Health struct{}
