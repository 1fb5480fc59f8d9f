package evidence

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscodedeploy "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"github.com/extraeye/extraeye/internal/wire"
)

// fleets answers for applications whose deployment groups deploy to one Auto Scaling group
// each: "app/group": "asg", or find their instances by tags: "-", or deploy to ECS: "ecs".
// Each has the deployment "d-group".
func fleets(of map[string]string) map[string]func(map[string]any) string {
	groups := func(in map[string]any, write func(name, asg string) string) string {
		var all []string
		for place, asg := range of {
			if application, name, _ := strings.Cut(place, "/"); application == in["applicationName"] {
				all = append(all, write(name, asg))
			}
		}
		if all == nil {
			return `{"__type":"ApplicationDoesNotExistException"}`
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	wrap := func(member, list string) string {
		if strings.HasPrefix(list, "{") {
			return list
		}
		return `{"` + member + `":` + list + `}`
	}
	answers := map[string]func(map[string]any) string{
		"ListDeploymentGroups": func(in map[string]any) string {
			return wrap("deploymentGroups", groups(in, func(name, _ string) string { return `"` + name + `"` }))
		},
		"BatchGetDeploymentGroups": func(in map[string]any) string {
			return wrap("deploymentGroupsInfo", groups(in, func(name, asg string) string {
				switch asg {
				case "-":
					return fmt.Sprintf(`{"deploymentGroupName":%q,"computePlatform":"Server","autoScalingGroups":[]}`, name)
				case "ecs":
					return fmt.Sprintf(`{"deploymentGroupName":%q,"computePlatform":"ECS"}`, name)
				}
				return fmt.Sprintf(`{"deploymentGroupName":%q,"computePlatform":"Server","autoScalingGroups":[{"name":"other"},{"name":%q}]}`, name, asg)
			}))
		},
		"ListDeployments": func(in map[string]any) string {
			if in["applicationName"] == nil {
				var ids []string
				for place := range of {
					_, name, _ := strings.Cut(place, "/")
					ids = append(ids, `"d-`+name+`"`)
				}
				return `{"deployments":[` + strings.Join(ids, ",") + `]}`
			}
			return fmt.Sprintf(`{"deployments":["d-%s"]}`, in["deploymentGroupName"])
		},
		"LookupEvents": always(trail("d-blue", `{"type":"IAMUser","userName":"alice"}`)),
	}
	all := map[string]string{}
	for place := range of {
		application, name, _ := strings.Cut(place, "/")
		creator, minutes := "user", 6
		switch name {
		case "green":
			creator, minutes = "codeDeployRollback", 3
		case "tags":
			creator, minutes = "autoscaling", 1
		}
		of := fmt.Sprintf(`{"applicationName":%q,"deploymentGroupName":%q,`, application, name)
		all["d-"+name] = strings.Replace(record("d-"+name, "Succeeded", creator, minutes), "{", of, 1)
	}
	answers["BatchGetDeployments"] = records(all)
	return answers
}

// withHooks answers as the fake does, and for Auto Scaling that a group has these lifecycle
// hooks.
func withHooks(s *fakeService, names ...string) http.HandlerFunc {
	var hooks string
	for _, name := range names {
		hooks += "<member><LifecycleHookName>" + name + "</LifecycleHookName></member>"
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Target") != "" {
			s.ServeHTTP(w, r)
			return
		}
		answer(200, scaling("DescribeLifecycleHooks", "<LifecycleHooks>"+hooks+"</LifecycleHooks>"))(w, r)
	}
}

// TestReleases finds the releases of an Auto Scaling group by each application, and by the
// account's recent deployments.
func TestReleases(t *testing.T) {
	all := map[string]string{"a/blue": "web", "a/green": "jobs", "b/tags": "-"}
	const unknownApplication = "CodeDeploy does not know the application or its deployment group"
	tests := []struct {
		name         string
		fleets       map[string]string
		hooks        []string
		applications []string
		asg          string
		deny         string
		want         string
		problem      string
		known        bool
		unlikeMany   bool // asking the account ends otherwise
	}{
		{name: "the group's own", fleets: all, hooks: []string{hookOf("blue")}, applications: []string{"a", "b"}, asg: "web", want: "d-blue", known: true},
		{name: "none names the group", fleets: all, applications: []string{"a", "b"}, asg: "elsewhere", unlikeMany: true},
		{name: "all deploy to other groups", fleets: map[string]string{"web/blue": "jobs"}, applications: []string{"web"}, asg: "web-production", unlikeMany: true},
		{name: "one application is gone", fleets: all, applications: []string{"a", "gone"}, asg: "web", want: "d-blue", problem: unknownApplication, known: true, unlikeMany: true},
		{name: "all are gone", fleets: all, applications: []string{"gone", "too"}, asg: "web", problem: unknownApplication, unlikeMany: true},
		{name: "denied", fleets: all, hooks: []string{hookOf("blue")}, applications: []string{"a", "b"}, asg: "web", deny: "BatchGetDeployments", problem: "codedeploy:BatchGetDeployments was denied; the notifier's role has no permission for it"},
		{name: "a name like the group's", fleets: map[string]string{"other/green": "-", "web/blue": "-"}, applications: []string{"other", "web"}, asg: "web-production", want: "d-blue", known: true},
		{name: "a name that only begins like the group's", fleets: map[string]string{"we/green": "-", "webs/blue": "-"}, applications: []string{"we", "webs"}, asg: "web-production", unlikeMany: true},
		{name: "a name that ECS deploys", fleets: map[string]string{"web/blue": "ecs"}, applications: []string{"web"}, asg: "web-production", unlikeMany: true},
		{name: "a hook", fleets: map[string]string{"other/green": "-", "some/blue": "-"}, hooks: []string{"drain", hookOf("blue")}, applications: []string{"other", "some"}, asg: "web", want: "d-blue", known: true},
		{name: "a hook with the name of another's group", fleets: map[string]string{"other/green": "jobs"}, hooks: []string{hookOf("green")}, applications: []string{"other"}, asg: "web", unlikeMany: true},
		{name: "the sixth application", fleets: map[string]string{"a/green": "-", "web/blue": "web-production"}, hooks: []string{hookOf("blue")}, applications: []string{"a", "a", "a", "a", "a", "web"}, asg: "web-production", want: "d-blue", known: true},
		{name: "no applications", fleets: all, asg: "web", unlikeMany: true},
	}
	for _, tt := range tests {
		for _, of := range []wire.Releases{{Applications: tt.applications}, {Many: true}} {
			if of.Many && tt.unlikeMany { // TestReleasesOfManyApplications and TestReleasesOfOthers have these
				continue
			}
			t.Run(fmt.Sprintf("%s, many %v", tt.name, of.Many), func(t *testing.T) {
				answers := fleets(tt.fleets)
				if tt.deny != "" {
					answers[tt.deny] = always(`{"__type":"AccessDeniedException"}`)
				}
				l, _ := lookups(t, withHooks(&fakeService{answers: answers}, tt.hooks...))
				got := l.releases(context.Background(), "eu-west-1", of, tt.asg, made)
				if got.Problem != tt.problem || got.Known != tt.known {
					t.Errorf("known %v, problem %q; want %v, %q", got.Known, got.Problem, tt.known, tt.problem)
				}
				if found := idsOf(got.Value); sorted(found) != sorted(tt.want) {
					t.Errorf("found %q, want %q", found, tt.want)
				}
				for i := 1; i < len(got.Value); i++ {
					if got.Value[i].Created.After(got.Value[i-1].Created) {
						t.Errorf("not the newest first: %q", idsOf(got.Value))
					}
				}
			})
		}
	}
}

// TestReleasesOfManyApplications shows that the account is asked for all of its recent
// deployments, and that none that is not the group's is found.
func TestReleasesOfManyApplications(t *testing.T) {
	page := func(n int, next string) func(map[string]any) string {
		var ids []string
		for i := range n {
			ids = append(ids, fmt.Sprint("d-", i))
		}
		return list(ids, next)
	}
	within := func(d time.Duration, n int) func(map[string]any) string {
		return func(in map[string]any) string {
			if in["createTimeRange"].(map[string]any)["start"].(float64) >= epoch(made.Add(-d)) {
				return page(n, "")(in)
			}
			return page(50, "more")(in)
		}
	}
	for name, tt := range map[string]struct {
		list    func(map[string]any) string
		asked   int
		read    int
		problem string
	}{
		"none":          {always(`{"deployments":[]}`), 1, 0, ""},
		"a day's":       {page(100, ""), 1, 4, ""},
		"too many":      {page(101, ""), 4, 4, "only 100 deployments of the last 15 minutes were asked about, so many are there"},
		"an hour's":     {within(time.Hour, 60), 3, 3, "only the deployments of the last 1 hour were asked about, so many are there"},
		"never all":     {page(10, "more"), 4, 1, "only 10 deployments of the last 15 minutes were asked about, so many are there"},
		"denied":        {always(`{"__type":"AccessDeniedException"}`), 1, 0, "codedeploy:ListDeployments was denied; the notifier's role has no permission for it"},
		"four hours' 2": {within(4*time.Hour, 2), 2, 1, "only the deployments of the last 4 hours were asked about, so many are there"},
	} {
		s := &fakeService{answers: fleets(map[string]string{"a/blue": "web"})}
		s.answers["ListDeployments"] = tt.list
		l, _ := lookups(t, withHooks(s))
		got := l.releases(context.Background(), "eu-west-1", wire.Releases{Many: true}, "zeta-web", made)
		if got.Problem != tt.problem || got.Known != (name != "denied") || len(got.Value) > 0 {
			t.Errorf("%s: found %+v, want %q", name, got, tt.problem)
		}
		if lists, reads := len(s.asked["ListDeployments"]), len(s.asked["BatchGetDeployments"]); lists != tt.asked || reads != tt.read {
			t.Errorf("%s: listed %d times and read %d times, want %d and %d", name, lists, reads, tt.asked, tt.read)
		}
	}
}

// TestReleasesOfOthers shows that no deployment is found of an application that has nothing to do
// with the group, although CodeDeploy lists it.
func TestReleasesOfOthers(t *testing.T) {
	of := map[string]string{"alpha-api/one": "-", "beta-api/two": "-", "zeta/three": "ecs", "zeta-webs/four": "-", "z/blue": "zeta-api"}
	for _, r := range []wire.Releases{{Many: true}, {Applications: []string{"alpha-api", "beta-api", "zeta", "zeta-webs", "z"}}} {
		l, _ := lookups(t, withHooks(&fakeService{answers: fleets(of)}, hookOf("blue")))
		if got := l.releases(context.Background(), "eu-west-1", r, "zeta-web", made); len(got.Value) > 0 || got.Problem != "" || got.Known != r.Many {
			t.Errorf("%+v: found %+v", r, got)
		}
	}
}

// TestReleaseMakers shows that only the newest release that a person may have made is looked up
// in CloudTrail, and only if the watch asks for it.
func TestReleaseMakers(t *testing.T) {
	for who, want := range map[bool]string{true: "alice", false: ""} {
		s := &fakeService{answers: fleets(map[string]string{"a/blue": "web", "a/tags": "web"})}
		l, _ := lookups(t, withHooks(s))
		got := l.releases(context.Background(), "eu-west-1", wire.Releases{Applications: []string{"a"}, Who: who}, "web", made)
		if idsOf(got.Value) != "d-tags d-blue" || got.Value[1].By.Value != want || got.Value[0].By.Known {
			t.Errorf("found %+v", got.Value)
		}
		if n := len(s.asked["LookupEvents"]); n != len(want)/5 {
			t.Errorf("asked CloudTrail %d times", n)
		}
	}
}

// TestReleasesAreBounded shows that no more is asked than can be answered.
func TestReleasesAreBounded(t *testing.T) {
	const unread = "only 100 of the last day's deployments were asked about"
	for groups, want := range map[int]string{20: unread, 90: unread + "; only 20 of 90 deployment groups were asked about"} {
		of := map[string]string{}
		for i := range groups {
			of[fmt.Sprint("a/g", i)] = "web"
		}
		s := &fakeService{answers: fleets(of)}
		s.answers["ListDeployments"] = func(in map[string]any) string {
			var ids []string
			for i := range 100 {
				ids = append(ids, fmt.Sprintf(`"d-%s-%d"`, in["deploymentGroupName"], i))
			}
			return `{"deployments":[` + strings.Join(ids, ",") + `]}`
		}
		l, _ := lookups(t, withHooks(s))
		got := l.releases(context.Background(), "eu-west-1", wire.Releases{Applications: []string{"a"}}, "web", made)
		if got.Problem != want || !got.Known {
			t.Errorf("%d groups: problem %q, want %q", groups, got.Problem, want)
		}
		if n := len(s.asked["ListDeployments"]) + len(s.asked["BatchGetDeployments"]); n != 24 {
			t.Errorf("%d groups: asked %d times", groups, n)
		}
	}
}

// TestReleasesBehindNoise shows that a release is found among many deployments that
// Auto Scaling made, and that what was not read is reported.
func TestReleasesBehindNoise(t *testing.T) {
	all, ids := map[string]string{"d-1": record("d-1", "Succeeded", "user", 90)}, []string{}
	for i := range 120 {
		ids = append(ids, fmt.Sprint("d-noise", i))
		all[ids[i]] = record(ids[i], "Succeeded", "autoscaling", i)
	}
	const some = "only 100 of the last day's deployments were asked about"
	for _, tt := range []struct {
		ids           []string
		next, problem string
		found         bool
	}{
		{append(slices.Clone(ids[:99]), "d-1"), "", "", true},
		{append(slices.Clone(ids[:99]), "d-1"), "more", some, true},
		{append(slices.Clone(ids), "d-1"), "", some, false},
	} {
		s := &fakeService{answers: fleets(map[string]string{"a/blue": "web"})}
		s.answers["ListDeployments"], s.answers["BatchGetDeployments"] = list(tt.ids, tt.next), records(all)
		l, _ := lookups(t, withHooks(s))
		got := l.releases(context.Background(), "eu-west-1", wire.Releases{Applications: []string{"a"}}, "web", made)
		if strings.Contains(idsOf(got.Value), "d-1 ") != tt.found || got.Problem != tt.problem || !got.Known {
			t.Errorf("of %d found d-1: %v, problem %q", len(tt.ids), !tt.found, got.Problem)
		}
	}
}

func TestReleasesAreAskedForAsTheSDK(t *testing.T) {
	ctx := context.Background()
	askBoth(t, fleets(map[string]string{"a/blue": "web"}),
		func(l *Lookups) {
			_, _ = l.deploymentGroups(ctx, "eu-west-1", "a")
			_, _, _ = l.deploymentIDs(ctx, "eu-west-1", "a", "blue", made.Add(-releasesBack), made)
			_, _ = l.deployments(ctx, "eu-west-1", []string{"d-blue"})
		},
		func(cfg aws.Config) error {
			client := awscodedeploy.NewFromConfig(cfg)
			if _, err := client.ListDeploymentGroups(ctx, &awscodedeploy.ListDeploymentGroupsInput{ApplicationName: aws.String("a")}); err != nil {
				return err
			}
			if _, err := client.BatchGetDeploymentGroups(ctx, &awscodedeploy.BatchGetDeploymentGroupsInput{ApplicationName: aws.String("a"), DeploymentGroupNames: []string{"blue"}}); err != nil {
				return err
			}
			if _, err := client.ListDeployments(ctx, &awscodedeploy.ListDeploymentsInput{
				ApplicationName: aws.String("a"), DeploymentGroupName: aws.String("blue"),
				CreateTimeRange: &types.TimeRange{Start: aws.Time(made.Add(-releasesBack)), End: aws.Time(made)},
			}); err != nil {
				return err
			}
			_, err := client.BatchGetDeployments(ctx, &awscodedeploy.BatchGetDeploymentsInput{DeploymentIds: []string{"d-blue"}})
			return err
		})
}

func sorted(ids string) string {
	all := strings.Fields(ids)
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestRecentReleasesAreAskedForAsTheSDK(t *testing.T) {
	ctx := context.Background()
	answers := map[string]func(map[string]any) string{"ListDeployments": always(`{"deployments":[]}`)}
	askBoth(t, answers,
		func(l *Lookups) { _, _, _ = l.accountDeploymentIDs(ctx, "eu-west-1", made.Add(-time.Hour), made) },
		func(cfg aws.Config) error {
			_, err := awscodedeploy.NewFromConfig(cfg).ListDeployments(ctx, &awscodedeploy.ListDeploymentsInput{
				CreateTimeRange: &types.TimeRange{Start: aws.Time(made.Add(-time.Hour)), End: aws.Time(made)},
			})
			return err
		})
}
