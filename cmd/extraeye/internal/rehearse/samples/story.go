package samples

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// Unsaid is what an event does not say and only AWS's APIs do.
type Unsaid struct {
	// Creator made the deployment that the event is about. Empty: a user.
	Creator wire.Creator
	// Failures is how many deployments failed just before that one.
	Failures int
	// Continued says that the instance waits for its lifecycle hook no more.
	Continued bool
}

// scene is one event of the story.
type scene struct {
	name  string
	pause time.Duration // before it, beyond the usual interval
	ago   time.Duration
	Unsaid
}

// interval lies between two scenes.
const interval = 45 * time.Second

// story is all built-in events in the order in which they happen: a release and
// the deaths after it, a release that fails, what else can go wrong, and recovery.
var story = tell(
	scene{name: "deployment-start"},
	scene{name: "deployment-instance-start"},
	scene{name: "deployment-instance-ready"},
	scene{name: "deployment-instance-success"},
	scene{name: "deployment-ready"},
	scene{name: "deployment-success"},
	scene{name: "ecs-deployment-in-progress"},
	scene{name: "ecs-deployment-completed"},

	scene{name: "alarm-raised", pause: 9 * time.Minute},
	scene{name: "termination-elb-health-check"},
	scene{name: "termination-ec2-status-check"},
	scene{name: "termination-unknown-cause"},
	scene{name: "termination-failed"},
	scene{name: "termination-scale-in"},
	scene{name: "instance-stopping"},
	scene{name: "instance-stopped"},
	scene{name: "instance-shutting-down"},
	scene{name: "instance-terminated"},
	scene{name: "spot-rebalance"},
	scene{name: "spot-interruption"},
	scene{name: "launch-no-capacity"},
	scene{name: "launch-bad-template"},
	scene{name: "launch-success"},
	scene{name: "lifecycle-launch-waiting"},
	scene{name: "lifecycle-launch-continued", Unsaid: Unsaid{Continued: true}},
	scene{name: "lifecycle-terminate-waiting"},
	scene{name: "instance-pending"},
	scene{name: "instance-running"},

	scene{name: "task-out-of-memory"},
	scene{name: "task-elb-health-check"},
	scene{name: "task-exit-code"},
	scene{name: "task-failed-to-start"},
	scene{name: "task-spot"},
	scene{name: "task-scaling"},
	scene{name: "ecs-service-placement-failure"},
	scene{name: "ecs-service-start-impaired"},
	scene{name: "ecs-deployment-failed"},
	scene{name: "ecs-deployment-rolling-back"},
	scene{name: "ecs-service-steady-state"},

	scene{name: "instance-refresh-started"},
	scene{name: "instance-refresh-checkpoint"},
	scene{name: "instance-refresh-baking"},
	scene{name: "instance-refresh-failed"},
	scene{name: "instance-refresh-rollback-started"},
	scene{name: "instance-refresh-rollback-failed"},
	scene{name: "instance-refresh-rollback-succeeded"},
	scene{name: "instance-refresh-cancelled"},
	scene{name: "instance-refresh-succeeded"},

	scene{name: "health-issue"},
	scene{name: "health-issue-backup"},
	scene{name: "health-issue-resolved"},
	scene{name: "health-scheduled-change"},
	scene{name: "health-notification"},
	scene{name: "health-abuse"},

	scene{name: "deployment-instance-failure"},
	scene{name: "deployment-failure"},
	scene{name: "deployment-rollback", Unsaid: Unsaid{Creator: wire.CreatorRollback}},
	scene{name: "deployment-stop"},
	scene{name: "deployment-autoscaling", Unsaid: Unsaid{Creator: wire.CreatorAutoScaling}},
	scene{name: "deployment-recovery", Unsaid: Unsaid{Failures: 2}},
	scene{name: "alarm-no-data"},
	scene{name: "alarm-ok"},
)

// tell sets the times of the scenes. All are within the last hour: AWS tells of an
// instance for about as long after its end.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
func tell(scenes ...scene) []scene {
	ago := interval
	for i := len(scenes) - 1; i >= 0; i-- {
		scenes[i].ago = ago
		ago += interval + scenes[i].pause
	}
	return scenes
}
