package watch

import (
	"time"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

const (
	shortestVerdict = 5 * time.Minute
	longestVerdict  = 6 * time.Hour
)

// verdict checks when it is to be reported how a release did, and returns what the notifier gets of it;
// nil: nothing. seen says that the watch reports successes.
func verdict(b *binding.Watch, after time.Duration, always, seen bool) *wire.Verdict {
	switch {
	case after == 0 && always:
		b.Problemf(binding.BadSetting, "%s.VerdictAlways has no effect without Verdict; set Verdict, such as 30 * time.Minute", b.Name)
	case after == 0:
		return nil
	case after < shortestVerdict || after > longestVerdict || after%time.Minute != 0:
		b.Problemf(binding.BadSetting, "%s.Verdict is %s; it must be whole minutes, %s to %s", b.Name, after, shortestVerdict, longestVerdict)
	case !seen:
		b.Problemf(binding.BadSetting, "%s.Verdict has no effect, because States has no success; add it to States", b.Name)
	}
	return &wire.Verdict{AfterSeconds: int(after / time.Second), Always: always}
}

// verdictGrants let the notifier find how a deployment group's release did.
func (n codeDeployNames) verdictGrants(scope constructs.Construct) []binding.Grant {
	return append([]binding.Grant{
		n.grant("codedeploy:BatchGetDeploymentGroups"),
		describeGroups(),
		scalingActivities(),
		readAlarms(),
		{
			Actions:   []string{"ecs:DescribeServices"},
			Resources: []string{binding.ARNsOf(scope, "ecs") + "service/*"},
			Broad:     "ecs:DescribeServices is granted for the services that CodeDeploy deploys to, whose names only the deployment groups have",
		},
	}, readMetrics()...)
}

// verdictGrants let the notifier find how a service's release did.
func (n ecsNames) verdictGrants() []binding.Grant {
	return append(append(n.readTasks(), readAlarms()), readMetrics()...)
}
