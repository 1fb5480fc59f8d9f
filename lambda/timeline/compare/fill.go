package compare

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
	"github.com/extraeye/extraeye/lambda/timeline/releases"
)

// Fill adds the metrics of a service to a timeline that has its rows, and how they were before and
// after each release. Metrics that are named come first.
func Fill(ctx context.Context, api *awsapi.Client, of collect.Scope, named []wire.Metric, t *timeline.Timeline) {
	until := earlier(t.To.Add(2*Window), time.Now())
	series, problems := metrics.Read(ctx, api, measured(of, named, t.Rows), since(t), until)
	t.Metrics = metrics.Strips(series, t.From, t.To)
	t.Compared = Releases(t.Rows, series, until)
	t.Asked = append(t.Asked, "CloudWatch metrics")
	t.Failed = append(t.Failed, problems...)
}

// since is from when on metrics are needed: for a week before the first release, too.
func since(t *timeline.Timeline) time.Time {
	from := t.From
	if all := releases.Of(t.Rows); len(all) > 0 {
		from = earlier(from, all[0].Start).Add(-History)
	}
	return from
}

// measured is what is measured of what belongs to a service. Of names with * it is what the rows
// are about.
func measured(of collect.Scope, named []wire.Metric, rows []timeline.Row) metrics.Service {
	m := metrics.Service{Named: named}
	wild := false
	for _, group := range of.Groups {
		if wild = wild || strings.Contains(group, "*"); !strings.Contains(group, "*") {
			m.Groups = append(m.Groups, group)
		}
	}
	for _, s := range of.ECSServices {
		if wild = wild || strings.Contains(s.Name, "*"); !strings.Contains(s.Name, "*") {
			m.Tasks = append(m.Tasks, s)
		}
	}
	if !wild {
		return m
	}
	for i := range rows {
		if group := groupOf(rows[i].Key); group != "" && !slices.Contains(m.Groups, group) {
			m.Groups = append(m.Groups, group)
		}
		if s, ok := ecsServiceOf(rows[i].Key); ok && !slices.Contains(m.Tasks, s) {
			m.Tasks = append(m.Tasks, s)
		}
	}
	return m
}

// groupOf is the Auto Scaling group of a key, "autoscaling:ACCOUNT:REGION:GROUP:…", "" if it has none.
func groupOf(key string) string {
	parts := strings.Split(key, ":")
	if len(parts) < 4 || parts[0] != "autoscaling" {
		return ""
	}
	return parts[3]
}

// ecsServiceOf is the service of a key, "ecs:ACCOUNT:REGION:CLUSTER/SERVICE:deployment".
func ecsServiceOf(key string) (s wire.ClusterService, ok bool) {
	parts := strings.Split(key, ":")
	if len(parts) < 4 || parts[0] != "ecs" {
		return s, false
	}
	s.Cluster, s.Name, ok = strings.Cut(parts[3], "/")
	return s, ok && s.Cluster != "" && s.Name != ""
}
