package watch

import (
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Instances sees EC2 instances that change their state. The instances of an Auto
// Scaling group come and go; watch its [Terminations] and [Launches] instead.
//
// AWS promises no more for these events than its best effort:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ec2.html
type Instances struct {
	// InstanceIDs are the ids of the instances, such as "i-0123456789abcdef0".
	//
	// Required.
	InstanceIDs []string

	// States are the states that are told.
	//
	// Default: InstanceStopped and InstanceTerminated, which tell each ending once.
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

// AllInstanceStates are all states of an instance.
var AllInstanceStates = []InstanceState{
	InstancePending, InstanceRunning, InstanceStopping, InstanceStopped, InstanceShuttingDown, InstanceTerminated,
}

var defaultInstanceStates = []InstanceState{InstanceStopped, InstanceTerminated}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
var instanceID = binding.Kind{What: "instance", MaxLength: len("i-0123456789abcdef0")}

// Bind implements [Watch].
func (i Instances) Bind(constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "Instances",
		Wire:        wire.Watch{Instances: &wire.Instances{}},
		Source:      "aws.ec2",
		DetailTypes: []string{"EC2 Instance State-change Notification"},
		Fields: []binding.Field{
			{Path: "detail.instance-id", Values: instanceID.Values(i.InstanceIDs)},
			{Path: "detail.state", Values: binding.Choices(orDefault(i.States, defaultInstanceStates))},
		},
		Grants: []binding.Grant{describeInstances()},
	}
	b.CheckNames("Instances.InstanceIDs", instanceID, i.InstanceIDs)
	if len(b.Problems) == 0 {
		for at, id := range i.InstanceIDs {
			if !binding.IsToken(id) && !strings.HasPrefix(id, "i-") {
				b.Problemf(binding.BadName, "Instances.InstanceIDs[%d] %q is not an instance id; write one like i-0123456789abcdef0, since events do not have the instance's name", at, id)
			}
		}
	}
	binding.CheckChoices(&b.Problems, "Instances.States", i.States, AllInstanceStates)
	return b
}
