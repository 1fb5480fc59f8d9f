package timeline

import "time"

// Timeline is what happened to a service within a time.
type Timeline struct {
	// Service is the team's own name for what is watched.
	Service string
	Account string
	// Alias is the name that the account has for people. It may be empty.
	Alias    string
	Region   string
	From, To time.Time
	// Rows are in the order of their start.
	Rows []Row
	// Metrics are drawn below the lanes.
	Metrics []Metric
	// Compared is how the metrics were before and after each release.
	Compared Comparisons
	// Asked and NotAsked are the sources that were read, and those that were not and why.
	// Failed are those that could not be.
	Asked, NotAsked, Failed []string
}

// Metric is a metric over the time of a timeline.
type Metric struct {
	// Label names it, such as "Response time".
	Label string
	// Unit says what is counted, and how, such as "p99, ms".
	Unit string
	// Points are in the order of time. Gaps between them are gaps in the metric.
	Points []Point
	// Period is how far points are apart that have no gap between them.
	Period time.Duration
	// Threshold is where an alarm goes off; nil if there is none.
	Threshold *float64
}

// Point is the value of a metric from a time on.
type Point struct {
	Time  time.Time
	Value float64
}
