package evidence

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

const (
	// releasesBack is how long before something a release may have been made to be reported
	// with it.
	releasesBack = 24 * time.Hour
	// maxDeploymentGroups is how many deployment groups are asked for their deployments.
	maxDeploymentGroups = 20
	// maxApplications is how many applications are asked for their deployment groups if it is
	// the account that is asked for its deployments.
	maxApplications = 20
)

// releases returns the deployments to an Auto Scaling group of the 24 hours before a time, the
// newest first. What could not be read is a problem beside what was found. Nothing is found,
// without a problem, if no application is known to be deployed to the group.
func (l *Lookups) releases(ctx context.Context, region string, of wire.Releases, group string, at time.Time) event.Finding[[]codedeploy.DeploymentInfo] {
	s := &releaseSearch{lookups: l, region: region, group: group, at: at}
	look := s.byApplication
	if of.Many {
		look = s.byAccount
	}
	found, deployed := look(ctx, of.Applications)
	if of.Who {
		s.addCreator(ctx, found)
	}
	slices.Sort(s.problems)
	return event.Finding[[]codedeploy.DeploymentInfo]{
		Value:   found,
		Known:   deployed && !s.failed,
		Problem: strings.Join(slices.Compact(s.problems), "; "),
	}
}

// releaseSearch is one search for the deployments to an Auto Scaling group.
type releaseSearch struct {
	lookups *Lookups
	region  string
	group   string // the Auto Scaling group
	at      time.Time

	problems []string
	failed   bool // a step could read nothing
}

// byApplication asks about each application. deployed is false if none is deployed to the
// group.
func (s *releaseSearch) byApplication(ctx context.Context, applications []string) (found []codedeploy.DeploymentInfo, deployed bool) {
	var groups []deploymentGroup
	var hooked []string
	var problem string
	s.lookups.sideBySide(ctx, []lookup{
		func(ctx context.Context) { groups = s.deploymentGroups(ctx, applications) },
		func(ctx context.Context) { hooked, problem = s.hookedBy(ctx) },
	})
	own := namedBy(groups, s.group)
	if len(own) == 0 && slices.ContainsFunc(groups, deploymentGroup.byTags) {
		s.note(problem)
		own = belonging(groups, s.group, hooked)
	}
	s.limit(len(own), maxDeploymentGroups, "deployment groups")
	own = own[:min(len(own), maxDeploymentGroups)]
	return s.deployments(ctx, s.deploymentIDs(ctx, own)), len(own) > 0
}

// byAccount asks about the recent deployments of the account: those to deployment groups that
// have a hook on the Auto Scaling group, or to applications of such a name, may belong to it.
func (s *releaseSearch) byAccount(ctx context.Context, _ []string) (found []codedeploy.DeploymentInfo, deployed bool) {
	var hooked, ids []string
	var problem string
	s.lookups.sideBySide(ctx, []lookup{
		func(ctx context.Context) { hooked, problem = s.hookedBy(ctx) },
		func(ctx context.Context) { ids = s.recentIDs(ctx) },
	})
	s.note(problem)
	all := s.deployments(ctx, ids)
	all = slices.DeleteFunc(all, func(d codedeploy.DeploymentInfo) bool {
		return !slices.Contains(hooked, d.Group) && !sameName(d.Application, s.group) && !strings.EqualFold(d.Group, s.group)
	})
	var applications []string
	for _, d := range all {
		if !slices.Contains(applications, d.Application) && d.Application != "" {
			applications = append(applications, d.Application)
		}
	}
	s.limit(len(applications), maxApplications, "applications")
	own := belonging(s.deploymentGroups(ctx, applications[:min(len(applications), maxApplications)]), s.group, hooked)
	return slices.DeleteFunc(all, func(d codedeploy.DeploymentInfo) bool {
		return !slices.ContainsFunc(own, func(g deploymentGroup) bool { return g.application == d.Application && g.name == d.Group })
	}), true
}

// deploymentGroups reads the deployment groups of applications.
func (s *releaseSearch) deploymentGroups(ctx context.Context, applications []string) []deploymentGroup {
	return read(ctx, s, applications, func(ctx context.Context, application string) ([]deploymentGroup, string) {
		return s.lookups.deploymentGroups(ctx, s.region, application)
	})
}

// hookedBy returns the names of the deployment groups that have a hook on the Auto Scaling
// group.
func (s *releaseSearch) hookedBy(ctx context.Context) (names []string, problem string) {
	hooks, problem := s.lookups.hookNames(ctx, s.region, s.group)
	for _, hook := range hooks {
		if name := hookedGroup(hook); name != "" {
			names = append(names, name)
		}
	}
	return names, problem
}

// note adds a problem, if there is one.
func (s *releaseSearch) note(problem string) {
	if problem != "" {
		s.problems = append(s.problems, problem)
	}
}

// deploymentIDs lists the deployments that the groups got, as many of each as can be read.
func (s *releaseSearch) deploymentIDs(ctx context.Context, groups []deploymentGroup) []string {
	type page struct {
		ids  []string
		more bool
	}
	pages := read(ctx, s, groups, func(ctx context.Context, g deploymentGroup) ([]page, string) {
		ids, more, problem := s.lookups.deploymentIDs(ctx, s.region, g.application, g.name, s.start(releasesBack), s.end())
		return []page{{ids, more}}, problem
	})
	var ids []string
	unread := false
	for _, p := range pages {
		n := min(len(p.ids), maxBatches*batch/len(pages))
		ids = append(ids, p.ids[:n]...)
		unread = unread || p.more || n < len(p.ids)
	}
	if unread {
		s.problems = append(s.problems, fmt.Sprintf("only %d of the last day's deployments were asked about", len(ids)))
	}
	return ids
}

// windows are how far back the account is asked for its deployments: as far as they can all be
// read. CodeDeploy does not promise to list the newest first.
var windows = [...]time.Duration{releasesBack, 4 * time.Hour, time.Hour, 15 * time.Minute}

// recentIDs lists the deployments of the account.
func (s *releaseSearch) recentIDs(ctx context.Context) []string {
	var ids []string
	for i, back := range windows {
		found, more, problem := s.lookups.accountDeploymentIDs(ctx, s.region, s.start(back), s.end())
		if problem != "" {
			s.problems, s.failed = append(s.problems, problem), true
			return nil
		}
		ids = found[:min(len(found), maxBatches*batch)]
		whole := !more && len(ids) == len(found)
		if whole && i > 0 {
			s.problems = append(s.problems, "only the deployments of the last "+event.Span(back)+" were asked about, so many are there")
		}
		if whole {
			return ids
		}
	}
	s.problems = append(s.problems, fmt.Sprintf("only %d deployments of the last %s were asked about, so many are there", len(ids), event.Span(windows[len(windows)-1])))
	return ids
}

// deployments reads the deployments, and returns the newest first.
func (s *releaseSearch) deployments(ctx context.Context, ids []string) []codedeploy.DeploymentInfo {
	batches := slices.Collect(slices.Chunk(ids, batch))
	found := read(ctx, s, batches, func(ctx context.Context, ids []string) ([]codedeploy.DeploymentInfo, string) {
		return s.lookups.deployments(ctx, s.region, ids)
	})
	found = slices.DeleteFunc(found, func(d codedeploy.DeploymentInfo) bool {
		return !d.Created.IsZero() && (d.Created.After(s.at) || d.Created.Before(s.at.Add(-releasesBack)))
	})
	newestFirst(found)
	return found
}

// start and end are between which times deployments are asked for, rounded so that events of the
// same minutes ask for the same.
func (s *releaseSearch) start(back time.Duration) time.Time { return s.at.Add(-back).Truncate(round) }
func (s *releaseSearch) end() time.Time                     { return s.at.Truncate(round).Add(round) }

// addCreator adds who made the newest deployment that a person may have made.
func (s *releaseSearch) addCreator(ctx context.Context, found []codedeploy.DeploymentInfo) {
	for i := range found {
		if !slices.Contains(wire.NoisyCreators(), found[i].Creator) {
			found[i].By = s.lookups.createdBy(ctx, s.region, &found[i])
			return
		}
	}
}

// limit adds a problem if not everything is asked about.
func (s *releaseSearch) limit(n, limit int, what string) {
	if n > limit {
		s.problems = append(s.problems, fmt.Sprintf("only %d of %d %s were asked about", limit, n, what))
	}
}

// read looks up something of each of all side by side, and returns what was found in their
// order.
func read[A, F any](ctx context.Context, s *releaseSearch, all []A, look func(context.Context, A) ([]F, string)) []F {
	found, problems := make([][]F, len(all)), make([]string, len(all))
	var lookups []lookup
	for i, one := range all {
		lookups = append(lookups, func(ctx context.Context) { found[i], problems[i] = look(ctx, one) })
	}
	s.lookups.sideBySide(ctx, lookups)
	problems = present(problems)
	s.problems = append(s.problems, problems...)
	s.failed = s.failed || len(all) > 0 && len(problems) == len(all)
	return slices.Concat(found...)
}

// accountDeploymentIDs lists the account's deployments that were made between two times,
// whichever application they are of. It reads one page, and returns whether there are more.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
func (l *Lookups) accountDeploymentIDs(ctx context.Context, region string, start, end time.Time) (ids []string, more bool, problem string) {
	in := map[string]any{"createTimeRange": map[string]float64{"start": epoch(start), "end": epoch(end)}}
	var found struct {
		IDs  []string `json:"deployments"`
		Next string   `json:"nextToken"`
	}
	problem = l.codeDeploy(ctx, region, "ListDeployments", in, "deployments", &found)
	return present(found.IDs), found.Next != "", problem
}
