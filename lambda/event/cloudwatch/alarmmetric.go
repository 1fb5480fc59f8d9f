package cloudwatch

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// metricLines writes what an alarm looks at, a line for each metric and expression:
//
//	Average of CPUUtilization in AWS/EC2, InstanceId i-12345678, every 5 minutes
//	Total Network Traffic: SUM(METRICS())
func metricLines(metrics []event.Fields) []string {
	var all []string
	for _, m := range metrics {
		line := m.Text("expression")
		period := m.Text("period")
		if stat := m.Object("metricStat"); stat != nil {
			line = metricStat(stat)
			period = stat.Text("period")
		}
		if line == "" {
			continue
		}
		if label := m.Text("label"); label != "" {
			line = label + ": " + line
		}
		if seconds, err := strconv.Atoi(period); err == nil && seconds > 0 {
			line += ", every " + notice.Duration(time.Duration(seconds)*time.Second)
		}
		all = append(all, line)
	}
	return all
}

// measuredName names the first metric or expression whose values an alarm looks at.
func measuredName(metrics []event.Fields) string {
	for _, m := range metrics {
		if m.Text("returnData") != "false" {
			return cmp.Or(m.Text("label"), m.Object("metricStat").Object("metric").Text("name"), queried(m.Text("expression")))
		}
	}
	return ""
}

// insightsQuery is a query of CloudWatch Metrics Insights: SELECT AVG(CPUUtilization) FROM ….
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
var insightsQuery = event.Regexp{Text: `(?i)^\s*SELECT\s+\w+\(\s*"?([^")]+?)"?\s*\)`}

// queried names the metric that a Metrics Insights query selects, "" for other expressions.
func queried(expression string) string { return insightsQuery.Group(expression, 1) }

// queryLines writes the query of a log alarm or of a PromQL alarm.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ScheduledQueryConfiguration.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmPromQLCriteria.html
func queryLines(configuration event.Fields) []string {
	var all []string
	logs := configuration.Object("scheduledQueryConfiguration")
	if query := logs.Text("queryString"); query != "" {
		all = append(all, event.Joined(" of ", logs.Text("aggregationExpression"), query))
	}
	for _, group := range logs.Texts("logGroupIdentifiers") {
		all = append(all, "log group "+group)
	}
	if query := configuration.Object("evaluationCriteria").Object("promQLCriteria").Text("query"); query != "" {
		all = append(all, query)
	}
	return all
}

// metricStat writes a metric, with its dimensions in the order of their names.
func metricStat(f event.Fields) string {
	metric := f.Object("metric")
	text := metric.Text("name")
	if stat := f.Text("stat"); stat != "" {
		text = stat + " of " + text
	}
	if space := metric.Text("namespace"); space != "" {
		text += " in " + space
	}
	dimensions := metric.Object("dimensions")
	for _, name := range slices.Sorted(maps.Keys(dimensions)) {
		text += ", " + strings.TrimSpace(name+" "+dimensions.Text(name))
	}
	return text
}
