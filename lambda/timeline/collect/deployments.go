package collect

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// codeDeployTarget names CodeDeploy's API and its version.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
const codeDeployTarget = "CodeDeploy_20141006"

const (
	// batch is how many deployments can be read at once.
	//
	// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
	batch = 25
	// maxFailed is how many failed deployments are asked where they failed.
	maxFailed = 20
)

// deployment is a deployment of CodeDeploy, and where it failed.
type deployment struct {
	codedeploy.DeploymentInfo
	targets event.Finding[[]codedeploy.DeploymentTarget]
}

// readDeployments reads the deployments of the applications, and then where the last ones that
// failed did.
func (r *reader) readDeployments(ctx context.Context) {
	groups := r.deploymentGroups(ctx)
	perGroup := make([][]string, len(groups))
	each(ctx, indices(groups), func(ctx context.Context, i int) { perGroup[i] = r.deploymentIDs(ctx, groups[i]) })
	ids := slices.Concat(perGroup...)
	slices.Sort(ids)
	batches := slices.Collect(slices.Chunk(slices.Compact(ids), batch))
	found := make([][]deployment, len(batches))
	each(ctx, indices(batches), func(ctx context.Context, i int) { found[i] = r.deploymentBatch(ctx, batches[i]) })
	r.deployments = slices.DeleteFunc(slices.Concat(found...), func(d deployment) bool { return !r.scope.deploys(d.DeploymentInfo) })
	slices.SortFunc(r.deployments, func(a, b deployment) int { return b.Created.Compare(a.Created) })
	if !r.Brief {
		r.readFailures(ctx)
	}
}

// deploys reports whether a deployment is one of the service's.
func (s Scope) deploys(d codedeploy.DeploymentInfo) bool {
	return slices.ContainsFunc(s.Applications, func(a wire.Application) bool {
		return Matches(a.Name, d.Application) && (a.Group == "" || Matches(a.Group, d.Group))
	})
}

// deploymentGroups are the deployment groups to ask about. One without names is all of the
// account's, which [Scope.deploys] sifts.
func (r *reader) deploymentGroups(ctx context.Context) []wire.Application {
	if slices.ContainsFunc(r.scope.Applications, func(a wire.Application) bool { return open(a.Name) || open(a.Group) }) {
		return []wire.Application{{}}
	}
	var mu sync.Mutex
	var groups []wire.Application
	each(ctx, r.scope.Applications, func(ctx context.Context, a wire.Application) {
		all := []string{a.Group}
		if a.Group == "" {
			all = r.groupNames(ctx, a.Name)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, group := range all {
			groups = append(groups, wire.Application{Name: a.Name, Group: group})
		}
	})
	return groups
}

// groupNames lists the deployment groups of an application.
func (r *reader) groupNames(ctx context.Context, application string) (names []string) {
	call := call("codedeploy", "ListDeploymentGroups")
	r.pages(ctx, call, "deployment groups of "+application, func(ctx context.Context, token string) (string, error) {
		in := map[string]string{"applicationName": application}
		if token != "" {
			in["nextToken"] = token
		}
		var page struct {
			Groups []string `json:"deploymentGroups"`
			Next   string   `json:"nextToken"`
		}
		err := r.json(ctx, call, codeDeployTarget, in, &page)
		names = append(names, page.Groups...)
		return page.Next, err
	})
	return names
}

// deploymentIDs lists the deployments of a deployment group, or of the account.
func (r *reader) deploymentIDs(ctx context.Context, of wire.Application) (ids []string) {
	call := call("codedeploy", "ListDeployments")
	about := "deployments of all applications"
	in := map[string]any{"createTimeRange": map[string]float64{"start": epoch(r.from.Add(-before)), "end": epoch(r.to)}}
	if of.Name != "" {
		about = "deployments of " + of.Name + "/" + of.Group
		in["applicationName"], in["deploymentGroupName"] = of.Name, of.Group
	}
	r.pages(ctx, call, about, func(ctx context.Context, token string) (string, error) {
		if token != "" {
			in["nextToken"] = token
		}
		var page struct {
			IDs  []string `json:"deployments"`
			Next string   `json:"nextToken"`
		}
		err := r.json(ctx, call, codeDeployTarget, in, &page)
		ids = append(ids, page.IDs...)
		return page.Next, err
	})
	return ids
}

func (r *reader) deploymentBatch(ctx context.Context, ids []string) (found []deployment) {
	call := call("codedeploy", "BatchGetDeployments")
	var answer struct {
		Deployments []json.RawMessage `json:"deploymentsInfo"`
	}
	if err := r.json(ctx, call, codeDeployTarget, map[string][]string{"deploymentIds": ids}, &answer); err != nil {
		r.failedCall(call, notice.Count(len(ids), "deployment")+" that CodeDeploy lists", err)
	}
	for _, raw := range answer.Deployments {
		if info := evidence.ReadDeployment(raw); info.ID != "" {
			found = append(found, deployment{DeploymentInfo: info})
		}
	}
	return found
}

// readFailures looks up where the last deployments that failed did.
func (r *reader) readFailures(ctx context.Context) {
	var failed []*deployment
	for i := range r.deployments {
		d := &r.deployments[i]
		if r.visible(d.DeploymentInfo) && (d.Status == codedeploy.StatusFailed || d.Status == codedeploy.StatusStopped) {
			failed = append(failed, d)
		}
	}
	if len(failed) > maxFailed {
		r.problemf("deployments: only the last %d of %d failed deployments were asked where they failed", maxFailed, len(failed))
		failed = failed[:maxFailed]
	}
	each(ctx, failed, func(ctx context.Context, d *deployment) {
		if r.paces["codedeploy"].wait(ctx) == nil {
			d.targets = r.lookups.FailedTargets(ctx, r.Region, d.ID)
		}
	})
}

// visible reports whether a deployment gets a row. Those that Auto Scaling makes for each
// instance release nothing; of them, one that failed does.
func (r *reader) visible(d codedeploy.DeploymentInfo) bool {
	return !slices.Contains(wire.NoisyCreators(), d.Creator) || d.Status == codedeploy.StatusFailed
}

// deploymentStates are the states of events by the status of a deployment. All others are of
// one that has not ended.
var deploymentStates = map[string]wire.DeploymentState{
	codedeploy.StatusSucceeded: wire.DeploymentSucceeded,
	codedeploy.StatusFailed:    wire.DeploymentFailed,
	codedeploy.StatusStopped:   wire.DeploymentStopped,
	"Ready":                    wire.DeploymentReady,
}

func (r *reader) deploymentRows() []timeline.Row {
	releases := r.releases()
	var rows []timeline.Row
	for i, d := range r.deployments {
		if !r.visible(d.DeploymentInfo) {
			continue
		}
		state, ended := deploymentStates[d.Status]
		if !ended {
			state = wire.DeploymentStarted
		}
		e := r.event(envelope{
			ID: d.ID, Source: "aws.codedeploy", DetailType: "CodeDeploy Deployment State-change Notification",
			Time:   event.FirstKnown(d.Completed, d.Created),
			Detail: map[string]string{"deploymentId": d.ID, "state": string(state), "application": d.Application, "deploymentGroup": d.Group},
		})
		if subject, ok := e.Subject.(*codedeploy.Deployment); ok {
			subject.Info = event.Found(releases[i])
			subject.Before = event.Found(sameGroup(releases, d.DeploymentInfo))
			subject.Targets = d.targets
		}
		rows = append(rows, r.deploymentRow(e.Notice(r.now), d.DeploymentInfo))
	}
	return rows
}

func (r *reader) deploymentRow(n *notice.Notice, d codedeploy.DeploymentInfo) timeline.Row {
	row := timeline.FromNotice(n, timeline.FromAPI)
	row.Start, row.End = event.FirstKnown(d.Created, r.from), d.Completed
	if slices.Contains(wire.NoisyCreators(), d.Creator) {
		row.Lane, row.Release = timeline.Instances, nil
	}
	return row
}

// releases are the deployments that were read, the newest first, with who made them.
func (r *reader) releases() []codedeploy.DeploymentInfo {
	creators := r.creators()
	all := make([]codedeploy.DeploymentInfo, len(r.deployments))
	for i, d := range r.deployments {
		all[i] = d.DeploymentInfo
		if by := creators[d.ID]; by != "" {
			all[i].By = event.Found(by)
		}
	}
	return all
}

// sameGroup returns the earlier deployments of the same deployment group, the newest first.
func sameGroup(all []codedeploy.DeploymentInfo, of codedeploy.DeploymentInfo) []codedeploy.DeploymentInfo {
	var found []codedeploy.DeploymentInfo
	for _, d := range all {
		if d.Application == of.Application && d.Group == of.Group && d.Created.Before(of.Created) && d.ID != of.ID {
			found = append(found, d)
		}
	}
	return found
}

// moment is a time in seconds since 1970, or in RFC 3339. Anything else is the zero time.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(raw []byte) error {
	var seconds float64
	const farFuture = 1e11 // the year 5138
	if json.Unmarshal(raw, &seconds) == nil {
		if 0 < seconds && seconds < farFuture {
			m.Time = time.UnixMilli(int64(seconds*1000 + 0.5)).UTC()
		}
		return nil
	}
	var text string
	_ = json.Unmarshal(raw, &text)
	m.Time = instant(text)
	return nil
}
