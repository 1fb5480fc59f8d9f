package codedeploy

import (
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

// begun is when the deployment of codedeploy-deployment-success-doc began.
var begun = time.Date(2016, 6, 30, 22, 2, 1, 0, time.UTC)

// attempt is a deployment that was made before begun and took two minutes.
func attempt(id, status string, before time.Duration) DeploymentInfo {
	made := begun.Add(-before)
	return DeploymentInfo{ID: id, Status: status, Creator: wire.CreatorUser, Created: made, Completed: made.Add(2 * time.Minute)}
}

func commit(c string) Revision {
	return Revision{Repository: "some-team/some-service", Commit: strings.Repeat(c, 40)}
}

// TestDeploymentGoldens compares whole notices with everything that is looked up.
func TestDeploymentGoldens(t *testing.T) {
	start := LifecycleEvent{
		Name: "ApplicationStart", Status: StatusFailed, Script: "scripts/start.sh", ErrorCode: "ScriptFailed",
		Message: "Script at specified location: scripts/start.sh failed with exit code 1",
		LogTail: "LifecycleEvent - ApplicationStart\nScript - scripts/start.sh\n[stderr]Traceback (most recent call last):\n[stderr]<ConnectionError>: no route to db-1\n",
	}
	tests := []struct {
		name, event string
		evidence    func(*Deployment)
	}{
		{"deployment-failed-targets", "codedeploy-deployment-failure-synth", func(d *Deployment) {
			d.Info = event.Found(DeploymentInfo{
				Creator: wire.CreatorUser, Revision: commit("b"), Previous: commit("a"), Created: begun, Completed: begun.Add(3 * time.Minute),
				Instances: []InstanceCount{{"Succeeded", 1}, {"Failed", 2}}, ErrorCode: "HEALTH_CONSTRAINTS", ErrorMessage: "The deployment failed because too many instances failed.",
				By: event.Found("alice (role Deployer)"),
			})
			d.Before = event.Found([]DeploymentInfo{attempt("d-1", StatusFailed, time.Hour)})
			d.Targets = event.Found([]DeploymentTarget{
				{ID: "i-0000000aaaaaaaaaa", Status: StatusFailed, LifecycleEvents: []LifecycleEvent{{Name: "BeforeInstall", Status: StatusSucceeded}, start}},
				{ID: "i-0000000bbbbbbbbbb", Status: StatusFailed},
			})
		}},
		{"deployment-recovered", "codedeploy-deployment-success-doc", func(d *Deployment) {
			d.Info = event.Found(DeploymentInfo{Creator: wire.CreatorUser, Revision: commit("b"), Created: begun, Completed: begun.Add(4 * time.Minute), By: event.Found("alice")})
			good := attempt("d-1", StatusSucceeded, 3*time.Hour)
			good.Revision = commit("a")
			d.Before = event.Found([]DeploymentInfo{attempt("d-3", StatusFailed, 20*time.Minute), attempt("d-2", StatusFailed, 38*time.Minute), good})
		}},
		{"deployment-rolled-back", "codedeploy-deployment-success-doc", func(d *Deployment) {
			d.Info = event.Found(DeploymentInfo{Creator: wire.CreatorRollback, RollbackOf: "d-3", Revision: commit("a"), Created: begun})
			d.Before = event.Found([]DeploymentInfo{attempt("d-3", StatusFailed, 20*time.Minute)})
		}},
		{"deployment-nothing-found", "codedeploy-deployment-failure-synth", func(d *Deployment) {
			d.Info = event.NotFound[DeploymentInfo]("codedeploy:GetDeployment was denied; the notifier's role has no permission for it")
			d.Before = event.NotFound[[]DeploymentInfo]("CodeDeploy was too busy to answer")
			d.Targets = event.NotFound[[]DeploymentTarget]("CodeDeploy did not answer in time")
		}},
		{"deployment-maker-not-found", "codedeploy-deployment-start-synth", func(d *Deployment) {
			d.Info = event.Found(DeploymentInfo{Creator: wire.CreatorUser, Created: begun, By: event.NotFound[string]("CloudTrail does not have it, or not yet")})
			d.Before = event.Found([]DeploymentInfo{})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Service: "some-service", Deployments: &wire.Deployments{}}, func(e *event.Event) { tt.evidence(e.Subject.(*Deployment)) })
		})
	}
}

// TestDeploymentChanges shows which successes a watch of changes reports.
func TestDeploymentChanges(t *testing.T) {
	before := func(statuses ...string) event.Finding[[]DeploymentInfo] {
		all := []DeploymentInfo{}
		for i, s := range statuses {
			all = append(all, attempt("d", s, time.Duration(i)*time.Hour))
		}
		return event.Found(all)
	}
	madeBy := func(f event.Finding[[]DeploymentInfo], c wire.Creator) event.Finding[[]DeploymentInfo] {
		f.Value[0].Creator = c
		return f
	}
	tests := []struct {
		name     string
		state    wire.DeploymentState
		creator  wire.Creator
		before   event.Finding[[]DeploymentInfo]
		reported bool
	}{
		{"not looked up", wire.DeploymentSucceeded, wire.CreatorUser, event.Finding[[]DeploymentInfo]{}, true},
		{"not found", wire.DeploymentSucceeded, wire.CreatorUser, event.NotFound[[]DeploymentInfo]("no"), true},
		{"the first", wire.DeploymentSucceeded, wire.CreatorUser, before(), false},
		{"after a success", wire.DeploymentSucceeded, wire.CreatorUser, before("Succeeded", "Failed"), false},
		{"after a failure", wire.DeploymentSucceeded, wire.CreatorUser, before("Failed", "Succeeded"), true},
		{"after a stop", wire.DeploymentSucceeded, wire.CreatorUser, before("Stopped", "Succeeded"), true},
		{"after one that goes on, and a success", wire.DeploymentSucceeded, wire.CreatorUser, before("InProgress", "Succeeded"), false},
		{"after a failure and its rollback", wire.DeploymentSucceeded, wire.CreatorUser, madeBy(before("Succeeded", "Failed"), wire.CreatorRollback), true},
		{"after a success and a failure for an instance", wire.DeploymentSucceeded, wire.CreatorUser, madeBy(before("Failed", "Succeeded"), wire.CreatorAutoScaling), false},
		{"a rollback", wire.DeploymentSucceeded, wire.CreatorRollback, before("Succeeded"), true},
		{"a failure", wire.DeploymentFailed, wire.CreatorUser, before("Succeeded"), true},
		{"a start", wire.DeploymentStarted, wire.CreatorUser, before("Succeeded"), true},
		{"a noisy failure", wire.DeploymentFailed, wire.CreatorAutoScaling, before("Succeeded"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &Deployment{State: tt.state, Info: event.Found(DeploymentInfo{Creator: tt.creator}), Before: tt.before}
			if why := d.SkipReason(wire.Watch{Deployments: &wire.Deployments{Changes: true}}); (why == "") != tt.reported {
				t.Errorf("unwanted: %q", why)
			}
		})
	}
}

// TestHostileDeployment writes a notice from evidence that nobody should send.
func TestHostileDeployment(t *testing.T) {
	many := make([]DeploymentTarget, 100)
	for i := range many {
		many[i] = DeploymentTarget{ID: "<b>\x00\n", LifecycleEvents: []LifecycleEvent{{}, {Status: StatusFailed, Name: "\u202e", LogTail: strings.Repeat("ü", 1<<15), Message: strings.Repeat("m\n", 1<<15)}}}
	}
	e := eventtest.Decode(Decoders, `{"source":"aws.codedeploy","detail-type":"CodeDeploy Deployment State-change Notification","detail":{"state":"FAILURE"},"resources":[7,null,":deploymentgroup:"]}`, wire.Watch{})
	d := e.Subject.(*Deployment)
	d.Targets = event.Found(many)
	d.Before = event.Found(make([]DeploymentInfo, 100))
	n := e.Notice(begun)
	eventtest.Check(t, n)
	for _, f := range n.Facts {
		if len(f.Value) > 5000 {
			t.Errorf("%s has %d bytes", f.Label, len(f.Value))
		}
	}
}

// TestGoldenDeploymentInfo compares whole notices by what CodeDeploy knows of the
// deployment.
func TestGoldenDeploymentInfo(t *testing.T) {
	deployment := func(info DeploymentInfo) func(*event.Event) {
		return func(e *event.Event) { e.Subject.(*Deployment).Info = event.Found(info) }
	}
	started := time.Date(2016, 6, 30, 22, 2, 1, 0, time.UTC)
	s3 := Revision{Bucket: "releases", Key: "some-service/myApplication-1.4.2.zip", Version: "uTec", ETag: `"dd56"`}
	tests := []struct {
		name, event string
		evidence    func(*event.Event)
	}{
		{"deployed-s3", "codedeploy-deployment-success-doc", deployment(DeploymentInfo{
			Creator: wire.CreatorUser, Description: "Friday's release", Config: "CodeDeployDefault.OneAtATime", Platform: "Server", Revision: s3,
			Created: started, Completed: started.Add(4*time.Minute + 30*time.Second), Instances: []InstanceCount{{"Succeeded", 3}, {"Skipped", 1}},
		})},
		{"failed-github", "codedeploy-deployment-failure-synth", deployment(DeploymentInfo{
			Creator: wire.CreatorUser, Revision: Revision{Repository: "some-team/some-service", Commit: "fa85936e9c31736c051f10d77297aa55d1f0c3b2"},
			Created: started, Instances: []InstanceCount{{"Failed", 2}}, ErrorCode: "HEALTH_CONSTRAINTS",
			ErrorMessage: "Deployment failed: Constraint default violated: No hosts succeeded.", RolledBackBy: "d-A1B2C3124",
		})},
		{"rolled-back", "codedeploy-deployment-success-doc", deployment(DeploymentInfo{
			Creator: wire.CreatorRollback, Revision: s3, RollbackOf: "d-A1B2C3123", RollbackMessage: "Deployment d-123456789 is a rollback of d-A1B2C3123",
		})},
		{"rollback-failed", "codedeploy-deployment-failure-synth", deployment(DeploymentInfo{Creator: wire.CreatorRollback, RollbackOf: "d-1"})},
		{"appspec-ecs", "codedeploy-deployment-ready-ecs-adapted", deployment(DeploymentInfo{
			Creator: wire.CreatorUser, Platform: "ECS", Revision: Revision{AppSpec: "Resources:\n  - TargetService:\n      Properties:\n        TaskDefinition: \"arn:aws:ecs:ap-northeast-2:123456789012:task-definition/todo:7\"\n"},
		})},
		{"info-not-found", "codedeploy-deployment-stop-synth", func(e *event.Event) {
			e.Subject.(*Deployment).Info = event.NotFound[DeploymentInfo]("codedeploy:GetDeployment was denied")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Service: "some-service"}, tt.evidence)
		})
	}
}

// TestEveryStateHasText walks the states, so that none is reported without a title.
func TestEveryStateHasText(t *testing.T) {
	for _, s := range wire.AllDeploymentStates() {
		if states[s].title == "" {
			t.Errorf("state %q has no text: add it to states", s)
		}
	}
}
