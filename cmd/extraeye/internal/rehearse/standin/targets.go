package standin

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// failed are the instances on which a deployment failed.
func (s Scene) failed(deployment string) []string {
	first := s.subject().Detail.InstanceID
	return []string{or(first, instanceID(deployment, "1")), instanceID(deployment, "2")}
}

// listDeploymentTargets lists the instances of a deployment.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeploymentTargets.html
func (s Scene) listDeploymentTargets(r request) answer {
	var in struct {
		DeploymentID  string
		TargetFilters map[string][]string
	}
	json.Unmarshal(r.body, &in)
	ids := s.failed(in.DeploymentID)
	if only := in.TargetFilters["TargetStatus"]; len(only) > 0 && !slices.Contains(only, "Failed") {
		ids = []string{}
	} else if len(only) == 0 {
		ids = append(ids, instanceID(in.DeploymentID, "3"), instanceID(in.DeploymentID, "4"))
	}
	return jsonAnswer(map[string]any{"targetIds": ids})
}

// batchGetDeploymentTargets tells of many targets at once.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentTargets.html
func (s Scene) batchGetDeploymentTargets(r request) answer {
	var in struct {
		DeploymentID string
		TargetIDs    []string
	}
	json.Unmarshal(r.body, &in)
	targets := []any{}
	for _, id := range in.TargetIDs {
		targets = append(targets, s.target(in.DeploymentID, id))
	}
	return jsonAnswer(map[string]any{"deploymentTargets": targets})
}

// getDeploymentTarget tells of one target.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeploymentTarget.html
func (s Scene) getDeploymentTarget(r request) answer {
	var in struct{ DeploymentID, TargetID string }
	json.Unmarshal(r.body, &in)
	return jsonAnswer(map[string]any{"deploymentTarget": s.target(in.DeploymentID, in.TargetID)})
}

// steps are the lifecycle events of a deployment to an instance, in their order.
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
var steps = []string{"ApplicationStop", "DownloadBundle", "BeforeInstall", "Install", "AfterInstall", "ApplicationStart", "ValidateService"}

// logTail is what CodeDeploy keeps of a script's output.
const logTail = `LifecycleEvent - ApplicationStart
Script - scripts/start.sh
[stdout]starting version 1.4.2 on port 8080
[stderr]panic: open /etc/some-service/config.yaml: no such file or directory
[stderr]
[stderr]goroutine 1 [running]:
[stderr]main.main()
[stderr]	/build/main.go:41 +0x1d4
[stdout]service did not answer on /health after 30 seconds
`

// target is CodeDeploy's record of a deployment to an instance: how far it came, by
// the event's state, or where it failed.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_InstanceTarget.html
func (s Scene) target(deployment, instance string) map[string]any {
	event := s.subject()
	status, ends := "Succeeded", len(steps)
	switch {
	case event.Detail.InstanceID == instance && event.Detail.State == wire.StateSuccess:
	case event.Detail.InstanceID == instance && event.Detail.State != wire.StateFailure:
		status, ends = "InProgress", 0
	case slices.Contains(s.failed(deployment), instance):
		status, ends = "Failed", slices.Index(steps, "ApplicationStart")
	}
	at := event.Time.Add(-90 * time.Second)
	var events []any
	for n, name := range steps {
		step := map[string]any{"lifecycleEventName": name, "status": "Pending"}
		switch {
		case n < ends:
			step["status"] = "Succeeded"
			step["diagnostics"] = map[string]string{"errorCode": "Success", "scriptName": "", "message": "Succeeded", "logTail": ""}
		case n == ends:
			step["status"] = status
		case status == "Failed":
			step["status"] = "Skipped"
		}
		if n == ends && status == "Failed" {
			step["diagnostics"] = map[string]string{
				"errorCode": "ScriptFailed", "scriptName": "scripts/start.sh", "logTail": logTail,
				"message": "Script at specified location: scripts/start.sh run as user root failed with exit code 1",
			}
		}
		if n <= ends {
			step["startTime"], step["endTime"] = seconds(at), seconds(at.Add(4*time.Second))
			at = at.Add(5 * time.Second)
		}
		events = append(events, step)
	}
	return map[string]any{"deploymentTargetType": "InstanceTarget", "instanceTarget": map[string]any{
		"deploymentId": deployment, "targetId": instance, "status": status, "lastUpdatedAt": seconds(event.Time),
		"targetArn":       "arn:aws:ec2:" + event.Region + ":" + event.Account + ":instance/" + instance,
		"lifecycleEvents": events,
	}}
}
