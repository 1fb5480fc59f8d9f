package compare

import (
	"context"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
	"github.com/extraeye/extraeye/lambda/timeline/releases"
)

// Fill adds the metrics of a service to a timeline that has its rows, and how they were before and
// after each release.
func Fill(ctx context.Context, api *awsapi.Client, of metrics.Service, t *timeline.Timeline) {
	until := earlier(t.To.Add(2*Window), time.Now())
	series, problems := metrics.Read(ctx, api, of, since(t), until)
	t.Metrics = metrics.Strips(series, t.From, t.To)
	t.Compared = Releases(t.Rows, series, until)
	t.Asked = append(t.Asked, "CloudWatch metrics")
	t.Failed = append(t.Failed, problems...)
}

// since is from when on metrics are needed: for a week before the first release, too.
func since(t *timeline.Timeline) time.Time {
	from := t.From
	if all := releases.Of(t.Rows); len(all) > 0 {
		from = earlier(from, all[0].Start)
		from = from.Add(-History)
	}
	return from
}
