package assembly

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Invokes returns the Lambda function that is invoked with what is in the queue that is the target,
// or the ARN of the one that the state machine behind the target invokes, the first by the states'
// names. It returns "" for every other target, and for one that leads to no function or is not in
// this assembly.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
func (t Target) Invokes() string {
	if t.consumer != "" {
		return t.consumer
	}
	if t.Resource == nil || t.Resource.Type != "AWS::StepFunctions::StateMachine" {
		return ""
	}
	var properties struct {
		DefinitionString string
		Definition       json.RawMessage
	}
	_ = json.Unmarshal(t.Resource.Properties, &properties) // what is of another type stays empty
	if properties.DefinitionString != "" {
		properties.Definition = json.RawMessage(properties.DefinitionString)
	}
	var machine struct {
		States map[string]struct {
			Resource   string
			Parameters struct{ FunctionName string }
			Arguments  struct{ FunctionName string } // in JSONata
		}
	}
	_ = json.Unmarshal(properties.Definition, &machine) // same
	for _, name := range slices.Sorted(maps.Keys(machine.States)) {
		state := machine.States[name]
		switch {
		case strings.HasSuffix(state.Resource, ":states:::lambda:invoke"):
			return cmp.Or(state.Parameters.FunctionName, state.Arguments.FunctionName)
		case kindOf(state.Resource) == "AWS::Lambda::Function":
			return state.Resource
		}
	}
	return ""
}
