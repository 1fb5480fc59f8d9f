// Package deadletters reads the dead-letter queue of a notifier, and hands what is in it to the
// notifier once more.
package deadletters

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/stack"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// Notifier is a deployed notifier: what its state machine invokes, and where that puts what cannot
// be sent.
type Notifier struct {
	// Function is the name of the function.
	Function string
	// QueueURL is where the dead-letter queue is.
	QueueURL string
}

// Find finds the notifiers of a stack and of the stacks nested in it, by their state machines.
func Find(ctx context.Context, api *awsapi.Client, of string) ([]Notifier, error) {
	resources, err := stack.Resources(ctx, api, of)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	var found []Notifier
	for _, r := range resources {
		if r.Type != "AWS::StepFunctions::StateMachine" {
			continue
		}
		// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
		var answer struct {
			Definition string `json:"definition"`
		}
		call := awsapi.Call{Service: "states", Operation: "DescribeStateMachine"}
		if err := api.JSON(ctx, call, "AWSStepFunctions", map[string]string{"stateMachineArn": r.ID}, &answer); err != nil {
			return nil, fmt.Errorf("stack %s: %w", of, err)
		}
		if n, ok := readDefinition(answer.Definition); ok {
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("stack %s: it has no notifier; name the stack that has it", of)
	}
	return found, nil
}

// readDefinition reads the definition of a state machine, if it is a notifier's.
func readDefinition(text string) (Notifier, bool) {
	var definition struct {
		States struct {
			Notify struct {
				Parameters struct{ FunctionName string }
			}
			Keep struct {
				Parameters struct {
					QueueURL string `json:"QueueUrl"`
				}
			}
		}
	}
	if json.Unmarshal([]byte(text), &definition) != nil {
		return Notifier{}, false // it is somebody else's
	}
	arn, url := definition.States.Notify.Parameters.FunctionName, definition.States.Keep.Parameters.QueueURL
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	return Notifier{Function: name, QueueURL: url}, name != "" && url != ""
}
