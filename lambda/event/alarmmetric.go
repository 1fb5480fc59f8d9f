package event

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// alarmMetrics writes what an alarm is of, a line for each metric and expression:
//
//	Average of CPUUtilization in AWS/EC2, InstanceId i-12345678, every 5 minutes
//	Total Network Traffic: SUM(METRICS())
func alarmMetrics(metrics []fields) []string {
	var all []string
	for _, m := range metrics {
		line := m.text("expression")
		period := m.text("period")
		if stat := m.object("metricStat"); stat != nil {
			line = metricStat(stat)
			period = stat.text("period")
		}
		if line == "" {
			continue
		}
		if label := m.text("label"); label != "" {
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
func measuredName(metrics []fields) string {
	for _, m := range metrics {
		if m.text("returnData") != "false" {
			return or(m.text("label"), m.object("metricStat").object("metric").text("name"))
		}
	}
	return ""
}

// metricStat writes a metric, with its dimensions in the order of their names.
func metricStat(f fields) string {
	metric := f.object("metric")
	words := metric.text("name")
	if stat := f.text("stat"); stat != "" {
		words = stat + " of " + words
	}
	if space := metric.text("namespace"); space != "" {
		words += " in " + space
	}
	dimensions := metric.object("dimensions")
	for _, name := range slices.Sorted(maps.Keys(dimensions)) {
		words += ", " + strings.TrimSpace(name+" "+dimensions.text(name))
	}
	return words
}
