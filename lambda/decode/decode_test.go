package decode

import (
	"encoding/json"
	"maps"
	"os"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

func TestIncompleteEvents(t *testing.T) {
	const terminate = `"source":"aws.autoscaling","detail-type":"EC2 Instance Terminate Successful"`
	const deploy = `"source":"aws.codedeploy","detail-type":"CodeDeploy Deployment State-change Notification"`
	const arns = `"resources":["arn:aws-cn:ec2:cn-north-1:210987654321:instance/i-1","arn:aws-cn:autoscaling:cn-north-1:210987654321:autoScalingGroup:u:autoScalingGroupName/a group"]`
	const deployARNs = `"resources":["arn:aws:codedeploy:eu-west-1:210987654321:deploymentgroup:app/prod"]`
	tests := []struct{ name, event, title string }{
		{"empty detail", `{` + terminate + `,"detail":{}}`, "Unknown cause killed an unnamed instance in an unnamed group"},
		{"names from the resources", `{` + terminate + `,` + arns + `,"detail":{}}`, "Unknown cause killed i-1 in a group"},
		{"null fields", `{` + terminate + `,"detail":{"AutoScalingGroupName":null,"EC2InstanceId":null,"Cause":null,"Details":null}}`, "Unknown cause killed an unnamed instance in an unnamed group"},
		{"other types", `{` + terminate + `,"id":7,"time":12,"resources":"x","detail":{"AutoScalingGroupName":42,"EC2InstanceId":["i-1"],"Cause":{"a":1},"Details":"x","StartTime":[]}}`, "Unknown cause killed an unnamed instance in 42"},
		{"line breaks in a name", `{` + terminate + `,"detail":{"AutoScalingGroupName":"a\r\nBcc: b","EC2InstanceId":"i-1"}}`, "Unknown cause killed i-1 in a Bcc: b"},
		{"no state", `{` + deploy + `,"detail":{"application":"app"}}`, "Deployment in an unknown state: app"},
		{"new state", `{` + deploy + `,"detail":{"application":"app","deploymentGroup":"prod","state":"PAUSE"}}`, "Deployment PAUSE: app to prod"},
		{"deployment from the resources", `{` + deploy + `,` + deployARNs + `,"detail":{"state":"SUCCESS"}}`, "Deployed: app to prod"},
		{"detail is text", `{` + deploy + `,"detail":"x"}`, "Unread event: CodeDeploy Deployment State-change Notification"},
		{"detail is null", `{` + deploy + `,"detail":null}`, "Unread event: CodeDeploy Deployment State-change Notification"},
		{"detail of a refresh is text", `{"source":"aws.autoscaling","detail-type":"EC2 Auto Scaling Instance Refresh Failed","detail":"x"}`, "Unread event: EC2 Auto Scaling Instance Refresh Failed"},
		{"detail of a launch is null", `{"source":"aws.autoscaling","detail-type":"EC2 Instance Launch Unsuccessful","detail":null}`, "Unread event: EC2 Instance Launch Unsuccessful"},
		{"detail of a lifecycle action is an array", `{"source":"aws.autoscaling","detail-type":"EC2 Instance-launch Lifecycle Action","detail":[]}`, "Unread event: EC2 Instance-launch Lifecycle Action"},
		{"other event", `{"source":"aws.ec2","detail-type":"Something","detail":{}}`, "Unread event: Something"},
		{"empty object", `{}`, "An event that could not be read"},
		{"array", `[]`, "An event that could not be read"},
		{"null", `null`, "An event that could not be read"},
		{"nothing", ``, "An event that could not be read"},
		{"no JSON", `{"a":`, "An event that could not be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := Decode(json.RawMessage(tt.event), wire.Watch{}).Notice(time.Now())
			if n.Title != tt.title {
				t.Errorf("title is %q, want %q", n.Title, tt.title)
			}
			eventtest.Check(t, n)
		})
	}
}

func TestRegionAndAccountFromResources(t *testing.T) {
	e := Decode(json.RawMessage(`{"resources":["auto-scaling-group-arn","arn:aws-cn:ec2:cn-north-1:210987654321:instance/i-1"]}`), wire.Watch{})
	if e.Region != "cn-north-1" || e.Account != "210987654321" {
		t.Errorf("region %q, account %q", e.Region, e.Account)
	}
}

func TestSkipReason(t *testing.T) {
	termination := func(c wire.Cause) event.Subject { return &autoscaling.Termination{Cause: c} }
	deployment := func(c wire.Creator) event.Subject {
		return &codedeploy.Deployment{Info: event.Found(codedeploy.DeploymentInfo{Creator: c})}
	}
	terminations := wire.Watch{Terminations: &wire.Terminations{}}
	deployments := wire.Watch{Deployments: &wire.Deployments{}}
	tests := []struct {
		name    string
		subject event.Subject
		watch   wire.Watch
		wanted  bool
	}{
		{"health check", termination(wire.CauseELBHealthCheck), terminations, true},
		{"unknown cause", termination(wire.CauseUnknown), terminations, true},
		{"scale-in", termination(wire.CauseScaleIn), terminations, false},
		{"scale-in asked for", termination(wire.CauseScaleIn), wire.Watch{Terminations: &wire.Terminations{Causes: []wire.Cause{wire.CauseScaleIn}}}, true},
		{"user", deployment(wire.CreatorUser), deployments, true},
		{"rollback", deployment(wire.CreatorRollback), deployments, true},
		{"new creator", deployment("SomethingNew"), deployments, true},
		{"autoscaling", deployment(wire.CreatorAutoScaling), deployments, false},
		{"autoscalingTermination", deployment(wire.CreatorAutoScalingTermination), deployments, false},
		{"autoscaling asked for", deployment(wire.CreatorAutoScaling), wire.Watch{Deployments: &wire.Deployments{Creators: wire.AllCreators()}}, true},
		{"creator not asked for", deployment(wire.CreatorUser), wire.Watch{Deployments: &wire.Deployments{Creators: wire.NoisyCreators()}}, false},
		{"creator not known", deployment(""), wire.Watch{Deployments: &wire.Deployments{Creators: wire.NoisyCreators()}}, true},
		{"creator not looked up", &codedeploy.Deployment{}, deployments, true},
		{"unreadable", &Unknown{}, terminations, true},
	}
	for _, tt := range tests {
		if reason := tt.subject.SkipReason(tt.watch); (reason == "") != tt.wanted {
			t.Errorf("%s: SkipReason = %q, want wanted = %v", tt.name, reason, tt.wanted)
		}
	}
}

// TestFieldsInAnyShape takes every recorded event and puts every kind of value
// into every field, one at a time.
func TestFieldsInAnyShape(t *testing.T) {
	values := []string{`null`, `""`, `0`, `true`, `[]`, `{}`, `["a","b"]`, `{"a":"b"}`, `" <b>\r\n\u202e"`}
	for _, file := range recordedFiles(t) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		top, _ := event.Object(raw)
		detail := top.Object("detail")
		for _, value := range values {
			for key := range detail {
				d := maps.Clone(detail)
				d[key] = json.RawMessage(value)
				e := maps.Clone(top)
				e["detail"], _ = json.Marshal(d)
				changed, _ := json.Marshal(e)
				checkAll(t, changed, wire.Watch{Service: "s"}, 1)
			}
			for key := range top {
				e := maps.Clone(top)
				e[key] = json.RawMessage(value)
				changed, _ := json.Marshal(e)
				checkAll(t, changed, wire.Watch{Service: "s"}, 1)
			}
		}
	}
}
