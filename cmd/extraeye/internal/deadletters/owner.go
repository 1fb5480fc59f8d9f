// Package deadletters reads the dead-letter queue of a notifier or of a Forwarder, and hands what is
// in it to the notifier once more.
package deadletters

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/stack"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// Owner is whose dead letters a queue has: a notifier's, whose state machine invokes it and puts
// there what cannot be sent, or a Forwarder's, whose rules put there what cannot be forwarded.
type Owner struct {
	// Function is the name of the notifier's function; "" of a Forwarder.
	Function string
	// Bus is the ARN of the bus that a Forwarder forwards to; "" of a notifier.
	Bus string
	// QueueURL is where the dead-letter queue is.
	QueueURL string
}

// Name names the owner.
func (o Owner) Name() string {
	if o.Function == "" {
		return "the Forwarder to " + o.Bus
	}
	return o.Function
}

// Find finds the notifiers and Forwarders of a stack and of the stacks nested in it.
func Find(ctx context.Context, api *awsapi.Client, of string) ([]Owner, error) {
	resources, err := stack.Resources(ctx, api, of)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	found, err := notifiers(ctx, api, resources)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	others := slices.DeleteFunc(slices.Clone(resources), func(r stack.Resource) bool {
		isKnown := slices.ContainsFunc(found, func(o Owner) bool { return queueName(o.QueueURL) == queueName(r.ID) })
		return r.Type != "AWS::SQS::Queue" || isKnown
	})
	if len(others) > 0 {
		rules, err := scope.RulesAmong(ctx, api, resources)
		if err != nil {
			return nil, fmt.Errorf("stack %s: %w", of, err)
		}
		found = append(found, forwarders(rules, others)...)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("stack %s: it has neither a notifier nor a Forwarder; name the stack that has one", of)
	}
	return found, nil
}

// notifiers finds notifiers by their state machines.
func notifiers(ctx context.Context, api *awsapi.Client, resources []stack.Resource) (found []Owner, err error) {
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
			return nil, err
		}
		if n, ok := readDefinition(answer.Definition); ok {
			found = append(found, n)
		}
	}
	return found, nil
}

// forwarders finds Forwarders by their rules, which have a bus for a target, and a dead-letter queue
// that is one of some.
func forwarders(rules []assembly.Rule, queues []stack.Resource) (found []Owner) {
	for _, q := range queues {
		for _, r := range rules {
			at := slices.IndexFunc(r.Targets, func(t assembly.Target) bool {
				_, isBus := readBus(t.ARN)
				return isBus && afterColon(t.DeadLetterARN) == queueName(q.ID)
			})
			if at >= 0 && strings.HasPrefix(r.Name, "extraeye-") {
				found = append(found, Owner{Bus: r.Targets[at].ARN, QueueURL: q.ID})
				break
			}
		}
	}
	return found
}

// queueName is the name that the URL of a queue ends with.
func queueName(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// readDefinition reads the definition of a state machine, if it is a notifier's.
func readDefinition(text string) (Owner, bool) {
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
		return Owner{}, false // it is somebody else's
	}
	name, url := afterColon(definition.States.Notify.Parameters.FunctionName), definition.States.Keep.Parameters.QueueURL
	return Owner{Function: name, QueueURL: url}, name != "" && url != ""
}
