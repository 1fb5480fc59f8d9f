package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// newDeadLetterQueue defines the queue of what could not be delivered, and the
// alarm that goes off when anything is in it.
func newDeadLetterQueue(n *Notifier, alarmTopic awssns.ITopic) awssqs.Queue {
	queue := awssqs.NewQueue(n, jsii.String("DeadLetterQueue"), &awssqs.QueueProps{
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(deadLetterDays)),
	})
	queue.Node().DefaultChild().(awssqs.CfnQueue).AddMetadata(jsii.String("cdk_nag"),
		suppress("AwsSolutions-SQS3", "It is the dead-letter queue itself."))

	// One statement for all rules of the account: a queue's policy has room for 20.
	queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sqs:SendMessage"),
		Resources:  &[]*string{queue.QueueArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": binding.AnyRule(awscdk.Stack_Of(n))}},
	}))

	alarm := awscloudwatch.NewCfnAlarm(n, jsii.String("Alarm"), &awscloudwatch.CfnAlarmProps{
		AlarmDescription:   jsii.String("extraeye: a notice could not be delivered; the dead-letter queue holds it and the reason"),
		Namespace:          jsii.String("AWS/SQS"),
		MetricName:         jsii.String("ApproximateNumberOfMessagesVisible"),
		Dimensions:         []any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String("QueueName"), Value: queue.QueueName()}},
		Statistic:          jsii.String("Maximum"),
		Period:             jsii.Number(60),
		EvaluationPeriods:  jsii.Number(1),
		Threshold:          jsii.Number(0),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		TreatMissingData:   jsii.String("notBreaching"),
	})
	if alarmTopic != nil {
		alarm.SetAlarmActions(&[]*string{alarmTopic.TopicArn()})
		alarm.SetOkActions(&[]*string{alarmTopic.TopicArn()})
		letAlarmsPublish(alarmTopic)
	}
	return queue
}

// letAlarmsPublish opens the key of an encrypted topic to the account's alarms. The
// topic itself is open to them unless it was given a policy of its own, which would
// be no business of this library.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
func letAlarmsPublish(topic awssns.ITopic) {
	key := topic.MasterKey()
	if key == nil {
		return
	}
	key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)},
		Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
		Resources:  jsii.Strings("*"), // in a key's policy: this key
		Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": awscdk.Stack_Of(topic).Account()}},
	}), jsii.Bool(true))
}
