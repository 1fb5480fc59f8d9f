package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// waitingMachine is the state machine that hands inputs to the function after as long as each
// says. The function starts it with what a sink did not take, and rules with what a watch waits for.
type waitingMachine struct {
	awsstepfunctions.CfnStateMachine
	starter awsiam.CfnRole // nil unless a rule starts it
}

// waiting returns where rules send what waits, and the role that they send it as, which is
// made on first use.
func (n *Notifier) waiting() (arn, roleARN *string) {
	m := n.machine
	if m.starter == nil {
		m.starter = binding.NewRole(n, "WaitingStarter", binding.Role{
			Description: "extraeye: starts the wait of a delivery",
			Service:     "events.amazonaws.com",
			PolicyName:  "Only",
			Statements:  []binding.Statement{{Action: "states:StartExecution", Resource: m.AttrArn()}},
		})
	}
	return m.AttrArn(), m.starter.AttrArn()
}

// newWaitingMachine defines the state machine, and lets the function start it. It has the
// function's name, by which the function knows its ARN: the ARN in the function's
// environment would make the two need each other.
func (n *Notifier) newWaitingMachine() *waitingMachine {
	stack := awscdk.Stack_Of(n)
	role := binding.NewRole(n, "WaitingRole", binding.Role{
		Description: "extraeye: hands deliveries to the notifier after a while",
		Service:     "states.amazonaws.com",
		PolicyName:  "Only",
		Statements: []binding.Statement{
			{Action: "lambda:InvokeFunction", Resource: n.function.FunctionArn()},
			{Action: "sqs:SendMessage", Resource: n.deadLetters.QueueArn()},
		},
	})
	machine := awsstepfunctions.NewCfnStateMachine(n, jsii.String("Waiting"), &awsstepfunctions.CfnStateMachineProps{
		StateMachineName: n.function.FunctionName(),
		RoleArn:          role.AttrArn(),
		DefinitionString: stack.ToJsonString(n.waitAndNotify(*stack.Partition()), nil),
	})
	machine.AddMetadata(jsii.String("cdk_nag"), map[string]any{"rules_to_suppress": []any{
		map[string]any{"id": "AwsSolutions-SF1", "reason": "What it could not deliver is in the dead-letter queue with the reason, and Step Functions keeps its executions for 90 days."},
		map[string]any{"id": "AwsSolutions-SF2", "reason": "It waits and makes one request: there is nothing to trace."},
	}})
	n.grants.later(binding.Grant{Actions: []string{"states:StartExecution"}, Resources: []string{*machine.AttrArn()}})
	return &waitingMachine{CfnStateMachine: machine}
}

// waitAndNotify is the definition of the state machine. Its input is a [wire.Delivery] or a
// [wire.Later].
//
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html and, for what
// is tried again, https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
func (n *Notifier) waitAndNotify(partition string) map[string]any {
	service := func(name string) string { return "arn:" + partition + ":states:::" + name }
	retry := func(errors ...string) []any {
		return []any{map[string]any{
			"ErrorEquals": errors, "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 8, "JitterStrategy": "FULL",
		}}
	}
	return map[string]any{
		"Comment": "Waits as long as its input says, and hands it to the notifier; or keeps what is not to be sent again.",
		"StartAt": "Choose",
		"States": map[string]any{
			"Choose": map[string]any{
				"Type":    "Choice",
				"Choices": []any{map[string]any{"Variable": wire.DeadLetterPath, "IsPresent": true, "Next": "Keep"}},
				"Default": "Wait",
			},
			"Wait": map[string]any{"Type": "Wait", "SecondsPath": wire.AfterSecondsPath, "Next": "Notify"},
			"Notify": map[string]any{
				"Type":     "Task",
				"Resource": service("lambda:invoke"),
				"Parameters": map[string]any{
					"FunctionName": n.function.FunctionArn(), "InvocationType": "Event", "Payload.$": "$",
				},
				"Retry": retry("Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
					"Lambda.ClientExecutionTimeoutException", "Lambda.TooManyRequestsException"),
				"Catch": []any{map[string]any{"ErrorEquals": []string{"States.ALL"}, "ResultPath": "$.error", "Next": "Keep"}},
				"End":   true,
			},
			"Keep": map[string]any{
				"Type":       "Task",
				"Resource":   service("sqs:sendMessage"),
				"Parameters": map[string]any{"QueueUrl": n.deadLetters.QueueUrl(), "MessageBody.$": "$"},
				"Retry":      retry("States.ALL"),
				"End":        true,
			},
		},
	}
}
