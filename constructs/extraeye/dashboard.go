package extraeye

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/extraeye/extraeye/internal/wire"
)

// graph is a metric of a dashboard's graph.
type graph struct {
	namespace, name, statistic string
	dimensions                 []any // names and values by turns
	label                      string
}

// How wide and high widgets are; a dashboard is 24 wide.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const (
	dashboardWidth  = 24
	timelineHeight  = 18
	graphWidth      = dashboardWidth / 2
	graphHeight     = 6
	maxGraphMetrics = 100 // of a graph: more are lines that nobody can tell apart
)

// body is the dashboard.
func (t *Timeline) body() map[string]any {
	widgets := []any{map[string]any{
		"type": "custom", "x": 0, "y": 0, "width": dashboardWidth, "height": timelineHeight,
		"properties": map[string]any{
			"title":    t.of.Title,
			"endpoint": t.notifier.function.FunctionArn(),
			"params":   map[string]any{"timeline": params(t.of)},
			"updateOn": map[string]any{"refresh": true, "resize": false, "timeRange": true},
		},
	}}
	for i, g := range t.allGraphs() {
		widgets = append(widgets, map[string]any{
			"type": "metric", "x": i % 2 * graphWidth, "y": timelineHeight + i/2*graphHeight, "width": graphWidth, "height": graphHeight,
			"properties": map[string]any{
				"title": g.title, "view": "timeSeries", "region": awscdk.Stack_Of(t).Region(), "period": 300,
				"metrics": lines(g.graphs[:min(len(g.graphs), maxGraphMetrics)]),
			},
		})
	}
	return map[string]any{"widgets": widgets}
}

// titled are the metrics of one graph.
type titled struct {
	title  string
	graphs []graph
}

// allGraphs are a graph for each metric that is named, and for the load of what is watched.
func (t *Timeline) allGraphs() (all []titled) {
	for _, g := range t.graphs {
		all = append(all, titled{g.label, []graph{g}})
	}
	var cpu, memory []graph
	for _, name := range t.of.Groups {
		cpu = append(cpu, graph{"AWS/EC2", "CPUUtilization", "Average", []any{"AutoScalingGroupName", name}, name})
	}
	for _, s := range t.of.ECSServices {
		if s.Name == "*" {
			continue // what is in a cluster is known only at run time
		}
		of := []any{"ClusterName", s.Cluster, "ServiceName", s.Name}
		cpu = append(cpu, graph{"AWS/ECS", "CPUUtilization", "Average", of, s.Name})
		memory = append(memory, graph{"AWS/ECS", "MemoryUtilization", "Average", of, s.Name})
	}
	for _, g := range []titled{{"CPU, %", cpu}, {"Memory, %", memory}} {
		if len(g.graphs) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// lines are metrics as a dashboard has them.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html#CloudWatch-Dashboard-Properties-Metrics-Array-Format
func lines(graphs []graph) (all []any) {
	for _, g := range graphs {
		line := append([]any{g.namespace, g.name}, g.dimensions...)
		all = append(all, append(line, map[string]any{"stat": g.statistic, "label": g.label}))
	}
	return all
}

// params are what the notifier gets of a timeline, in types that CDK takes.
func params(of wire.Timeline) (all any) {
	_ = json.Unmarshal([]byte(inJSON(of)), &all) // just written
	return all
}
