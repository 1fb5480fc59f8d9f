package watch

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Instances sees EC2 instances that change their state. The instances of an Auto
// Scaling group come and go; watch its [Terminations] and [Launches] instead.
//
// EC2 sends these events on a best-effort basis:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ec2.html
type Instances struct {
	// InstanceIDs are the ids of the instances, such as "i-0123456789abcdef0".
	//
	// Default: none; then set InstanceRefs.
	InstanceIDs []string

	// InstanceRefs are instances of the app.
	//
	// Default: none; then set InstanceIDs.
	InstanceRefs []awsec2.IInstance

	// States are the states that are reported.
	//
	// Default: InstanceStopped and InstanceTerminated, which report each ending once.
	States []InstanceState
}

var _ Watch = Instances{}

// InstanceState is the state of an EC2 instance.
type InstanceState string

// The states of an instance.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
const (
	InstancePending      InstanceState = "pending"
	InstanceRunning      InstanceState = "running"
	InstanceStopping     InstanceState = "stopping"
	InstanceStopped      InstanceState = "stopped"
	InstanceShuttingDown InstanceState = "shutting-down"
	InstanceTerminated   InstanceState = "terminated"
)

// AllInstanceStates returns all states of an instance.
func AllInstanceStates() []InstanceState {
	return []InstanceState{
		InstancePending, InstanceRunning, InstanceStopping, InstanceStopped, InstanceShuttingDown, InstanceTerminated,
	}
}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
var instanceID = binding.Kind{What: "instance", Names: "InstanceIDs", Refs: "InstanceRefs", MaxLength: len("i-0123456789abcdef0")}

// Bind implements [Watch].
func (i Instances) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "Instances",
		Wire:        wire.Watch{Instances: &wire.Instances{}},
		Source:      "aws.ec2",
		DetailTypes: []string{"EC2 Instance State-change Notification"},
		Grants:      []binding.Grant{describeInstances()},
	}
	ids := required(&b, scope, instanceID, i.InstanceIDs, i.InstanceRefs, awsec2.IInstance.InstanceId)
	if len(b.Problems) == 0 {
		checkInstanceIDs(&b, i.InstanceIDs)
	}
	binding.CheckChoices(&b.Problems, "Instances.States", i.States, AllInstanceStates())
	b.Fields = []binding.Field{
		{Path: "detail.instance-id", Values: instanceID.Values(ids)},
		{Path: "detail.state", Values: binding.Choices(orDefault(i.States, []InstanceState{InstanceStopped, InstanceTerminated}))},
	}
	return b
}

func checkInstanceIDs(b *binding.Watch, ids []string) {
	for i, id := range ids {
		if !binding.IsToken(id) && !strings.HasPrefix(id, "i-") {
			b.Problemf(binding.BadName, "Instances.InstanceIDs[%d] %q is not an instance id; write one like i-0123456789abcdef0, since events do not have the instance's name", i, id)
		}
	}
}
