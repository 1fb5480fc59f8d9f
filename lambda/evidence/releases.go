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
	// lately is how long before something a release may have been made that it is
	// told after.
	lately = 24 * time.Hour
	// maxApplications and maxPlaces are how many applications, and how many deployment
	// groups of them all, are asked about. The applications whose names are most like
	// the group's come first.
	maxApplications = 5
	maxPlaces       = 20
	// maxGroups is how many deployment groups can be read at once.
	//
	// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
	maxGroups = 100
)

// place is a deployment group, whether it deploys to the Auto Scaling group that was
// asked about, and how much its application's name is like that group's.
type place struct {
	application, group string
	deploys            bool
	likeness           int
}

// releases returns the deployments of the 24 hours before a time that may have gone
// to an Auto Scaling group, the newest first: those of the deployment groups that
// name it. A deployment group may also find its instances by tags: if none names the
// group, they are those of the applications whose names are most like it. What could
// not be read is a problem beside what was found.
func (l *Lookups) releases(ctx context.Context, region string, of wire.Releases, group string, at time.Time) event.Finding[[]codedeploy.DeploymentInfo] {
	var problems []string
	cut := func(n, limit int, what string) int {
		if n > limit {
			problems = append(problems, fmt.Sprintf("only %d of %d %s were asked about", limit, n, what))
		}
		return min(n, limit)
	}
	applications := slices.Clone(of.Applications)
	slices.SortStableFunc(applications, func(a, b string) int { return likeness(b, group) - likeness(a, group) })
	applications = applications[:min(len(applications), maxApplications)]
	places, problem := each(l, applications, func(application string) ([]place, string) {
		return l.places(ctx, region, application, group)
	})
	problems = append(problems, problem...)
	known := len(problem) < len(applications) || len(applications) == 0
	if slices.ContainsFunc(places, func(p place) bool { return p.deploys }) {
		places = slices.DeleteFunc(places, func(p place) bool { return !p.deploys })
	} else {
		cut(len(of.Applications), maxApplications, "applications")
		most := 0
		for _, p := range places {
			most = max(most, p.likeness)
		}
		places = slices.DeleteFunc(places, func(p place) bool { return p.likeness < most })
	}
	places = places[:cut(len(places), maxPlaces, "deployment groups")]
	type page struct {
		ids  []string
		more bool
	}
	pages, problem := each(l, places, func(p place) ([]page, string) {
		ids, more, problem := l.deploymentIDs(ctx, region, p.application, p.group, at.Add(-lately), at)
		return []page{{ids, more}}, problem
	})
	problems = append(problems, problem...)
	known = known && (len(problem) < len(places) || len(places) == 0)
	var ids []string
	unread := false
	for _, p := range pages {
		n := min(len(p.ids), maxBatches*batch/len(pages))
		ids = append(ids, p.ids[:n]...)
		unread = unread || p.more || n < len(p.ids)
	}
	if unread {
		problems = append(problems, fmt.Sprintf("only %d of the last day's deployments were asked about", len(ids)))
	}
	batches := slices.Collect(slices.Chunk(ids, batch))
	releases, problem := each(l, batches, func(ids []string) ([]codedeploy.DeploymentInfo, string) {
		return l.deployments(ctx, region, ids)
	})
	problems = append(problems, problem...)
	known = known && (len(problem) < len(batches) || len(batches) == 0)
	newestFirst(releases)
	people := func(d codedeploy.DeploymentInfo) bool { return !slices.Contains(wire.NoisyCreators, d.Creator) }
	if i := slices.IndexFunc(releases, people); of.Who && i >= 0 {
		releases[i].By = l.maker(ctx, region, &releases[i])
	}
	slices.Sort(problems)
	return event.Finding[[]codedeploy.DeploymentInfo]{Value: releases, Known: known, Problem: strings.Join(slices.Compact(problems), "; ")}
}

// likeness is how many bytes two names have in common from their beginnings.
func likeness(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// each looks up something of each of all side by side, and returns what was found in
// their order, and the problems.
func each[A, F any](l *Lookups, all []A, look func(A) ([]F, string)) (found []F, problems []string) {
	parts, failures := make([][]F, len(all)), make([]string, len(all))
	var lookups []func()
	for i, one := range all {
		lookups = append(lookups, func() { parts[i], failures[i] = look(one) })
	}
	l.sideBySide(lookups)
	return slices.Concat(parts...), present(failures)
}

// places returns the deployment groups of an application.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentGroupInfo.html
func (l *Lookups) places(ctx context.Context, region, application, group string) ([]place, string) {
	var listed struct {
		Groups []string `json:"deploymentGroups"`
	}
	in := map[string]any{"applicationName": application}
	if problem := l.codeDeploy(ctx, region, "ListDeploymentGroups", in, "deploymentGroups", &listed); problem != "" {
		return nil, problem
	}
	names := present(listed.Groups)
	names = names[:min(len(names), maxGroups)]
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
	var places []place
	for _, g := range found.Groups {
		if g.Name == "" {
			continue
		}
		p := place{application: application, group: g.Name, likeness: likeness(application, group)}
		for _, scaled := range g.Groups {
			p.deploys = p.deploys || scaled.Name == group
		}
		places = append(places, p)
	}
	return places, ""
}
