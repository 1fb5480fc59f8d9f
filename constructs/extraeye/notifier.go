package extraeye

import (
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// NotifierProps configures a [Notifier].
type NotifierProps struct {
	// Memory is the function's memory in MiB, 128 to 10,240.
	//
	// Default: 128.
	Memory int

	// Timeout is how long one delivery may take, 10 seconds to 15 minutes.
	//
	// Default: 30 seconds.
	Timeout time.Duration

	// LogRetention is how long the function's logs are kept.
	//
	// Default: one month.
	LogRetention awslogs.RetentionDays

	// Architecture is the processor that the function runs on.
	//
	// Default: arm64.
	Architecture awslambda.Architecture

	// Code is a function package of your own making: one that holds the notifier as
	// an executable named bootstrap, compiled for Linux and the Architecture. Set it
	// where the app is synthesized without Go; "extraeye bundle" makes one.
	//
	// Default: the notifier is compiled when the app is synthesized.
	Code awslambda.Code

	// AlarmTopic is notified when a delivery ended in the dead-letter queue, each time, or
	// was lost on the way there, and when the queue is empty again. If it has a policy of its
	// own (EnforceSSL makes one), that must let cloudwatch.amazonaws.com publish. With it,
	// there is an alarm on what EventBridge loses, too, which costs $0.10 a month for each
	// rule.
	//
	// Default: the alarms have no action. They cost $0.40 a month.
	AlarmTopic awssns.ITopic
}

// Notifier is the function that turns events into notices and sends them, with its
// role, its logs, and one dead-letter queue for what could not be delivered.
//
// An Eye makes one for its stack; make your own to configure it:
//
//	notifier := extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{AlarmTopic: topic})
//	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Notifier: notifier, …})
type Notifier struct {
	constructs.Construct
	function    awslambda.Function
	role        awsiam.Role
	deadLetters awssqs.Queue
	alarms      alarms
	logGroup    awslogs.LogGroup
	grants      *grants
	invokers    invokers
	fleet       *Fleet // whose table it has; nil if none
	machine     *waitingMachine
	timeout     time.Duration        // of the function
	collected   map[int]awssqs.Queue // by for how many seconds
}

const (
	defaultMemory  = 128 // MiB; measured in docs/performance.md
	defaultTimeout = 30 * time.Second

	defaultRetention = awslogs.RetentionDays_ONE_MONTH
)

// NewNotifier defines a Notifier. props may be nil. It panics if scope is nil;
// whatever else is wrong is reported on the construct.
func NewNotifier(scope constructs.Construct, id string, props *NotifierProps) *Notifier {
	if scope == nil {
		panic(fmt.Errorf("extraeye.NewNotifier(%q): scope is nil; give it the stack", id))
	}
	n := &Notifier{invokers: invokers{scopes: map[string]bool{}, shared: map[string]awslambda.CfnPermission{}}, collected: map[int]awssqs.Queue{}}
	constructs.NewConstruct_Override(n, scope, jsii.String(id))
	checks := checksOf(awscdk.Stack_Of(n))
	checks.notifiers = append(checks.notifiers, n)
	p := NotifierProps{}
	if props != nil {
		p = *props
	}
	p.setDefaults()
	report(n, p.check(n)...)
	n.timeout = p.Timeout

	n.logGroup = awslogs.NewLogGroup(n, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		Retention:     p.LogRetention,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	acceptCheckov(n.logGroup.Node().DefaultChild().(awslogs.CfnLogGroup),
		finding{"CKV_AWS_158", "CloudWatch Logs encrypts it with a key of its own, and no secret is ever logged."})
	n.deadLetters = newDeadLetterQueue(n)
	n.alarms.topic = p.AlarmTopic
	n.role = awsiam.NewRole(n, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description: jsii.String("extraeye: looks up what happened and sends it"),
	})
	n.grants = newGrants(n)
	n.grants.own = n.grants.policyFor(n)
	n.grants.grant(n,
		binding.Grant{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resources: []string{*n.logGroup.LogGroupArn()}},
		binding.Grant{Actions: []string{"sqs:SendMessage"}, Resources: []string{*n.deadLetters.QueueArn()}},
		accountAlias(),
	)

	n.function = awslambda.NewFunction(n, jsii.String("Function"), &awslambda.FunctionProps{
		Description:   jsii.String("extraeye: reports what its rules match"),
		Runtime:       awslambda.Runtime_PROVIDED_AL2023(),
		Handler:       jsii.String("bootstrap"),
		Architecture:  p.Architecture,
		Code:          n.code(p),
		MemorySize:    jsii.Number(p.Memory),
		Timeout:       awscdk.Duration_Seconds(jsii.Number(p.Timeout.Seconds())),
		Role:          n.role,
		LogGroup:      n.logGroup,
		LoggingFormat: awslambda.LoggingFormat_JSON,
	})
	n.function.Node().AddDependency(n.grants.own.scope)
	// CDK makes every function depend on its role, which its Role property does
	// already, and cfn-lint says so.
	resource := n.function.Node().DefaultChild().(awslambda.CfnFunction)
	resource.AddMetadata(jsii.String("cfn-lint"), map[string]any{"config": map[string]any{"ignore_checks": []string{"W3005"}}})
	acceptCheckov(resource,
		finding{"CKV_AWS_115", "What Lambda throttles is tried again for 6 hours; reserved concurrency would be taken from other functions."},
		finding{"CKV_AWS_116", "What it gave up on goes to the dead-letter queue, with the reason: an AWS::Lambda::EventInvokeConfig says so."},
		finding{"CKV_AWS_117", "It needs nothing in a VPC, and the internet to reach AWS and the destinations."})
	n.sendFailures()
	n.machine = n.newWaitingMachine()
	n.newAlarms()
	return n
}

// Function is the Lambda function.
func (n *Notifier) Function() awslambda.Function { return n.function }

// DeadLetterQueue holds what could not be delivered, for 14 days:
//
//   - A notice that a sink refused for good, or did not take until the last retry, is in
//     "retry", with that sink and the event as far as there was room for it; "deadLetter" has
//     the reason and how often the sink was tried.
//   - A delivery that the function itself failed on is the record of a failed invocation:
//     the input is in "requestPayload", and the reason in "responsePayload".
//   - An event that EventBridge could not hand to the function, to the state machine or to a
//     sink of its own is the event, with the rule's ARN and the reason as attributes.
//   - A delivery that was collected for grouped sinks, and that the function gave back until the
//     last time, is that delivery.
//   - What waited in the state machine and could not be handed to the function is that input,
//     with the reason in "error".
//
// "extraeye redrive" lists it and sends it again.
func (n *Notifier) DeadLetterQueue() awssqs.Queue { return n.deadLetters }

// LogGroup holds the function's logs.
func (n *Notifier) LogGroup() awslogs.LogGroup { return n.logGroup }

// notifierOf returns the stack's own notifier, making it on first use.
func notifierOf(stack awscdk.Stack) *Notifier {
	const id = "ExtraeyeNotifier"
	if n, ok := stack.Node().TryFindChild(jsii.String(id)).(*Notifier); ok {
		return n
	}
	return NewNotifier(stack, id, nil)
}

// sendFailures sends what the function gave up on to the dead-letter queue. The
// event ages and retries are Lambda's defaults: two more runs within 6 hours.
func (n *Notifier) sendFailures() {
	awslambda.NewCfnEventInvokeConfig(n, jsii.String("Failures"), &awslambda.CfnEventInvokeConfigProps{
		FunctionName: n.function.FunctionName(),
		Qualifier:    jsii.String("$LATEST"),
		DestinationConfig: &awslambda.CfnEventInvokeConfig_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventInvokeConfig_OnFailureProperty{Destination: n.deadLetters.QueueArn()},
		},
	}).Node().AddDependency(n.grants.own.scope) // Lambda checks that it may send
}

// accountAlias lets the function look up the name of the account.
func accountAlias() binding.Grant {
	return binding.Grant{
		Actions:   []string{"iam:ListAccountAliases"},
		Resources: []string{"*"},
		Broad:     "iam:ListAccountAliases, which finds the name of the account that every notice has, does not support resource-level permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html",
	}
}

func (p *NotifierProps) setDefaults() {
	if p.Memory == 0 {
		p.Memory = defaultMemory
	}
	if p.Timeout == 0 {
		p.Timeout = defaultTimeout
	}
	if p.LogRetention == "" {
		p.LogRetention = defaultRetention
	}
	if p.Architecture == nil {
		p.Architecture = awslambda.Architecture_ARM_64()
	}
}

// check checks the limits of a function.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func (p *NotifierProps) check(scope constructs.Construct) (problems binding.Problems) {
	if p.Memory < 128 || p.Memory > 10240 {
		problems.Problemf(binding.BadNotifierProps, "NotifierProps.Memory is %d; it must be 128 to 10240 MiB", p.Memory)
		p.Memory = defaultMemory
	}
	if p.Timeout < 10*time.Second || p.Timeout > 15*time.Minute || p.Timeout%time.Second != 0 {
		problems.Problemf(binding.BadNotifierProps, "NotifierProps.Timeout is %s; it must be 10s to 15m in whole seconds", p.Timeout)
		p.Timeout = defaultTimeout
	}
	if !slices.Contains(retentions, p.LogRetention) {
		problems.Problemf(binding.BadNotifierProps, "NotifierProps.LogRetention %q is not known; use a constant such as awslogs.RetentionDays_ONE_MONTH", string(p.LogRetention))
		p.LogRetention = defaultRetention
	}
	if p.AlarmTopic != nil && binding.IsInAnotherRegion(p.AlarmTopic, scope) {
		problems.Problemf(binding.Elsewhere, "NotifierProps.AlarmTopic %s is in another Region, where an alarm cannot publish; give it a topic of the stack's Region", *p.AlarmTopic.Node().Path())
		p.AlarmTopic = nil
	}
	return problems
}

// retentions are all that CDK knows: jsii panics over another one, and hides what else is
// wrong.
var retentions = []awslogs.RetentionDays{
	awslogs.RetentionDays_ONE_DAY, awslogs.RetentionDays_THREE_DAYS, awslogs.RetentionDays_FIVE_DAYS,
	awslogs.RetentionDays_ONE_WEEK, awslogs.RetentionDays_TWO_WEEKS, awslogs.RetentionDays_ONE_MONTH,
	awslogs.RetentionDays_TWO_MONTHS, awslogs.RetentionDays_THREE_MONTHS, awslogs.RetentionDays_FOUR_MONTHS,
	awslogs.RetentionDays_FIVE_MONTHS, awslogs.RetentionDays_SIX_MONTHS, awslogs.RetentionDays_ONE_YEAR,
	awslogs.RetentionDays_THIRTEEN_MONTHS, awslogs.RetentionDays_EIGHTEEN_MONTHS, awslogs.RetentionDays_TWO_YEARS,
	awslogs.RetentionDays_THREE_YEARS, awslogs.RetentionDays_FIVE_YEARS, awslogs.RetentionDays_SIX_YEARS,
	awslogs.RetentionDays_SEVEN_YEARS, awslogs.RetentionDays_EIGHT_YEARS, awslogs.RetentionDays_NINE_YEARS,
	awslogs.RetentionDays_TEN_YEARS, awslogs.RetentionDays_INFINITE,
}
