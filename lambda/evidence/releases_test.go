package evidence

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscodedeploy "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"github.com/extraeye/extraeye/internal/wire"
)

// fleets is a stand-in for applications whose deployment groups deploy to one Auto
// Scaling group each: "app/group": "asg". Each has the deployment "d-group".
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
	return map[string]func(map[string]any) string{
		"ListDeploymentGroups": func(in map[string]any) string {
			return wrap("deploymentGroups", groups(in, func(name, _ string) string { return `"` + name + `"` }))
		},
		"BatchGetDeploymentGroups": func(in map[string]any) string {
			return wrap("deploymentGroupsInfo", groups(in, func(name, asg string) string {
				return fmt.Sprintf(`{"deploymentGroupName":%q,"autoScalingGroups":[{"name":"other"},{"name":%q}]}`, name, asg)
			}))
		},
		"ListDeployments": func(in map[string]any) string {
			return fmt.Sprintf(`{"deployments":["d-%s"]}`, in["deploymentGroupName"])
		},
		"BatchGetDeployments": records(map[string]string{
			"d-blue": record("d-blue", "Succeeded", "user", 6), "d-green": record("d-green", "Failed", "codeDeployRollback", 3), "d-tags": record("d-tags", "Succeeded", "autoscaling", 1),
		}),
		"LookupEvents": always(trail("d-blue", `{"type":"IAMUser","userName":"alice"}`)),
	}
}

func TestReleases(t *testing.T) {
	all := map[string]string{"a/blue": "web", "a/green": "jobs", "b/tags": "-"}
	tests := []struct {
		name         string
		fleets       map[string]string
		applications []string
		asg          string
		deny         string
		want         string
		problem      string
		known        bool
	}{
		{name: "the group's own", fleets: all, applications: []string{"a", "b"}, asg: "web", want: "d-blue", known: true},
		{name: "none names the group", fleets: all, applications: []string{"a", "b"}, asg: "elsewhere", want: "d-tags d-green d-blue", known: true},
		{name: "one application is gone", fleets: all, applications: []string{"a", "gone"}, asg: "web", want: "d-blue", problem: "CodeDeploy does not know the application or its deployment group", known: true},
		{name: "all are gone", fleets: all, applications: []string{"gone", "too"}, asg: "web", problem: "CodeDeploy does not know the application or its deployment group"},
		{name: "denied", fleets: all, applications: []string{"a", "b"}, asg: "web", deny: "BatchGetDeployments", problem: "codedeploy:BatchGetDeployments was denied; the notifier's role has no permission for it"},
		{name: "none names the group, one is like it", fleets: map[string]string{"other/green": "-", "web/blue": "-"}, applications: []string{"other", "web"}, asg: "web-production", want: "d-blue", known: true},
		{name: "the sixth application is like the group", fleets: map[string]string{"a/green": "-", "web/blue": "web-production"}, applications: []string{"a", "a", "a", "a", "a", "web"}, asg: "web-production", want: "d-blue", known: true},
		{name: "no applications", fleets: all, asg: "web", known: true},
		{name: "too many applications", fleets: all, applications: []string{"a", "a", "a", "a", "a", "b"}, asg: "-", want: "d-green d-green d-green d-green d-green d-blue d-blue d-blue d-blue d-blue", problem: "only 5 of 6 applications were asked about", known: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answers := fleets(tt.fleets)
			if tt.deny != "" {
				answers[tt.deny] = always(`{"__type":"AccessDeniedException"}`)
			}
			l, _ := lookups(t, (&stand{answers: answers}).ServeHTTP)
			got := l.releases(context.Background(), "eu-west-1", wire.Releases{Applications: tt.applications}, tt.asg, made)
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

// TestReleaseMakers shows that only the newest release that somebody made is looked up
// in CloudTrail, and only if the watch asks for it.
func TestReleaseMakers(t *testing.T) {
	for who, want := range map[bool]string{true: "alice", false: ""} {
		s := &stand{answers: fleets(map[string]string{"a/blue": "web", "a/tags": "web"})}
		l, _ := lookups(t, s.ServeHTTP)
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
	of := map[string]string{}
	for i := range 90 {
		of[fmt.Sprint("a/g", i)] = "web"
	}
	s := &stand{answers: fleets(of)}
	s.answers["ListDeployments"] = func(in map[string]any) string {
		var ids []string
		for i := range 100 {
			ids = append(ids, fmt.Sprintf(`"d-%s-%d"`, in["deploymentGroupName"], i))
		}
		return `{"deployments":[` + strings.Join(ids, ",") + `]}`
	}
	l, _ := lookups(t, s.ServeHTTP)
	got := l.releases(context.Background(), "eu-west-1", wire.Releases{Applications: []string{"a"}}, "web", made)
	if want := "only 100 of the last day's deployments were asked about; only 20 of 90 deployment groups were asked about"; got.Problem != want || !got.Known {
		t.Errorf("problem %q", got.Problem)
	}
	if n := len(s.asked["ListDeployments"]) + len(s.asked["BatchGetDeployments"]); n != 24 {
		t.Errorf("asked %d times", n)
	}
}

// TestReleasesBehindNoise shows that a release is found among many deployments that
// Auto Scaling made, and that what was not read is told.
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
		s := &stand{answers: fleets(map[string]string{"a/blue": "web"})}
		s.answers["ListDeployments"], s.answers["BatchGetDeployments"] = list(tt.ids, tt.next), records(all)
		l, _ := lookups(t, s.ServeHTTP)
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
			l.releases(ctx, "eu-west-1", wire.Releases{Applications: []string{"a"}}, "web", made)
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

func sorted(words string) string {
	all := strings.Fields(words)
	slices.Sort(all)
	return strings.Join(all, " ")
}
