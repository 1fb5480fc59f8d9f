// The plain app writes by hand, with nothing but CDK, the template that an Eye for one service
// makes: what synthesizing extraeye is compared with. Its argument is a directory with a bootstrap.
package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdadestinations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("plain"), nil)

	letters := awssqs.NewQueue(stack, jsii.String("DeadLetters"), &awssqs.QueueProps{
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
	})
	log := awslogs.NewLogGroup(stack, jsii.String("Log"), &awslogs.LogGroupProps{
		Retention:     awslogs.RetentionDays_ONE_MONTH,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	role := awsiam.NewRole(stack, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	})
	allow(role, "*", "iam:ListAccountAliases", "ec2:DescribeInstances", "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities",
		"ec2:DescribeApplicationStatus", "autoscaling:DescribeLifecycleHooks", "codedeploy:ListDeploymentTargets", "codedeploy:BatchGetDeploymentTargets")
	allow(role, arn(stack, "ec2", "instance", "*"), "ec2:GetConsoleOutput")
	allow(role, arn(stack, "ses", "identity", "example.com"), "ses:SendEmail")
	function := awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      jsii.String("bootstrap"),
		Code:         awslambda.Code_FromAsset(jsii.String(os.Args[1]), nil),
		MemorySize:   jsii.Number(128),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(30)),
		Role:         role,
		LogGroup:     log,
	})
	function.ConfigureAsyncInvoke(&awslambda.EventInvokeConfigOptions{
		OnFailure: awslambdadestinations.NewSqsDestination(letters),
	})

	waiting := awsiam.NewRole(stack, jsii.String("WaitingRole"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{"Invoke": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{
			Statements: &[]awsiam.PolicyStatement{statement(*function.FunctionArn(), "lambda:InvokeFunction")},
		})},
	})
	machine := awsstepfunctions.NewCfnStateMachine(stack, jsii.String("Waiting"), &awsstepfunctions.CfnStateMachineProps{
		RoleArn: waiting.RoleArn(),
		DefinitionString: jsii.String(`{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","SecondsPath":"$.afterSeconds","Next":"Deliver"},` +
			`"Deliver":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"` + *function.FunctionArn() + `","Payload.$":"$"},"End":true}}}`),
	})
	awsiam.NewPolicy(stack, jsii.String("Later"), &awsiam.PolicyProps{
		Roles:      &[]awsiam.IRole{role},
		Statements: &[]awsiam.PolicyStatement{statement(*machine.AttrArn(), "states:StartExecution")},
	})

	for _, r := range []struct {
		id, source, member string
		types, names       []string
	}{
		{"Terminations", "aws.autoscaling", "AutoScalingGroupName",
			[]string{"EC2 Instance Terminate Successful", "EC2 Instance Terminate Unsuccessful"}, []string{"some-service-000-production", "some-service-000-canary"}},
		{"Deployments", "aws.codedeploy", "application",
			[]string{"CodeDeploy Deployment State-change Notification"}, []string{"some-service-000"}},
	} {
		rule := awsevents.NewCfnRule(stack, jsii.String(r.id), &awsevents.CfnRuleProps{
			EventPattern: map[string]any{"source": []string{r.source}, "detail-type": r.types, "detail": map[string]any{r.member: r.names}},
			Targets: []awsevents.CfnRule_TargetProperty{{
				Id: jsii.String("Notifier"), Arn: function.FunctionArn(),
				DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: letters.QueueArn()},
				InputTransformer: &awsevents.CfnRule_InputTransformerProperty{
					InputTemplate: jsii.String(`{"service":"some-service","to":["team@example.com"],"event":<aws.events.event.json>}`),
				},
			}},
		})
		function.AddPermission(jsii.String(r.id), &awslambda.Permission{
			Principal: awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil),
			SourceArn: rule.AttrArn(),
		})
	}
	letters.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sqs:SendMessage"),
		Resources:  &[]*string{letters.QueueArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": arn(stack, "events", "rule", "*")}},
	}))

	for id, metric := range map[string]awscloudwatch.IMetric{
		"LettersAlarm":  letters.MetricApproximateNumberOfMessagesVisible(nil),
		"FailuresAlarm": function.MetricErrors(nil),
	} {
		awscloudwatch.NewAlarm(stack, jsii.String(id), &awscloudwatch.AlarmProps{
			Metric: metric, Threshold: jsii.Number(1), EvaluationPeriods: jsii.Number(1),
			TreatMissingData: awscloudwatch.TreatMissingData_NOT_BREACHING,
		})
	}
	app.Synth(nil)
}

// arn is that of a thing in the account and Region of a stack.
func arn(stack awscdk.Stack, service, resource, name string) string {
	return *stack.FormatArn(&awscdk.ArnComponents{Service: jsii.String(service), Resource: jsii.String(resource), ResourceName: jsii.String(name)})
}

func statement(resource string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: jsii.Strings(actions...), Resources: jsii.Strings(resource)})
}

func allow(role awsiam.Role, resource string, actions ...string) {
	role.AddToPolicy(statement(resource, actions...))
}
