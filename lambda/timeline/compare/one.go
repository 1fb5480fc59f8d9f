package compare

import (
	"context"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
	"github.com/extraeye/extraeye/lambda/timeline/releases"
)

// earlierReleases is for how long before a release earlier ones are read, which may cut its window.
const earlierReleases = 2 * time.Hour

// One compares the metrics before and after one release that succeeded at a time, and counts what
// followed until now, or until the next release. Each problem says what could not be read, and why.
func One(ctx context.Context, c *collect.Collector, release notice.Release, ofECS bool, at time.Time) (timeline.Comparison, []string) {
	scope, problems := c.ScopeOf(ctx, release, ofECS)
	from := at
	if !release.Started.IsZero() {
		from = earlier(release.Started, at)
	}
	now := time.Now()
	recorded := scope
	if !ofECS {
		recorded.ECSServices = nil // it is CodeDeploy that deploys to them
	}
	t := c.Collect(ctx, recorded, from.Add(-earlierReleases), now)
	Fill(ctx, c.API, scope, nil, t)
	problems = append(problems, t.Failed...)
	i := slices.IndexFunc(t.Compared.Releases, func(c timeline.Comparison) bool { return c.Release.ID == release.ID })
	if ofECS && i < 0 {
		i = lastBegun(t.Compared.Releases, release, at)
	}
	if i < 0 {
		return timeline.Comparison{Release: release, At: at, Verdict: timeline.Unclear, Why: "AWS has no record of the release"}, problems
	}
	found := t.Compared.Releases[i]
	until := now
	for _, next := range t.Compared.Releases[i+1:] {
		if next.Release.Started.After(found.At) {
			until = earlier(until, next.Release.Started)
		}
	}
	found.Deaths, found.Alarms = releases.Followed(t.Rows, found.At, until)
	return found, problems
}

// lastBegun returns the place of the last success at a time in the same place as a release, -1 if there is
// none. ECS calls a deployment by other ids in its events than in its records.
func lastBegun(all []timeline.Comparison, release notice.Release, at time.Time) int {
	last := -1
	for i := range all {
		r := &all[i].Release
		if r.Application == release.Application && r.Group == release.Group && r.State == wire.DeploymentSucceeded && !r.Started.After(at) {
			last = i
		}
	}
	return last
}
