package watch_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/watch"
)

// TestRecorded checks which records belong to what is watched, and that nothing may be read where
// there are none.
func TestRecorded(t *testing.T) {
	a := []string{"a"}
	const cluster = "arn:aws:ecs:eu-west-1:210987654321:cluster/main"
	for name, tt := range map[string]struct {
		watch func(awscdk.Stack) watch.Watch
		want  string
	}{
		"groups":             {given(watch.Terminations{AutoScalingGroupNames: []string{"a", "b"}}), `{"groups":["a","b"]}`},
		"Spot groups":        {given(watch.SpotInterruptions{AutoScalingGroupNames: a}), `{"groups":["a"]}`},
		"all Spot Instances": {given(watch.SpotInterruptions{}), `{}`},
		"applications":       {given(watch.Deployments{CodeDeployApplications: a}), `{"applications":[{"name":"a"}]}`},
		"deployment groups": {given(watch.DeploymentInstances{CodeDeployApplications: []string{"a", "b"}, DeploymentGroups: []string{"c"}}),
			`{"applications":[{"name":"a","group":"c"},{"name":"b","group":"c"}]}`},
		"clusters": {given(watch.ECSTasks{ClusterNames: a}), `{"ecsServices":[{"cluster":"a","name":"*"}]}`},
		"services": {given(watch.ECSServices{ClusterNames: []string{cluster}, ServiceNames: a}), `{"ecsServices":[{"cluster":"main","name":"a"}]}`},
		"clusters that are known at deployment": {func(s awscdk.Stack) watch.Watch {
			return watch.ECSDeployments{ClusterNames: []string{*newCluster(s).ClusterArn()}}
		}, `{"ecsServices":[{"cluster":"${part 1 of ${ClusterEB0386A7.Arn}}","name":"*"}]}`},
		"alarms":         {given(watch.Alarms{AlarmNames: a, AlarmNamePrefixes: []string{"web-"}}), `{"alarms":["a","web-*"]}`},
		"alarms by tags": {given(watch.Alarms{AlarmTags: map[string][]string{"team": a}}), `{}`},
		"instances":      {given(watch.Instances{InstanceIDs: []string{"i-1"}}), `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			recorded := tt.watch(stack).Bind(stack).Recorded
			if got := cdktest.Flat(stack.Resolve(cdktest.Encode(t, recorded.Scope))); got != tt.want {
				t.Errorf("the records are those of\n%s\nwant\n%s", got, tt.want)
			}
			if none := tt.want == `{}`; none != (len(recorded.Grants) == 0) {
				t.Errorf("%d grants for the records of %s", len(recorded.Grants), tt.want)
			}
		})
	}
}

// given is a watch that needs nothing of the stack.
func given(w watch.Watch) func(awscdk.Stack) watch.Watch {
	return func(awscdk.Stack) watch.Watch { return w }
}
