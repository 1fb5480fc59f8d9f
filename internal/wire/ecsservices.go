package wire

// ECSServices watches what ECS says of a service: tasks that cannot be placed or
// started, and, if the rule matches it, a steady state.
type ECSServices struct{}
