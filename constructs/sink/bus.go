package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Bus puts the raw event on an event bus. The rule does it by itself, without the
// notifier, so what a watch decides itself (causes, creators) does not apply: the
// bus gets every event that the rule matches.
type Bus struct {
	// Bus is the bus. It must not be the one that AWS's events arrive on. The bus of
	// another account must let this account put events on it.
	//
	// Required.
	Bus awsevents.IEventBus
}

var _ Sink = Bus{}

// Bind implements [Sink].
func (t Bus) Bind(scope constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Bus"}
	if t.Bus == nil {
		b.Problemf(binding.NoResource, "sink.Bus.Bus is nil; give it an event bus")
		return b
	}
	arn := t.Bus.EventBusArn()
	if *t.Bus.EventBusName() == "default" && !binding.IsElsewhere(t.Bus, scope) {
		b.Problemf(binding.BadSetting, "sink.Bus.Bus %s is the bus that AWS's events arrive on, and an event would be put on it again and again; give it another bus", *t.Bus.Node().Path())
		return b
	}
	b.Native = &binding.Native{ID: shortAddress(t.Bus), ARN: arn, RoleARN: t.role(scope).AttrArn()}
	return b
}

// role is what the rules of an Eye put events on the bus as: a bus needs one, even
// in the same account.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
func (t Bus) role(scope constructs.Construct) awsiam.CfnRole {
	id := "BusRole" + shortAddress(t.Bus)
	if role, ok := scope.Node().TryFindChild(jsii.String(id)).(awsiam.CfnRole); ok {
		return role
	}
	return binding.NewRole(scope, id, binding.Role{
		Description: "extraeye: puts events on a bus",
		Service:     "events.amazonaws.com",
		PolicyName:  "PutEvents",
		Statements:  []binding.Statement{{Action: "events:PutEvents", Resource: t.Bus.EventBusArn()}},
	})
}

// shortAddress distinguishes a construct from the others of an app, by its path. It is
// part of logical ids.
func shortAddress(c constructs.IConstruct) string {
	address := *c.Node().Addr()
	return address[len(address)-8:]
}
