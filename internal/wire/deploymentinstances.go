package wire

// DeploymentInstances watches what a CodeDeploy deployment does to each instance.
// The states are matched by the rule.
type DeploymentInstances struct{}
