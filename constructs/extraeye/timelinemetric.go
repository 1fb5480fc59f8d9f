package extraeye

import (
	"cmp"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// TimelineMetric is a metric of a [Timeline].
type TimelineMetric struct {
	// Metric is the metric with all its dimensions and its statistic, in the account and
	// Region of the timeline. It is read in periods of five minutes.
	//
	// Required.
	Metric awscloudwatch.IMetric

	// Label is what the metric is called.
	//
	// Default: its name.
	Label string

	// Unit is what it counts, such as "ms".
	//
	// Default: none.
	Unit string

	// Worse says which change is one for the worse.
	//
	// Default: WorseHigher.
	Worse Worse
}

// Worse says which change of a metric is one for the worse.
type Worse string

// The directions.
const (
	WorseHigher  Worse = Worse(wire.WorseHigher)
	WorseLower   Worse = Worse(wire.WorseLower)
	WorseNeither Worse = Worse(wire.WorseNeither) // it is shown, and decides nothing
)

// AllWorse returns all directions.
func AllWorse() []Worse { return []Worse{WorseHigher, WorseLower, WorseNeither} }

// maxMetricText is the longest label or unit, in characters.
const maxMetricText = 64

// addMetrics adds the metrics that are named.
func (t *Timeline) addMetrics(metrics []TimelineMetric) {
	for i, m := range metrics[:min(len(metrics), wire.MaxTimelineMetrics)] {
		where := fmt.Sprintf("TimelineProps.Metrics[%d]", i)
		if problems := m.check(where); len(problems) > 0 {
			report(t, problems...)
			continue
		}
		stat := m.Metric.ToMetricConfig().MetricStat
		if stat == nil {
			report(t, problemf(binding.BadSetting, "%s is an expression, which has no values of its own; give it a metric", where)...)
			continue
		}
		w := wire.Metric{
			Namespace: *stat.Namespace, Name: *stat.MetricName, Statistic: *stat.Statistic,
			Label: cmp.Or(m.Label, *stat.MetricName), Unit: m.Unit, Worse: wire.Worse(m.Worse),
		}
		g := graph{namespace: w.Namespace, name: w.Name, statistic: w.Statistic, label: w.Label}
		if stat.Dimensions != nil {
			w.Dimensions = map[string]string{}
			for _, d := range *stat.Dimensions {
				w.Dimensions[*d.Name] = fmt.Sprint(d.Value)
				g.dimensions = append(g.dimensions, *d.Name, fmt.Sprint(d.Value))
			}
		}
		t.of.Metrics, t.graphs = append(t.of.Metrics, w), append(t.graphs, g)
	}
}

func (m TimelineMetric) check(where string) (problems binding.Problems) {
	if m.Metric == nil {
		problems.Problemf(binding.BadSetting, "%s.Metric is nil; give it a metric, such as awscloudwatch.NewMetric(…)", where)
	}
	problems = append(problems, checkText(where+".Label", m.Label, maxMetricText)...)
	problems = append(problems, checkText(where+".Unit", m.Unit, maxMetricText)...)
	binding.CheckChoice(&problems, where+".Worse", cmp.Or(m.Worse, WorseHigher), AllWorse())
	return problems
}
