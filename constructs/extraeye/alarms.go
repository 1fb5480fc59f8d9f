package extraeye

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// metric is a CloudWatch metric.
type metric struct {
	namespace, name string
	dimensions      []dimension
}

type dimension struct {
	name  string
	value *string
}

// alarms are what an alarm is about and whom it notifies.
type alarms struct {
	topic awssns.ITopic // nil if nobody is notified
}

// maxAlarmMetrics is how many metrics an alarm can add up.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#using-metric-math-alarms
const maxAlarmMetrics = 10

// newAlarms defines the notifier's alarms: one that stays on as long as anything is in the
// dead-letter queue, and one that goes off with everything that comes into it, or that was
// lost on the way there.
func (n *Notifier) newAlarms() {
	n.alarms.onDeadLetters(n, n.deadLetters, "extraeye: a notice could not be delivered; the dead-letter queue holds it and the reason")
	n.alarms.onAny(n, "FailureAlarm", "extraeye: one more notice could not be delivered; it is in the dead-letter queue, or it was lost on the way there", n.failures)
}

// onDeadLetters defines an alarm that is on while a dead-letter queue has anything in it.
func (a alarms) onDeadLetters(scope constructs.Construct, queue awssqs.Queue, description string) {
	filled := a.onQueue(scope, queue, "Alarm", description, "ApproximateNumberOfMessagesVisible", time.Minute, 0)
	if a.topic != nil {
		filled.SetOkActions(&[]*string{a.topic.TopicArn()}) // the queue is empty again
		letAlarmsPublish(a.topic)
	}
}

// onQueue defines an alarm that is on while the highest value of a queue's metric is above some.
func (a alarms) onQueue(scope constructs.Construct, queue awssqs.Queue, id, description, metric string, period time.Duration, above float64) awscloudwatch.CfnAlarm {
	return a.notify(awscloudwatch.NewCfnAlarm(scope, jsii.String(id), &awscloudwatch.CfnAlarmProps{
		AlarmDescription:   jsii.String(description),
		Namespace:          jsii.String("AWS/SQS"),
		MetricName:         jsii.String(metric),
		Dimensions:         []any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String("QueueName"), Value: queue.QueueName()}},
		Statistic:          jsii.String("Maximum"),
		Period:             jsii.Number(period.Seconds()),
		EvaluationPeriods:  jsii.Number(1),
		Threshold:          jsii.Number(above),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		TreatMissingData:   jsii.String("notBreaching"),
	}))
}

// notify has an alarm notify the topic, if there is one.
func (a alarms) notify(alarm awscloudwatch.CfnAlarm) awscloudwatch.CfnAlarm {
	if a.topic != nil {
		alarm.SetAlarmActions(&[]*string{a.topic.TopicArn()})
	}
	return alarm
}

// failures are the metrics of what could not be delivered: it came into the dead-letter
// queue, or did not get there. Which rules could not send to the queue is a metric of each
// rule; see [Eye.alarmOnLoss].
func (n *Notifier) failures() []metric {
	return []metric{
		{"AWS/SQS", "NumberOfMessagesSent", []dimension{{"QueueName", n.deadLetters.QueueName()}}},
		{"AWS/Lambda", "AsyncEventsDropped", []dimension{{"FunctionName", n.function.FunctionName()}}},
		{"AWS/Lambda", "DestinationDeliveryFailures", []dimension{{"FunctionName", n.function.FunctionName()}}},
		{"AWS/States", "ExecutionsFailed", []dimension{{"StateMachineArn", n.machine.AttrArn()}}},
	}
}

// alarmOnLoss adds a rule to the alarms on events that EventBridge could neither deliver nor
// send to the dead-letter queue. CloudWatch has that metric for each rule only, and charges
// for each: there are such alarms only if there is a topic to be notified.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
func (e *Eye) alarmOnLoss(rule awsevents.CfnRule) {
	a := e.Notifier().alarms
	if a.topic == nil {
		return
	}
	e.losses = append(e.losses, lossesOf(rule))
	from := len(e.losses) - 1
	if from%maxAlarmMetrics > 0 {
		return
	}
	a.onLoss(e, fmt.Sprint("LossAlarm", from/maxAlarmMetrics+1), func() []metric {
		return e.losses[from:min(from+maxAlarmMetrics, len(e.losses))]
	})
}

// lossesOf is the metric of what EventBridge loses of a rule's events. That of a rule on a bus of
// one's own has the bus, too; such a rule has been given a name.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
func lossesOf(rule awsevents.CfnRule) metric {
	m := metric{"AWS/Events", "InvocationsFailedToBeSentToDlq", []dimension{{"RuleName", rule.Ref()}}}
	if rule.EventBusName() != nil {
		m.dimensions = []dimension{{"EventBusName", rule.EventBusName()}, {"RuleName", rule.Name()}}
	}
	return m
}

// onLoss defines an alarm that goes off when EventBridge loses an event of rules.
func (a alarms) onLoss(scope constructs.Construct, id string, losses func() []metric) {
	a.onAny(scope, id, "extraeye: EventBridge lost an event, which it could neither deliver nor send to the dead-letter queue", losses)
}

// onAny defines an alarm that goes off when any metric counts anything. What is counted
// late, by up to five minutes, is not missed.
func (a alarms) onAny(scope constructs.Construct, id, description string, metrics func() []metric) {
	a.notify(awscloudwatch.NewCfnAlarm(scope, jsii.String(id), &awscloudwatch.CfnAlarmProps{
		AlarmDescription:   jsii.String(description),
		Metrics:            awscdk.Lazy_UncachedAny(&lateSum{metrics}, nil),
		EvaluationPeriods:  jsii.Number(5),
		DatapointsToAlarm:  jsii.Number(1),
		Threshold:          jsii.Number(0),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		TreatMissingData:   jsii.String("notBreaching"),
	}))
}

// lateSum is the sum of metrics that are known at synthesis, as an alarm has it.
type lateSum struct{ metrics func() []metric }

// Produce implements [awscdk.IAnyProducer].
func (l *lateSum) Produce(awscdk.IResolveContext) any {
	queries := []any{nil}
	var filled []string
	for i, m := range l.metrics() {
		id := fmt.Sprint("m", i+1)
		filled = append(filled, "FILL("+id+", 0)")
		var dimensions []any
		for _, d := range m.dimensions {
			dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(d.name), Value: d.value})
		}
		queries = append(queries, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: jsii.String(id), ReturnData: false,
			MetricStat: &awscloudwatch.CfnAlarm_MetricStatProperty{
				Metric: &awscloudwatch.CfnAlarm_MetricProperty{
					Namespace: jsii.String(m.namespace), MetricName: jsii.String(m.name), Dimensions: dimensions,
				},
				Period: jsii.Number(60), Stat: jsii.String("Sum"),
			},
		})
	}
	queries[0] = &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
		Id: jsii.String("sum"), Expression: jsii.String("SUM([" + strings.Join(filled, ", ") + "])"), ReturnData: true,
	}
	return queries
}

// letAlarmsPublish opens the key of an encrypted topic to the account's alarms. The
// topic itself is open to them unless it was given a policy of its own, which the user
// writes.
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
