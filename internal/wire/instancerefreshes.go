package wire

// InstanceRefreshes watches the instance refreshes of Auto Scaling groups. What
// became of them is matched by the rule.
type InstanceRefreshes struct{}
