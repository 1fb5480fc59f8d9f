package evidence

import (
	"context"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

const (
	// batch is how many deployments or targets can be read at once.
	//
	// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
	batch = 25
	// maxBatches is how many batches of deployments are read for one look-up.
	maxBatches = 4
)

// deploymentsBefore returns the deployments of a group that were made before one of them, the
// newest first, back to the last success. Those that Auto Scaling made for its instances are
// left out.
func (l *Lookups) deploymentsBefore(ctx context.Context, region, application, group, id string, made time.Time) event.Finding[[]codedeploy.DeploymentInfo] {
	notFound := event.NotFound[[]codedeploy.DeploymentInfo]
	if application == "" || group == "" || id == "" {
		return notFound("the event does not name the deployment and its group")
	}
	ids, more, problem := l.deploymentIDs(ctx, region, application, group, time.Time{}, made.Add(time.Minute))
	if problem != "" {
		return notFound(problem)
	}
	if !slices.Contains(ids, id) {
		return notFound("CodeDeploy does not list the deployment among those of its group")
	}
	ids = fromNewest(ids, id)
	if len(ids) > maxBatches*batch {
		ids, more = ids[:maxBatches*batch], true
	}
	before, enough, problem := l.readBefore(ctx, region, ids, id, made)
	switch {
	case problem != "":
		return notFound(problem)
	case len(before) == 0 && more && !enough:
		return notFound("CodeDeploy lists too many deployments of the group to find the one before")
	}
	newestFirst(before)
	return event.Found(before)
}

// readBefore reads deployments in batches until it has enough of those that were made before
// one of them.
func (l *Lookups) readBefore(ctx context.Context, region string, ids []string, id string, made time.Time) (before []codedeploy.DeploymentInfo, enough bool, problem string) {
	var read []codedeploy.DeploymentInfo
	for some := range slices.Chunk(ids, batch) {
		found, problem := l.deployments(ctx, region, some)
		if problem != "" {
			return nil, false, problem
		}
		read = append(read, found...)
		if before, enough = madeBefore(read, id, made); enough {
			break
		}
	}
	return before, enough, ""
}

// fromNewest returns the ids beginning with the newest. CodeDeploy lists them so, but does not
// promise to: one of the last that were made is at the end of the list where the newest are.
func fromNewest(ids []string, last string) []string {
	if slices.Index(ids, last) > len(ids)/2 {
		slices.Reverse(ids)
	}
	return ids
}

// madeBefore returns the deployments that were made before the one with that id, or before a
// time as long as that one is not read, and whether no older ones are needed: one of them
// delivered a release.
func madeBefore(read []codedeploy.DeploymentInfo, id string, made time.Time) (before []codedeploy.DeploymentInfo, enough bool) {
	own := slices.IndexFunc(read, func(d codedeploy.DeploymentInfo) bool { return d.ID == id })
	if own >= 0 && !read[own].Created.IsZero() {
		made = read[own].Created
	}
	before = slices.DeleteFunc(slices.Clone(read), func(d codedeploy.DeploymentInfo) bool {
		return d.ID == id || d.Created.After(made) || slices.Contains(wire.NoisyCreators(), d.Creator)
	})
	return before, own >= 0 && slices.ContainsFunc(before, codedeploy.DeploymentInfo.Delivered)
}

// deploymentIDs lists the deployments of a group that were made between two times, either of
// which may be zero. It reads one page, and returns whether there are more.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
func (l *Lookups) deploymentIDs(ctx context.Context, region, application, group string, start, end time.Time) (ids []string, more bool, problem string) {
	type timeRange struct {
		Start float64 `json:"start,omitempty"`
		End   float64 `json:"end,omitempty"`
	}
	in := struct {
		Application string    `json:"applicationName"`
		Group       string    `json:"deploymentGroupName"`
		Created     timeRange `json:"createTimeRange"`
	}{application, group, timeRange{epoch(start), epoch(end)}}
	var found struct {
		IDs  []string `json:"deployments"`
		Next string   `json:"nextToken"`
	}
	problem = l.codeDeploy(ctx, region, "ListDeployments", in, "deployments", &found)
	return present(found.IDs), found.Next != "", problem
}

// deployments returns CodeDeploy's records of up to [batch] deployments.
func (l *Lookups) deployments(ctx context.Context, region string, ids []string) ([]codedeploy.DeploymentInfo, string) {
	var found struct {
		Deployments []deployment `json:"deploymentsInfo"`
	}
	problem := l.codeDeploy(ctx, region, "BatchGetDeployments", map[string][]string{"deploymentIds": ids}, "deploymentsInfo", &found)
	var all []codedeploy.DeploymentInfo
	for _, d := range found.Deployments {
		if d.ID != "" {
			all = append(all, d.record())
		}
	}
	return all, problem
}

// newestFirst sorts deployments by when they were made.
func newestFirst(all []codedeploy.DeploymentInfo) {
	slices.SortStableFunc(all, func(a, b codedeploy.DeploymentInfo) int { return b.Created.Compare(a.Created) })
}

// present returns the texts that are not empty.
func present(texts []string) []string {
	return slices.DeleteFunc(texts, func(t string) bool { return t == "" })
}

// epoch writes a time as CodeDeploy and CloudTrail read it, in seconds since 1970;
// the zero time is 0.
func epoch(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
