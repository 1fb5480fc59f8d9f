package fakeaws

import (
	"cmp"
	"slices"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/internal/wire"
)

// failedInstances are the instances on which a deployment failed.
func (a Account) failedInstances(deployment string) []string {
	return []string{cmp.Or(a.event.Detail.InstanceID, instanceID(deployment, "1")), instanceID(deployment, "2")}
}

// listDeploymentTargets lists the instances of a deployment.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeploymentTargets.html
func (a Account) listDeploymentTargets(r Request) answer.Answer {
	var in struct {
		DeploymentID  string
		TargetFilters map[string][]string
	}
	r.read(&in)
	ids := a.failedInstances(in.DeploymentID)
	if only := in.TargetFilters["TargetStatus"]; len(only) > 0 && !slices.Contains(only, "Failed") {
		ids = []string{}
	} else if len(only) == 0 {
		ids = append(ids, instanceID(in.DeploymentID, "3"), instanceID(in.DeploymentID, "4"))
	}
	return jsonAnswer(map[string]any{"targetIds": ids})
}

// batchGetDeploymentTargets describes many targets at once.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentTargets.html
func (a Account) batchGetDeploymentTargets(r Request) answer.Answer {
	var in struct {
		DeploymentID string
		TargetIDs    []string
	}
	r.read(&in)
	targets := []any{}
	for _, id := range in.TargetIDs {
		targets = append(targets, a.target(in.DeploymentID, id))
	}
	return jsonAnswer(map[string]any{"deploymentTargets": targets})
}

// getDeploymentTarget describes one target.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeploymentTarget.html
func (a Account) getDeploymentTarget(r Request) answer.Answer {
	var in struct{ DeploymentID, TargetID string }
	r.read(&in)
	return jsonAnswer(map[string]any{"deploymentTarget": a.target(in.DeploymentID, in.TargetID)})
}

// lifecycleEvents are the lifecycle events of a deployment to an instance, in their order.
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
var lifecycleEvents = []string{"ApplicationStop", "DownloadBundle", "BeforeInstall", "Install", "AfterInstall", "ApplicationStart", "ValidateService"}

// logTail is the end of the output of a script that failed.
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

// target is CodeDeploy's record of a deployment to an instance: how far it is by the
// event's state, or where it failed.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_InstanceTarget.html
func (a Account) target(deployment, instance string) map[string]any {
	status, current := a.progress(deployment, instance)
	at := a.event.Time.Add(-90 * time.Second)
	var events []any
	for n, name := range lifecycleEvents {
		e := map[string]any{"lifecycleEventName": name, "status": "Pending"}
		switch {
		case n < current:
			e["status"] = "Succeeded"
			e["diagnostics"] = map[string]string{"errorCode": "Success", "scriptName": "", "message": "Succeeded", "logTail": ""}
		case n == current:
			e["status"] = status
		case status == "Failed":
			e["status"] = "Skipped"
		}
		if n == current && status == "Failed" {
			e["diagnostics"] = scriptFailed
		}
		if n <= current {
			e["startTime"], e["endTime"] = seconds(at), seconds(at.Add(4*time.Second))
			at = at.Add(5 * time.Second)
		}
		events = append(events, e)
	}
	return map[string]any{"deploymentTargetType": "InstanceTarget", "instanceTarget": map[string]any{
		"deploymentId": deployment, "targetId": instance, "status": status, "lastUpdatedAt": seconds(a.event.Time),
		"targetArn":       "arn:aws:ec2:" + a.event.Region + ":" + a.event.Account + ":instance/" + instance,
		"lifecycleEvents": events,
	}}
}

// progress returns the status of a deployment to an instance, and which of its
// lifecycle events is the current one.
func (a Account) progress(deployment, instance string) (status string, current int) {
	isOwn, state := a.event.Detail.InstanceID == instance, a.event.Detail.State
	switch {
	case isOwn && state == wire.DeploymentSucceeded:
		return "Succeeded", len(lifecycleEvents)
	case isOwn && state != wire.DeploymentFailed:
		return "InProgress", 0
	case slices.Contains(a.failedInstances(deployment), instance):
		return "Failed", slices.Index(lifecycleEvents, "ApplicationStart")
	}
	return "Succeeded", len(lifecycleEvents)
}

// scriptFailed are the diagnostics of a lifecycle event whose script failed.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Diagnostics.html
var scriptFailed = map[string]string{
	"errorCode": "ScriptFailed", "scriptName": "scripts/start.sh", "logTail": logTail,
	"message": "Script at specified location: scripts/start.sh run as user root failed with exit code 1",
}
