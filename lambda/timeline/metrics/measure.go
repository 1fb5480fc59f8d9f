package metrics

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// query is one metric of CloudWatch, and what is asked of it.
type query struct {
	namespace, name, statistic string
	dimensions                 []dimension
}

type dimension struct{ name, value string }

// with is the same metric with another statistic.
func (q query) with(statistic string) query {
	q.statistic = statistic
	return q
}

// key tells queries apart.
func (q query) key() string {
	key := q.namespace + "\x00" + q.name + "\x00" + q.statistic
	for _, d := range q.dimensions {
		key += "\x00" + d.name + "\x00" + d.value
	}
	return key
}

// measure is what a series is made of.
type measure struct {
	Series
	// values are the same metric of several things; high are the 99th percentiles, and of the
	// numbers of requests. Those that are not empty are as long as values.
	values, high, of []query
	combine          func(values, of []float64) float64
	// scale is what each value is multiplied with; 0: nothing.
	scale float64
}

// queriesOf are the queries of the measures, each once.
func queriesOf(measures []measure) []query {
	var all []query
	seen := map[string]bool{}
	for _, m := range measures {
		for _, q := range slices.Concat(m.values, m.high, m.of) {
			if !seen[q.key()] {
				seen[q.key()] = true
				all = append(all, q)
			}
		}
	}
	return all
}

// series puts together what was found of n periods.
func (m *measure) series(found map[string]values, start time.Time, n int) Series {
	s := m.Series
	s.Start, s.Values = start, make([]float64, n)
	if len(m.of) > 0 {
		s.Of = make([]float64, n)
	}
	highs := false
	high := make([]float64, n)
	for i := range s.Values {
		of := at(found, m.of, i)
		s.Values[i] = m.scaled(m.combine(at(found, m.values, i), of))
		if s.Of != nil {
			s.Of[i] = sum(of, nil)
		}
		high[i] = m.scaled(highest(at(found, m.high, i)))
		highs = highs || !math.IsNaN(high[i])
	}
	if highs {
		s.High = high
	}
	return s
}

func (m *measure) scaled(v float64) float64 { return v * cmp.Or(m.scale, 1) }

// at are the values of queries in a period.
func at(found map[string]values, queries []query, i int) []float64 {
	all := make([]float64, len(queries))
	for j, q := range queries {
		all[j] = math.NaN()
		if v := found[q.key()]; v != nil {
			all[j] = v[i]
		}
	}
	return all
}

// The ways to combine the values that several things have in one period. What is not known is not
// a number.

// sum adds up what is known.
func sum(values, _ []float64) float64 {
	all := math.NaN()
	for _, v := range values {
		switch {
		case math.IsNaN(v):
		case math.IsNaN(all):
			all = v
		default:
			all += v
		}
	}
	return all
}

// mean is the mean of what is known.
func mean(values, _ []float64) float64 {
	known := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			known++
		}
	}
	return sum(values, nil) / float64(known)
}

// percentage is the share of the requests. A load balancer reports no count of what did not
// happen, so that an unknown number is 0 where there were requests.
func percentage(values, of []float64) float64 {
	requests := sum(of, nil)
	if math.IsNaN(requests) || requests <= 0 {
		return math.NaN()
	}
	bad := sum(values, nil)
	if math.IsNaN(bad) {
		bad = 0
	}
	return min(100, 100*bad/requests)
}

// perRequest is the mean of the requests.
func perRequest(values, of []float64) float64 {
	var all, requests float64
	for i, v := range values {
		if !math.IsNaN(v) && of[i] > 0 {
			all += v * of[i]
			requests += of[i]
		}
	}
	return all / requests // not a number if there were none
}

// highest is the highest value that is known.
func highest(values []float64) float64 {
	high := math.NaN()
	for _, v := range values {
		if math.IsNaN(high) || v > high {
			high = v
		}
	}
	return high
}

// named is a metric that the user names.
func named(m wire.Metric) measure {
	q := query{namespace: m.Namespace, name: m.Name, statistic: cmp.Or(m.Statistic, "Average")}
	for name, value := range m.Dimensions {
		q.dimensions = append(q.dimensions, dimension{name, value})
	}
	slices.SortFunc(q.dimensions, func(a, b dimension) int { return cmp.Compare(a.name, b.name) })
	worse := HigherIsWorse
	switch m.Worse {
	case wire.WorseLower:
		worse = LowerIsWorse
	case wire.WorseNeither:
		worse = NeitherIsWorse
	}
	return measure{Series: Series{Label: cmp.Or(m.Label, m.Name), Unit: m.Unit, Worse: worse}, values: []query{q}, combine: sum}
}

// loaded are the CPU and the memory of groups and of ECS services. Groups report memory only if
// the CloudWatch agent runs on the instances and adds up over AutoScalingGroupName:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
func loaded(groups []string, tasks []wire.ClusterService) []measure {
	const points = 5 // percentage points that mean something
	cpu := measure{Series: Series{Label: "CPU", Unit: "%", Least: points}, combine: mean}
	memory := measure{Series: Series{Label: "Memory", Unit: "%", Least: points}, combine: mean}
	for _, group := range groups {
		of := []dimension{{"AutoScalingGroupName", group}}
		cpu.add(query{namespace: "AWS/EC2", name: "CPUUtilization", dimensions: of})
		memory.add(query{namespace: "CWAgent", name: "mem_used_percent", dimensions: of})
	}
	for _, t := range tasks {
		of := []dimension{{"ClusterName", t.Cluster}, {"ServiceName", t.Name}}
		cpu.add(query{namespace: "AWS/ECS", name: "CPUUtilization", dimensions: of})
		memory.add(query{namespace: "AWS/ECS", name: "MemoryUtilization", dimensions: of})
	}
	if len(cpu.values) == 0 {
		return nil
	}
	return []measure{cpu, memory}
}

// add adds the mean and the 99th percentile of a metric.
func (m *measure) add(q query) {
	m.values = append(m.values, q.with("Average"))
	m.high = append(m.high, q.with("p99"))
}
