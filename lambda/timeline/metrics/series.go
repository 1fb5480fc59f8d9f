package metrics

import (
	"math"
	"time"

	"github.com/extraeye/extraeye/lambda/timeline"
)

// Period is how long each value of a series is for. CloudWatch keeps values of five minutes for
// 63 days, those of one minute only for 15, and EC2's basic monitoring has no shorter ones.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
const Period = 5 * time.Minute

// Direction says which change of a metric is for the worse.
type Direction int

// The directions.
const (
	HigherIsWorse Direction = iota
	LowerIsWorse
	NeitherIsWorse // such as of the number of requests
)

// Series is a metric over some time.
type Series struct {
	Label, Unit string
	Worse       Direction
	// Least is the smallest change that means anything, such as one host. It may be zero.
	Least float64
	// Start is when the first value begins. Each is for a [Period], and what CloudWatch has no
	// value for is not a number.
	Start  time.Time
	Values []float64
	// High are the 99th percentiles; nil if there are none but those of Values.
	High []float64
	// Of are how many requests the values are of; nil if the metric is not of requests.
	Of []float64
	// Share is set if the values are percentages of the requests.
	Share bool
}

// Empty reports whether the series has no value.
func (s *Series) Empty() bool {
	for _, v := range s.Values {
		if !math.IsNaN(v) {
			return false
		}
	}
	return true
}

// Strip is the part of the series between two times, as a timeline draws it.
func (s *Series) Strip(from, to time.Time) timeline.Metric {
	m := timeline.Metric{Label: s.Label, Unit: s.Unit, Period: Period}
	for i, v := range s.Values {
		at := s.Start.Add(time.Duration(i) * Period)
		if !math.IsNaN(v) && !at.Before(from.Truncate(Period)) && at.Before(to) {
			m.Points = append(m.Points, timeline.Point{Time: at, Value: v})
		}
	}
	return m
}
