package evidence

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// maxGroupsRead is how many deployment groups can be read at once.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
const maxGroupsRead = 100

// deploymentGroup is a deployment group of CodeDeploy.
type deploymentGroup struct {
	application, name string
	// platform is Server, Lambda or ECS.
	platform string
	// scaled are the Auto Scaling groups that it deploys to. It may also find its instances by
	// tags.
	scaled []string
}

// byTags reports whether the deployment group finds its instances by tags only.
func (g deploymentGroup) byTags() bool {
	return len(g.scaled) == 0 && (g.platform == "" || g.platform == "Server")
}

// A release belongs to an Auto Scaling group if its deployment group does: because it names
// the Auto Scaling group, or else because it names none and
//   - it alone has the name of a deployment group that has a hook on the Auto Scaling group, or
//   - its name is the Auto Scaling group's, or
//   - its application has a name like the Auto Scaling group's (see [sameName]), no other
//     application has one that is more like it, and it is the application's only such
//     deployment group, or the one that the rest of the Auto Scaling group's name names.

// namedBy returns the deployment groups that name an Auto Scaling group.
func namedBy(groups []deploymentGroup, scaled string) []deploymentGroup {
	return where(groups, func(g deploymentGroup) bool { return slices.Contains(g.scaled, scaled) })
}

// belonging returns the deployment groups of an Auto Scaling group, on which those named in
// hooked have a hook.
func belonging(groups []deploymentGroup, scaled string, hooked []string) []deploymentGroup {
	if own := namedBy(groups, scaled); len(own) > 0 {
		return own
	}
	byTags := where(groups, deploymentGroup.byTags)
	if own := where(byTags, func(g deploymentGroup) bool { return slices.Contains(hooked, g.name) }); len(own) == 1 {
		return own
	}
	if own := where(byTags, func(g deploymentGroup) bool { return strings.EqualFold(g.name, scaled) }); len(own) > 0 {
		return own
	}
	return likeNamed(byTags, scaled)
}

// likeNamed returns the deployment group of the application whose name is most like that of an
// Auto Scaling group.
func likeNamed(groups []deploymentGroup, scaled string) []deploymentGroup {
	most := 0
	for _, g := range groups {
		if sameName(g.application, scaled) {
			most = max(most, min(len(g.application), len(scaled)))
		}
	}
	own := where(groups, func(g deploymentGroup) bool {
		return sameName(g.application, scaled) && min(len(g.application), len(scaled)) == most
	})
	if len(own) == 1 {
		return own
	}
	named := where(own, func(g deploymentGroup) bool {
		rest := strings.TrimLeft(scaled[min(len(g.application), len(scaled)):], separators)
		return rest != "" && sameName(g.name, rest)
	})
	if len(named) == 1 {
		return named
	}
	return nil
}

// separators stand between the parts of a name.
const separators = "-_./ "

// sameName reports whether two names are those of one service: they are the same, or one is
// the other and a suffix after a separator, as "some-service" and "some-service-production".
// Case does not count.
func sameName(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != "" && strings.EqualFold(b[:len(a)], a) && (len(a) == len(b) || strings.ContainsAny(b[len(a):len(a)+1], separators))
}

// The parts of the name of CodeDeploy's hooks on an Auto Scaling group around the name of the
// deployment group, which a UUID may follow:
// CodeDeploy-managed-automatic-launch-deployment-hook-some-service-a2d358c8-3525-452c-b76e-978f1746ae74.
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-auto-scaling.html
const (
	hookPrefix = "CodeDeploy-managed-automatic-"
	hookMiddle = "-deployment-hook-"
	uuid       = "-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
)

// hookedGroup returns the deployment group that a hook is of, "" if it is not CodeDeploy's.
func hookedGroup(hook string) string {
	rest, ok := strings.CutPrefix(hook, hookPrefix)
	_, name, found := strings.Cut(rest, hookMiddle)
	if !ok || !found {
		return ""
	}
	if at := len(name) - len(uuid); at > 0 && isUUID(name[at:]) {
		return name[:at]
	}
	return name
}

// isUUID reports whether a text is a UUID after a hyphen.
func isUUID(text string) bool {
	for i := range uuid {
		if (uuid[i] == '-') != (text[i] == '-') || uuid[i] == 'x' && !strings.ContainsRune("0123456789abcdef", rune(text[i])) {
			return false
		}
	}
	return true
}

// where returns the deployment groups of which something is true.
func where(groups []deploymentGroup, is func(deploymentGroup) bool) []deploymentGroup {
	return slices.DeleteFunc(slices.Clone(groups), func(g deploymentGroup) bool { return !is(g) })
}

// deploymentGroups returns the deployment groups of an application. If it cannot read all of
// them, it returns a problem as well.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentGroupInfo.html
func (l *Lookups) deploymentGroups(ctx context.Context, region, application string) ([]deploymentGroup, string) {
	var listed struct {
		Groups []string `json:"deploymentGroups"`
		Next   string   `json:"nextToken"`
	}
	in := map[string]any{"applicationName": application}
	if problem := l.codeDeploy(ctx, region, "ListDeploymentGroups", in, "deploymentGroups", &listed); problem != "" {
		return nil, problem
	}
	names, unread := present(listed.Groups), ""
	if listed.Next != "" || len(names) > maxGroupsRead {
		names = names[:min(len(names), maxGroupsRead)]
		unread = fmt.Sprintf("only %d deployment groups of %s were asked about", len(names), application)
	}
	if len(names) == 0 {
		return nil, ""
	}
	in["deploymentGroupNames"] = names
	var found struct {
		Groups []struct {
			Name     string `json:"deploymentGroupName"`
			Platform string `json:"computePlatform"`
			Scaled   []struct {
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
		of := deploymentGroup{application: application, name: g.Name, platform: g.Platform}
		for _, scaled := range g.Scaled {
			of.scaled = append(of.scaled, scaled.Name)
		}
		groups = append(groups, of)
	}
	return groups, unread
}
