package cloudwatch

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

// guide is where most of the wordings come from.
const guide = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"

// TestReasonWordings has CloudWatch's wordings of why an alarm is in a state, without the data
// that only some alarms have, and what the title and the summary say about them after the name.
func TestReasonWordings(t *testing.T) {
	const metric = `{"metrics":[{"returnData":true,"metricStat":{"metric":{"name":"Errors"}}}]}`
	const insights = `{"metrics":[{"expression":"SELECT AVG(ConsumedWriteCapacityUnits) FROM \"AWS/DynamoDB\" GROUP BY TableName","returnData":true}]}`
	for _, tt := range []struct{ source, state, reason, configuration, title, summary string }{
		{guide + "cloudwatch-and-eventbridge.html", "ALARM",
			"Threshold Crossed: 1 out of the last 1 datapoints [99.50160229693434 (02/10/19 16:59:00)] was greater than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).", metric,
			"is in alarm: Errors is 99.5, the threshold 50", "is in alarm: Errors is 99.5, the threshold 50."},
		{guide + "cloudwatch-and-eventbridge.html", "ALARM",
			"Threshold Crossed: 2 datapoints [3.0 (26/02/26 10:05:00), 2.0 (26/02/26 10:04:00)] were greater than or equal to the threshold (1.0).", metric,
			"is in alarm: Errors is 3, the threshold 1", "is in alarm: Errors is 3, the threshold 1."},
		{guide + "cloudwatch-and-eventbridge.html", "OK",
			"Threshold Crossed: 1 out of the last 1 datapoints [0.0666851903306472 (01/10/19 13:46:00)] was not greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).", metric,
			"is OK", "is OK: Errors is 0.06669, the threshold 50."},
		{guide + "cloudwatch-and-eventbridge.html", "ALARM",
			"Thresholds Crossed: 1 out of the last 1 datapoints [0.0 (03/10/19 15:58:00)] was less than the lower thresholds [0.020599444741798756] or greater than the upper thresholds [0.3006915352732461] (minimum 1 datapoint for OK -> ALARM transition).", metric,
			"is in alarm: Errors is 0, expected is 0.0206 to 0.3007", "is in alarm: Errors is 0, expected is 0.0206 to 0.3007."},
		{guide + "cloudwatch-and-eventbridge.html, a contributor", "ALARM",
			"Threshold Crossed: 1 datapoint was less than the threshold (1.0). The most recent datapoint which crossed the threshold: [0.0 (01/12/25 13:34:00)].", insights,
			"is in alarm: ConsumedWriteCapacityUnits is 0, the threshold 1", "is in alarm: ConsumedWriteCapacityUnits is 0, the threshold 1."},

		// Missing data.
		{"https://repost.aws/knowledge-center/cloudwatch-alarm-insufficient-data-state", "ALARM",
			"Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].", metric,
			"is in alarm: no data for 3 periods, which counts as breaching", "is in alarm: no data for 3 periods, which counts as breaching."},
		{"recorded in many states of alarms", "ALARM",
			"Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].", metric,
			"is in alarm: no data for 1 period, which counts as breaching", "is in alarm: no data for 1 period, which counts as breaching."},
		{"recorded in September 2026", "ALARM",
			"Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].", metric,
			"is in alarm: 2 missing datapoints count as breaching", "is in alarm: 2 missing datapoints count as breaching."},
		{"recorded in 2026", "ALARM",
			"Threshold Crossed: 2 out of the last 5 datapoints [7.0 (01/09/26 10:00:00), 6.0 (01/09/26 04:00:00)] were greater than the threshold (1.0) and 1 missing datapoint was treated as [Breaching].", metric,
			"is in alarm: Errors is 7, the threshold 1; 1 missing datapoint counts as breaching", "is in alarm: Errors is 7, the threshold 1; 1 missing datapoint counts as breaching."},
		{"the same, of an alarm for which missing data is not breaching", "ALARM",
			"Threshold Crossed: 2 out of the last 5 datapoints [7.0 (01/09/26 10:00:00), 6.0 (01/09/26 04:00:00)] were greater than the threshold (1.0) and 1 missing datapoint was treated as [NonBreaching].", metric,
			"is in alarm: Errors is 7, the threshold 1", "is in alarm: Errors is 7, the threshold 1."},
		{"recorded in many states of alarms", "OK",
			"Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].", metric,
			"is OK", "is OK: no data for 1 period, which counts as not breaching."},
		{"recorded in a pilot of 2026", "OK",
			"No time series were returned by the query. Treat missing data is configured as [NonBreaching].", insights,
			"is OK", "is OK: the query returns no time series, which counts as not breaching."},
		{guide + "cloudwatch-and-eventbridge.html", "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation", metric,
			"has insufficient data", "has insufficient data: Unchecked: Initial alarm creation."},
		{"recorded in October 2021", "INSUFFICIENT_DATA", "Insufficient Data: 5 datapoints were unknown.", metric,
			"has insufficient data", "has insufficient data: Insufficient Data: 5 datapoints were unknown."},

		// Several time series.
		{guide + "cloudwatch-and-eventbridge.html", "ALARM", "6 out of 6 time series evaluated to ALARM", insights,
			"is in alarm: 6 of 6 time series of ConsumedWriteCapacityUnits", "is in alarm: 6 of 6 time series of ConsumedWriteCapacityUnits."},
		{guide + "alarm-limits.html", "ALARM", "100+ time series evaluated to ALARM", insights,
			"is in alarm: 100+ time series of ConsumedWriteCapacityUnits", "is in alarm: 100+ time series of ConsumedWriteCapacityUnits."},
		{guide + "alarm-limits.html, a PromQL alarm", "ALARM", "95 time series evaluated to ALARM", `{"evaluationCriteria":{"promQLCriteria":{"query":"up == 0"}}}`,
			"is in alarm: 95 time series", "is in alarm: 95 time series."},
		{"recorded in a pilot of 2026", "OK", "2 time series evaluated to OK", insights, "is OK", "is OK: 2 time series of ConsumedWriteCapacityUnits."},

		// Composite alarms.
		{guide + "cloudwatch-and-eventbridge.html", "ALARM",
			"arn:aws:cloudwatch:us-east-1:123456789012:alarm:SuppressionDemo.EventBridge.FirstChild transitioned to ALARM at Friday 22 July, 2022 15:57:45 UTC", `{"alarmRule":"ALARM(a)"}`,
			"is in alarm: triggered by SuppressionDemo.EventBridge.FirstChild", "is in alarm: triggered by SuppressionDemo.EventBridge.FirstChild (ALARM)."},
		{guide + "cloudwatch-and-eventbridge.html", "OK",
			"arn:aws:cloudwatch:us-east-1:123456789012:alarm:SuppressionDemo.EventBridge.Main was created and its alarm rule evaluates to OK", `{"alarmRule":"ALARM(a)"}`,
			"is OK", "is OK: arn:aws:cloudwatch:us-east-1:123456789012:alarm:SuppressionDemo.EventBridge.Main was created and its alarm rule evaluates to OK."},

		// Others.
		{"made up, with the configuration of API_PutLogAlarm.html", "ALARM", "Threshold Crossed: 1 out of the last 1 query results [12.0 (01/07/26 10:00:00)] was greater than the threshold (5.0).",
			`{"scheduledQueryConfiguration":{"queryString":"filter level = 'ERROR'","aggregationExpression":"count(*)"}}`,
			"is in alarm: count(*) is 12, the threshold 5", "is in alarm: count(*) is 12, the threshold 5."},
		{"set-alarm-state", "ALARM", "testing only", metric, "is in alarm: testing only", "is in alarm: testing only."},
		{"an unknown reason", "ALARM", strings.Repeat("new text ", 10), metric,
			"is in alarm", "is in alarm: " + strings.TrimSpace(strings.Repeat("new text ", 10)) + "."},
	} {
		reason, _ := json.Marshal(tt.reason)
		n := alarmOf(`{"alarmName":"x","state":{"value":"` + tt.state + `","reason":` + string(reason) + `},"configuration":` + tt.configuration + `}`).Notice(time.Now())
		eventtest.Check(t, n)
		title, summary := strings.TrimPrefix(n.Title, "Alarm x "), strings.TrimPrefix(n.Summary, "Alarm x ")
		if title != tt.title || summary != tt.summary {
			t.Errorf("%s: %s:\ngot  %q, %q\nwant %q, %q", tt.source, tt.reason, title, summary, tt.title, tt.summary)
		}
	}
}

// TestAlarmCases has the alarms that people published.
func TestAlarmCases(t *testing.T) {
	eventtest.Cases(t, Decoders, wire.Watch{Alarms: &wire.Alarms{RecoveriesOnly: true}}, []eventtest.Case{
		{Event: "cloudwatch-alarm-contributor-doc", Source: guide + "cloudwatch-and-eventbridge.html",
			Title: "Alarm orders-DynamoDBInsightsAlarm is in alarm for TableName example-dynamodb-table-name: ConsumedWriteCapacityUnits is 0, the threshold 1"},
		{Event: "cloudwatch-alarm-time-series-doc", Source: guide + "cloudwatch-and-eventbridge.html",
			Title: "Alarm orders-DynamoDBInsightsAlarm is in alarm: 6 of 6 time series of ConsumedWriteCapacityUnits"},
		{Event: "cloudwatch-alarm-without-data", Source: "a sample of October 2025 without data, resources and configuration",
			Title: "Alarm orders-ErrorSpike is in alarm: the newest value is 75, the threshold 50"},
		{Event: "cloudwatch-alarm-slash-in-name", Source: "https://github.com/terraform-aws-modules/terraform-aws-notify-slack/issues/203",
			Title: "Alarm ecs/service/upscale is in alarm: CPUUtilization is 83.25, the threshold 70"},
		{Event: "cloudwatch-alarm-china", Source: "https://github.com/terraform-aws-modules/terraform-aws-notify-slack/issues/270",
			Title: "Alarm orders-errors is in alarm: Errors is 3, the threshold 1"},
	})
}

// TestContributors shows that each contributor is a thing of its own, and how it is named.
func TestContributors(t *testing.T) {
	title := func(contributor string) (title, key string) {
		n := eventtest.Decode(Decoders, `{"source":"aws.cloudwatch","detail-type":"CloudWatch Alarm Contributor State Change","account":"1","region":"r",
			"detail":{"alarmName":"x","state":{"value":"OK"},"alarmContributor":`+contributor+`}}`, wire.Watch{}).Notice(time.Now())
		return n.Title, n.Key
	}
	for contributor, want := range map[string][2]string{
		`{"id":"6d","attributes":{"b":"2","a":"1","c":null}}`: {"Alarm x is OK for a 1, b 2", "cloudwatch:1:r:x:6d"},
		`{"id":"6d","attributes":{}}`:                         {"Alarm x is OK for 6d", "cloudwatch:1:r:x:6d"},
		`{"id":7,"attributes":["a"]}`:                         {"Alarm x is OK for 7", "cloudwatch:1:r:x:7"},
		`{}`:                                                  {"Alarm x is OK", "cloudwatch:1:r:x"},
		`null`:                                                {"Alarm x is OK", "cloudwatch:1:r:x"},
	} {
		if got, key := title(contributor); got != want[0] || key != want[1] {
			t.Errorf("%s: %q, %q, want %q", contributor, got, key, want)
		}
	}
}

// TestMuted shows that a muted alarm says by what it is muted, and an evaluated one with what.
func TestMuted(t *testing.T) {
	for _, tt := range []struct{ more, title, summary string }{
		{`"muteDetail":{"mutedByArn":"arn:aws:cloudwatch:us-east-1:1:alarm-mute-rule:nightly","muteWindowEnd":"2026-01-01T12:00:00.000+0000"}`, "Alarm x is in alarm: r (muted)",
			"Alarm x is in alarm: r. It is muted by nightly until 2026-01-01 12:00 UTC."},
		{`"muteDetail":{"mutedByArn":"nightly"}`, "Alarm x is in alarm: r (muted)", "Alarm x is in alarm: r. It is muted by nightly."},
		{`"muteDetail":{}`, "Alarm x is in alarm: r", "Alarm x is in alarm: r."},
	} {
		n := alarmOf(`{"alarmName":"x","state":{"value":"ALARM","reason":"r"},` + tt.more + `}`).Notice(time.Now())
		if n.Title != tt.title || n.Summary != tt.summary {
			t.Errorf("%s:\ngot  %q, %q\nwant %q, %q", tt.more, n.Title, n.Summary, tt.title, tt.summary)
		}
	}
	n := alarmOf(`{"alarmName":"x","state":{"value":"INSUFFICIENT_DATA","reason":"r","evaluationState":"EVALUATION_ERROR"},"alarmTags":{"team":"checkout","env":"prod"}}`).Notice(time.Now())
	if want := "Alarm x has insufficient data: r. Its configuration is wrong."; n.Summary != want || eventtest.Fact(n, "Tags") != "env: prod\nteam: checkout" {
		t.Errorf("%q, tags %q; want %q", n.Summary, eventtest.Fact(n, "Tags"), want)
	}
}
