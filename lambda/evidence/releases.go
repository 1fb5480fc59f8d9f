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
	// maxApplications is how many applications are asked about, and maxDeploymentGroups how
	// many deployment groups of all of them.
	maxApplications     = 5
	maxDeploymentGroups = 20
	// maxGroupsRead is how many deployment groups can be read at once.
	//
	// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
	maxGroupsRead = 100
)

// releases returns the deployments of the 24 hours before a time that may have gone to an Auto
// Scaling group, the newest first. What could not be read is a problem beside what was found.
func (l *Lookups) releases(ctx context.Context, region string, of wire.Releases, group string, at time.Time) event.Finding[[]codedeploy.DeploymentInfo] {
	s := &releaseSearch{lookups: l, region: region, applications: slices.Clone(of.Applications), group: group, at: at}
	groups := s.likely(s.deploymentGroups(ctx))
	found := s.deployments(ctx, s.deploymentIDs(ctx, groups))
	if of.Who {
		s.addCreator(ctx, found)
	}
	slices.Sort(s.problems)
	return event.Finding[[]codedeploy.DeploymentInfo]{
		Value:   found,
		Known:   !s.failed,
		Problem: strings.Join(slices.Compact(s.problems), "; "),
	}
}

// releaseSearch is one search for the deployments that may have gone to an Auto Scaling group.
type releaseSearch struct {
	lookups      *Lookups
	region       string
	applications []string
	group        string // the Auto Scaling group
	at           time.Time

	problems []string
	failed   bool // a step could read nothing
}

// deploymentGroup is a deployment group of CodeDeploy.
type deploymentGroup struct {
	application, name string
	// deploysTo is true if it names the Auto Scaling group that was searched for.
	deploysTo bool
	// likeness says how much the application's name is like that of the Auto Scaling group.
	likeness int
}

// deploymentGroups reads the deployment groups of the applications, or of those whose names
// are most like the Auto Scaling group's if there are too many.
func (s *releaseSearch) deploymentGroups(ctx context.Context) []deploymentGroup {
	applications := slices.Clone(s.applications)
	slices.SortStableFunc(applications, func(a, b string) int { return likeness(b, s.group) - likeness(a, s.group) })
	applications = applications[:min(len(applications), maxApplications)]
	return read(ctx, s, applications, func(ctx context.Context, application string) ([]deploymentGroup, string) {
		return s.lookups.deploymentGroups(ctx, s.region, application, s.group)
	})
}

// likely returns the deployment groups that name the Auto Scaling group. One may also find its
// instances by tags: if none names the group, those of the applications whose names are most
// like it are as likely.
func (s *releaseSearch) likely(groups []deploymentGroup) []deploymentGroup {
	if slices.ContainsFunc(groups, func(g deploymentGroup) bool { return g.deploysTo }) {
		groups = slices.DeleteFunc(groups, func(g deploymentGroup) bool { return !g.deploysTo })
	} else {
		s.limit(len(s.applications), maxApplications, "applications")
		most := 0
		for _, g := range groups {
			most = max(most, g.likeness)
		}
		groups = slices.DeleteFunc(groups, func(g deploymentGroup) bool { return g.likeness < most })
	}
	s.limit(len(groups), maxDeploymentGroups, "deployment groups")
	return groups[:min(len(groups), maxDeploymentGroups)]
}

// deploymentIDs lists the deployments that the groups got, as many of each as can be read.
func (s *releaseSearch) deploymentIDs(ctx context.Context, groups []deploymentGroup) []string {
	type page struct {
		ids  []string
		more bool
	}
	pages := read(ctx, s, groups, func(ctx context.Context, g deploymentGroup) ([]page, string) {
		ids, more, problem := s.lookups.deploymentIDs(ctx, s.region, g.application, g.name, s.at.Add(-releasesBack), s.at)
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

// deployments reads the deployments, and returns the newest first.
func (s *releaseSearch) deployments(ctx context.Context, ids []string) []codedeploy.DeploymentInfo {
	batches := slices.Collect(slices.Chunk(ids, batch))
	found := read(ctx, s, batches, func(ctx context.Context, ids []string) ([]codedeploy.DeploymentInfo, string) {
		return s.lookups.deployments(ctx, s.region, ids)
	})
	newestFirst(found)
	return found
}

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

// likeness is how many bytes two names have in common from their beginnings.
func likeness(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// deploymentGroups returns the deployment groups of an application, and what they have to do
// with an Auto Scaling group.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentGroupInfo.html
func (l *Lookups) deploymentGroups(ctx context.Context, region, application, group string) ([]deploymentGroup, string) {
	var listed struct {
		Groups []string `json:"deploymentGroups"`
	}
	in := map[string]any{"applicationName": application}
	if problem := l.codeDeploy(ctx, region, "ListDeploymentGroups", in, "deploymentGroups", &listed); problem != "" {
		return nil, problem
	}
	names := present(listed.Groups)
	names = names[:min(len(names), maxGroupsRead)]
	if len(names) == 0 {
		return nil, ""
	}
	in["deploymentGroupNames"] = names
	var found struct {
		Groups []struct {
			Name   string `json:"deploymentGroupName"`
			Groups []struct {
				Name string `json:"name"`
			} `json:"autoScalingGroups"`
		} `json:"deploymentGroupsInfo"`
	}
	if problem := l.codeDeploy(ctx, region, "BatchGetDeploymentGroups", in, "deploymentGroupsInfo", &found); problem != "" {
		return nil, problem
	}
	var groups []deploymentGroup
	for _, g := range found.Groups {
		if g.Name == "" {
			continue
		}
		of := deploymentGroup{application: application, name: g.Name, likeness: likeness(application, group)}
		for _, scaled := range g.Groups {
			of.deploysTo = of.deploysTo || scaled.Name == group
		}
		groups = append(groups, of)
	}
	return groups, ""
}
