package evidence

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/event/codedeploy"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscodedeploy "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

func TestDeploymentsBefore(t *testing.T) {
	all := map[string]string{
		"d-own": record("d-own", "InProgress", "user", 0),
		"d-1":   record("d-1", "Failed", "user", 10),
		"d-2":   record("d-2", "Succeeded", "codeDeployRollback", 9),
		"d-3":   record("d-3", "Succeeded", "user", 60),
		"d-asg": record("d-asg", "Succeeded", "autoscaling", 5),
		"d-new": record("d-new", "Created", "user", -1),
	}
	noise := []string{"d-own"}
	for i := range 120 {
		id := fmt.Sprint("d-n", i)
		noise = append(noise, id)
		all[id] = record(id, "Succeeded", "autoscaling", i+1)
	}
	newer := func(n int) (ids []string) {
		for i := range n {
			ids = append(ids, fmt.Sprint("d-l", i))
			all[ids[i]] = record(ids[i], "Succeeded", "user", -i-1)
		}
		return ids
	}
	last := func(after int) []string { return append(slices.Clone(noise[:after]), "d-1", "d-3") }
	reversed := last(60)
	slices.Reverse(reversed)
	tests := []struct {
		name    string
		ids     []string
		next    string
		want    string
		problem string
		batches int
	}{
		{name: "newest first", ids: []string{"d-own", "d-asg", "d-2", "d-1", "d-3"}, want: "d-2 d-1 d-3", batches: 1},
		{name: "oldest first", ids: []string{"d-3", "d-1", "d-2", "d-asg", "d-own"}, want: "d-2 d-1 d-3", batches: 1},
		{name: "a newer one", ids: []string{"d-new", "d-own", "d-3"}, want: "d-3", batches: 1},
		{name: "many newer ones", ids: slices.Concat(newer(30), last(1), noise[1:60]), want: "d-1 d-3", batches: 2},
		{name: "the first", ids: []string{"d-own"}, batches: 1},
		{name: "empty texts", ids: []string{"", "d-own", ""}, batches: 1},
		{name: "reads on to the last success", ids: last(60), next: "more", want: "d-1 d-3", batches: 3},
		{name: "reads on from the other end", ids: reversed, want: "d-1 d-3", batches: 3},
		{name: "no further from the other end", ids: append(slices.Clone(noise[1:60]), "d-3", "d-own"), want: "d-3", batches: 1},
		{name: "no further than the last success", ids: append([]string{"d-own", "d-3"}, noise[1:]...), want: "d-3", batches: 1},
		{name: "only noise", ids: noise[:50], batches: 2},
		{name: "as much noise as can be read", ids: noise[:maxBatches*batch], batches: 4},
		{name: "no further in any order", ids: slices.Concat([]string{"d-3"}, newer(23), noise[:30]), want: "d-3", batches: 1},
		{name: "too much noise", ids: noise, problem: "CodeDeploy lists too many deployments of the group to find the one before", batches: 4},
		{name: "noise and another page", ids: noise[:50], next: "more", problem: "CodeDeploy lists too many deployments of the group to find the one before", batches: 2},
		{name: "not on the page", ids: []string{"d-1"}, next: "more", problem: "CodeDeploy does not list the deployment among those of its group"},
		{name: "none", ids: []string{}, problem: "CodeDeploy does not list the deployment among those of its group"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &fakeService{answers: map[string]func(map[string]any) string{"ListDeployments": list(tt.ids, tt.next), "BatchGetDeployments": records(all)}}
			l, _ := lookups(t, s.ServeHTTP)
			got := l.deploymentsBefore(context.Background(), "eu-west-1", "a", "g", "d-own", made)
			if idsOf(got.Value) != tt.want || got.Problem != tt.problem || got.Known != (tt.problem == "") {
				t.Errorf("found %q, %+v; want %q, %q", idsOf(got.Value), got.Problem, tt.want, tt.problem)
			}
			if n := len(s.asked["BatchGetDeployments"]); n != tt.batches {
				t.Errorf("read %d batches, want %d", n, tt.batches)
			}
		})
	}
}

// TestDeploymentsBeforeOfUnknownTime shows that the deployment's own record says when
// it was made, if the event came long after.
func TestDeploymentsBeforeOfUnknownTime(t *testing.T) {
	all := map[string]string{"d-own": record("d-own", "Failed", "user", 40), "d-1": record("d-1", "Failed", "user", 50)}
	var ids []string
	for i := range 30 {
		ids = append(ids, fmt.Sprint("d-later", i))
		all[ids[i]] = record(ids[i], "Succeeded", "user", i+1)
	}
	ids = append(ids, "d-own", "d-1")
	for i := range 30 {
		ids = append(ids, fmt.Sprint("d-gone", i))
	}
	for _, ids := range [][]string{ids, {"d-later0", "d-1", "d-own", "d-gone0", "d-gone1"}} {
		s := &fakeService{answers: map[string]func(map[string]any) string{"ListDeployments": list(ids, ""), "BatchGetDeployments": records(all)}}
		l, _ := lookups(t, s.ServeHTTP)
		if got := l.deploymentsBefore(context.Background(), "eu-west-1", "a", "g", "d-own", made); idsOf(got.Value) != "d-1" {
			t.Errorf("found %q of %q", idsOf(got.Value), ids)
		}
	}
}

func TestDeploymentsBeforeProblems(t *testing.T) {
	ok := list([]string{"d-own", "d-1"}, "")
	for name, tt := range map[string]struct {
		list, get func(map[string]any) string
		problem   string
	}{
		"denied":           {always(`{"__type":"AccessDeniedException"}`), nil, "codedeploy:ListDeployments was denied; the notifier's role has no permission for it"},
		"group gone":       {always(`{"__type":"DeploymentGroupDoesNotExistException"}`), nil, "CodeDeploy does not know the application or its deployment group"},
		"empty":            {always(`{}`), nil, "CodeDeploy's answer could not be read"},
		"null":             {always(`{"deployments":null}`), nil, "CodeDeploy's answer could not be read"},
		"other type":       {always(`{"deployments":"d-own"}`), nil, "CodeDeploy does not list the deployment among those of its group"},
		"array":            {always(`[]`), nil, "CodeDeploy's answer could not be read"},
		"records empty":    {ok, always(`{}`), "CodeDeploy's answer could not be read"},
		"records throttle": {ok, always(`{"__type":"ThrottlingException"}`), "CodeDeploy was too busy to answer"},
		"records of none":  {ok, always(`{"deploymentsInfo":[null,{},{"deploymentId":7}]}`), ""},
	} {
		bubble(t, name, func(t *testing.T) {
			s := &fakeService{answers: map[string]func(map[string]any) string{"ListDeployments": tt.list, "BatchGetDeployments": tt.get}}
			l, _ := lookups(t, s.ServeHTTP)
			if got := l.deploymentsBefore(context.Background(), "eu-west-1", "a", "g", "d-own", made); got.Problem != tt.problem || got.Known != (tt.problem == "") || len(got.Value) > 0 {
				t.Errorf("found %+v, want %q", got, tt.problem)
			}
		})
	}
	l, _ := lookups(t, (&fakeService{}).ServeHTTP)
	if got := l.deploymentsBefore(context.Background(), "eu-west-1", "a", "", "d-own", made); got.Problem != "the event does not name the deployment and its group" {
		t.Errorf("problem is %q", got.Problem)
	}
}

// TestDeployments reads the recorded answer.
func TestDeployments(t *testing.T) {
	raw, err := os.ReadFile("testdata/codedeploy-api-batchgetdeployments-failed.json")
	if err != nil {
		t.Fatal(err)
	}
	l, _ := lookups(t, answer(200, string(raw)))
	found, problem := l.deployments(context.Background(), "eu-west-1", []string{"d-A1B2C3111", "d-A1B2C3222"})
	if problem != "" {
		t.Fatal(problem)
	}
	golden.JSON(t, "testdata/codedeploy-api-batchgetdeployments-failed.info.json", found)
}

// TestGatherOfADeployment shows that CloudTrail is asked who made a deployment only if
// the watch asks for it and wants the deployment.
func TestGatherOfADeployment(t *testing.T) {
	for _, tt := range []struct {
		creator string
		who     bool
		by      string
		lookUps int
	}{
		{"user", true, "alice", 1},
		{"user", false, "", 0},
		{"autoscaling", true, "", 0},
	} {
		bubble(t, fmt.Sprint(tt.creator, " ", tt.who), func(t *testing.T) {
			own := record("d-own", "Failed", tt.creator, 0)
			s := &fakeService{answers: map[string]func(map[string]any) string{
				"GetDeployment":         always(`{"deploymentInfo":` + own + `}`),
				"ListDeployments":       list([]string{"d-own", "d-1"}, ""),
				"BatchGetDeployments":   records(map[string]string{"d-own": own, "d-1": record("d-1", "Succeeded", "user", 5)}),
				"ListDeploymentTargets": always(`{"targetIds":[]}`),
				"LookupEvents":          always(trail("d-own", `{"userName":"alice"}`)),
			}}
			l, _ := lookups(t, s.ServeHTTP)
			d := &codedeploy.Deployment{ID: "d-own", Application: "a", Group: "g", State: wire.DeploymentFailed}
			l.Gather(context.Background(), &event.Event{Subject: d, Watch: wire.Watch{Deployments: &wire.Deployments{Who: tt.who}}})
			if d.Info.Value.By.Value != tt.by || len(s.asked["LookupEvents"]) != tt.lookUps {
				t.Errorf("%+v: made by %+v, asked %d times", tt, d.Info.Value.By, len(s.asked["LookupEvents"]))
			}
			if wanted := tt.creator == "user"; (idsOf(d.Before.Value) == "d-1") != wanted || d.Targets.Known != wanted {
				t.Errorf("%+v: before %+v, targets %+v", tt, d.Before, d.Targets)
			}
		})
	}
}

func TestDeploymentsBeforeAsksAsTheSDK(t *testing.T) {
	ctx := context.Background()
	answers := map[string]func(map[string]any) string{"ListDeployments": list([]string{"d-own"}, ""), "BatchGetDeployments": records(nil)}
	at := made.Add(1500 * time.Millisecond)
	askBoth(t, answers,
		func(l *Lookups) { l.deploymentsBefore(ctx, "eu-west-1", "a & b", "g", "d-own", at) },
		func(cfg aws.Config) error {
			client := awscodedeploy.NewFromConfig(cfg)
			if _, err := client.BatchGetDeployments(ctx, &awscodedeploy.BatchGetDeploymentsInput{DeploymentIds: []string{"d-own"}}); err != nil {
				return err
			}
			_, err := client.ListDeployments(ctx, &awscodedeploy.ListDeploymentsInput{
				ApplicationName: aws.String("a & b"), DeploymentGroupName: aws.String("g"),
				CreateTimeRange: &types.TimeRange{End: aws.Time(at.Add(time.Minute))},
			})
			return err
		})
}
