// Package metrics reads the metrics of a service from CloudWatch: what its load balancers, its
// instances and its tasks report, and what the user names.
package metrics

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// Service is what is measured.
type Service struct {
	// Groups are the names of Auto Scaling groups.
	Groups []string
	// Tasks are services of ECS.
	Tasks []wire.ClusterService
	// Named are metrics that the user names. They come first.
	Named []wire.Metric
}

const (
	// maxThings is how many groups, services and target groups are measured. More have more metrics
	// than one call may ask for.
	maxThings = 20
	// kept is how long CloudWatch keeps values of a [Period].
	//
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
	kept = 63 * 24 * time.Hour
	// settled is how long after their time values may still change.
	settled = 3 * time.Minute
)

// Read returns the metrics of a service between two times, the most telling first, without those
// that have no value. Each problem says what could not be read, and why.
func Read(ctx context.Context, api *awsapi.Client, of Service, from, to time.Time) (all []Series, problems []string) {
	r := &reader{api: api}
	measures := r.measures(ctx, of)
	now := time.Now()
	if oldest := now.Add(-kept); from.Before(oldest) {
		from = oldest
	}
	if latest := now.Add(-settled); to.After(latest) {
		to = latest
	}
	from, to = from.Truncate(Period), to.Truncate(Period)
	if len(measures) == 0 || !from.Before(to) {
		return nil, r.problems
	}
	found := r.fetch(ctx, queriesOf(measures), from, to)
	for _, m := range measures {
		if s := m.series(found, from, int(to.Sub(from)/Period)); !s.Empty() {
			all = append(all, s)
		}
	}
	return all, r.problems
}

// reader reads the metrics of one service.
type reader struct {
	api *awsapi.Client

	mu       sync.Mutex
	problems []string
}

func (r *reader) problemf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// failed notes that a call got no answer. service is the service's name as people write it.
func (r *reader) failed(call awsapi.Call, service string, err error) {
	r.problemf("metrics: %s", evidence.Explain(call, service, err))
}

// measures are what is read, the most telling first.
func (r *reader) measures(ctx context.Context, of Service) []measure {
	var all []measure
	for _, m := range of.Named {
		all = append(all, named(m))
	}
	groups, tasks := of.Groups[:min(len(of.Groups), maxThings)], of.Tasks[:min(len(of.Tasks), maxThings)]
	balanced := r.balanced(ctx, r.targetGroups(ctx, groups, tasks))
	all = append(all, balanced[:min(3, len(balanced))]...)
	all = append(all, loaded(groups, tasks)...)
	return append(all, balanced[min(3, len(balanced)):]...)
}

// Strips are the series between two times, as a timeline draws them.
func Strips(all []Series, from, to time.Time) []timeline.Metric {
	var strips []timeline.Metric
	for i := range all {
		if strip := all[i].Strip(from, to); len(strip.Points) > 0 {
			strips = append(strips, strip)
		}
	}
	return strips
}
