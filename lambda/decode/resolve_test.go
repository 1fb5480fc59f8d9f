package decode

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/notice"
)

// TestResolves checks that what ends something wrong has the key of what began it.
func TestResolves(t *testing.T) {
	for end, begins := range map[string][]string{
		"asg-instance-refresh-succeeded":          {"asg-instance-refresh-failed", "asg-instance-refresh-cancelled", "asg-instance-refresh-rollback-started"}, //nolint:misspell // as AWS spells it
		"asg-instance-refresh-rollback-succeeded": {"asg-instance-refresh-failed", "asg-instance-refresh-rollback-started"},
		"ecs-deployment-completed":                {"ecs-deployment-failed", "ecs-deployment-rolling-back-doc"},
		"ecs-service-action-service-steady-state": {"ecs-service-action-service-task-placement-failure", "ecs-service-action-service-task-start-impaired"},
	} {
		key := keyOf(t, recorded(t, end, wire.Watch{}), notice.Resolved)
		for _, begin := range begins {
			if opened := keyOf(t, recorded(t, begin, wire.Watch{}), notice.Open); opened != key {
				t.Errorf("%s opens %s, %s resolves %s", begin, opened, end, key)
			}
		}
	}
}

// TestRollbackResolves checks that a rollback resolves the deployment that failed, and
// that a success on an instance resolves a failure on it.
func TestRollbackResolves(t *testing.T) {
	for _, kind := range []string{"codedeploy-deployment-success-doc", "codedeploy-instance-success-doc"} {
		begin, end := recorded(t, kind, wire.Watch{}), recorded(t, kind, wire.Watch{})
		switch s := begin.Subject.(type) {
		case *codedeploy.Deployment:
			s.State, s.ID = wire.DeploymentFailed, "d-1"
			end.Subject.(*codedeploy.Deployment).Info = event.Found(codedeploy.DeploymentInfo{Creator: wire.CreatorRollback, RollbackOf: "d-1"})
		case *codedeploy.DeploymentInstance:
			s.State, s.DeploymentID = wire.DeploymentFailed, "d-1"
		}
		if opened, resolved := keyOf(t, begin, notice.Open), keyOf(t, end, notice.Resolved); opened != resolved {
			t.Errorf("%s is opened and %s is resolved", opened, resolved)
		}
	}
}

func keyOf(t *testing.T, e *event.Event, want notice.Status) string {
	t.Helper()
	n := e.Notice(time.Now())
	if n.Status != want {
		t.Errorf("%s: status %s, want %s", n.Title, n.Status, want)
	}
	return n.Key
}
