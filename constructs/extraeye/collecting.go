package extraeye

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

const (
	// batchSize is how many deliveries the function gets at most at once. Lambda gives it fewer
	// if they have 6 MB together. A delivery of one sink has about 4 KB, so that more would
	// hardly ever fit, and a flood of 400 events is one batch.
	//
	// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
	batchSize = 1000

	// maxReceives is how often the function gets a delivery that it gives back before it goes to
	// the dead-letter queue. AWS advises at least 5; what does not fit into the time of one run
	// counts, too.
	//
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	maxReceives = 10
)

// collecting returns the queue in which deliveries are collected for so many seconds, which is
// made on first use. Lambda invokes the function with what is in it.
func (n *Notifier) collecting(wait int) awssqs.Queue {
	if queue := n.collected[wait]; queue != nil {
		return queue
	}
	hidden := n.hidden(wait)
	queue := newQueue(n, fmt.Sprintf("Grouped%ds", wait), awssqs.QueueProps{
		VisibilityTimeout: awscdk.Duration_Seconds(jsii.Number(hidden.Seconds())),
		RetentionPeriod:   awscdk.Duration_Days(jsii.Number(deadLetterDays)),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: n.deadLetters, MaxReceiveCount: jsii.Number(maxReceives)},
	})
	n.collected[wait] = queue
	n.grants.grant(n, binding.Grant{
		// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
		Actions:   []string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
		Resources: []string{*queue.QueueArn()},
	})
	awslambda.NewCfnEventSourceMapping(n, jsii.String(fmt.Sprintf("Grouped%dsBatches", wait)), &awslambda.CfnEventSourceMappingProps{
		FunctionName:                   n.function.FunctionName(),
		EventSourceArn:                 queue.QueueArn(),
		BatchSize:                      jsii.Number(batchSize),
		MaximumBatchingWindowInSeconds: jsii.Number(wait),
		FunctionResponseTypes:          jsii.Strings("ReportBatchItemFailures"),
	}).Node().AddDependency(n.grants.own.scope) // Lambda checks that it may receive
	// It is on while a delivery is longer in the queue than it takes to go to the dead-letter
	// queue: nothing receives it.
	n.alarms.onQueue(n, queue, fmt.Sprintf("Grouped%dsAlarm", wait), "extraeye: events are collected, and the function does not get them",
		"ApproximateAgeOfOldestMessage", 5*time.Minute, (maxReceives*hidden + time.Hour).Seconds())
	return queue
}

// hidden is how long a delivery is hidden while the function has it: as long as AWS advises.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
func (n *Notifier) hidden(wait int) time.Duration {
	return 6*n.timeout + time.Duration(wait)*time.Second
}
