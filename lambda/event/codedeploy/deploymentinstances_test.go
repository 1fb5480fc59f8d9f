package codedeploy

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestDeploymentInstanceGoldens(t *testing.T) {
	tests := []struct {
		name, state string
		evidence    func(*DeploymentInstance)
	}{
		{"deployment-instance-failed", "FAILURE", func(s *DeploymentInstance) {
			s.Info = event.Found(DeploymentInfo{Creator: wire.CreatorUser, Revision: Revision{Bucket: "releases", Key: "myApplication-1.4.2.zip"}})
			s.Instance = event.Found(ec2.Instance{Name: "web-3", Type: "t3.small", Image: "ami-1", State: "running", Launched: begun})
			s.Target = event.Found(DeploymentTarget{ID: s.InstanceID, Status: StatusFailed, LifecycleEvents: []LifecycleEvent{
				{Name: "BeforeInstall", Status: StatusFailed, Script: "scripts/stop.sh", ErrorCode: "ScriptTimedOut", Message: "Script did not finish in 300 seconds", LogTail: "[stdout]waiting for <nginx>"},
			}})
		}},
		{"deployment-instance-nothing-found", "SUCCESS", func(s *DeploymentInstance) {
			s.Info = event.NotFound[DeploymentInfo]("CodeDeploy did not answer in time")
			s.Instance = event.NotFound[ec2.Instance]("EC2 was too busy to answer")
			s.Target = event.NotFound[DeploymentTarget]("CodeDeploy does not know the instance as one of the deployment's")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, "codedeploy-instance-success-doc", wire.Watch{DeploymentInstances: &wire.DeploymentInstances{}}, func(e *event.Event) {
				s := e.Subject.(*DeploymentInstance)
				s.State = wire.DeploymentState(tt.state)
				tt.evidence(s)
			})
		})
	}
}

func TestDecodeDeploymentInstance(t *testing.T) {
	type want struct {
		deployment, application, group, instance string
		ec2                                      bool
		severity                                 notice.Severity
		status                                   notice.Status
	}
	tests := []struct {
		name, detail, resources string
		want                    want
	}{
		{"failure", `{"instanceId":"i-1","state":"FAILURE","application":"a","deploymentId":"d-1","deploymentGroup":"g"}`, `[]`,
			want{"d-1", "a", "g", "i-1", true, notice.Warning, notice.Open}},
		{"all from the resources", `{"state":"SUCCESS"}`, `["arn:aws:codedeploy:r:1:deploymentgroup:a/g","arn:aws:ec2:r:1:instance/i-2"]`,
			want{"", "a", "g", "i-2", true, notice.Info, notice.Resolved}},
		{"on-premises by its ARN", `{"instanceId":"arn:aws:codedeploy:r:1:instance/rack-4_x","state":"START"}`, `[]`,
			want{"", "", "", "rack-4_x", false, notice.Info, notice.Marker}},
		{"on-premises by its name", `{"instanceId":"rack-4","state":"START"}`, `[]`,
			want{"", "", "", "rack-4", false, notice.Info, notice.Marker}},
		{"nothing", `{}`, `null`, want{severity: notice.Warning, status: notice.Marker}},
		{"other types", `{"instanceId":{},"state":["x"],"application":null,"deploymentId":7,"deploymentGroup":true}`, `{"a":1}`,
			want{deployment: "7", group: "true", severity: notice.Warning, status: notice.Marker}},
		{"an unheard state", `{"instanceId":"i-1","state":"<PAUSED>\u202e\n"}`, `[]`, want{instance: "i-1", ec2: true, severity: notice.Warning, status: notice.Marker}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := eventtest.Decode(Decoders, `{"source":"aws.codedeploy","detail-type":"CodeDeploy Instance State-change Notification","id":"1","account":"1","region":"eu-west-1",
				"resources":`+tt.resources+`,"detail":`+tt.detail+`}`, wire.Watch{})
			s := e.Subject.(*DeploymentInstance)
			n := e.Notice(time.Time{})
			eventtest.Check(t, n)
			got := want{s.DeploymentID, s.Application, s.Group, s.InstanceID, s.OnEC2(), n.Severity, n.Status}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if linked := slices.ContainsFunc(n.Links, func(l notice.Link) bool { return l.Label == "Instance" }); linked != tt.want.ec2 {
				t.Errorf("the links are %v", n.Links)
			}
			if key := "codedeploy:1:eu-west-1:" + s.Application + "/" + s.Group + ":" + cmp.Or(s.InstanceID, "1"); n.Key != key || n.Kind != notice.KindDeploymentInstance || n.Release != nil {
				t.Errorf("key %q, kind %q, release %v", n.Key, n.Kind, n.Release)
			}
		})
	}
}
