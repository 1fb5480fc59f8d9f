package fakeaws

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/internal/wire"
)

func init() {
	operations["codedeploy.BatchGetDeploymentGroups"] = Account.batchGetDeploymentGroups
	operations["codedeploy.BatchGetDeploymentTargets"] = Account.batchGetDeploymentTargets
	operations["codedeploy.BatchGetDeployments"] = Account.batchGetDeployments
	operations["codedeploy.GetDeployment"] = Account.getDeployment
	operations["codedeploy.GetDeploymentTarget"] = Account.getDeploymentTarget
	operations["codedeploy.ListDeploymentGroups"] = Account.listDeploymentGroups
	operations["codedeploy.ListDeploymentTargets"] = Account.listDeploymentTargets
	operations["codedeploy.ListDeployments"] = Account.listDeployments
}

// getDeployment answers as CodeDeploy does for a deployment in the state that the
// event reports, or for one before it.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
func (a Account) getDeployment(r Request) answer.Answer {
	var in struct{ DeploymentID string }
	r.read(&in)
	all := a.deployments()
	if i := slices.IndexFunc(all, func(d deployment) bool { return d.id == in.DeploymentID }); i >= 0 {
		return jsonAnswer(map[string]any{"deploymentInfo": a.deploymentInfo(all[i])})
	}
	d := deployment{ // of another application than the watch names
		id: in.DeploymentID, application: cmp.Or(a.event.Detail.Application, "some-service"), group: "production",
		creator: wire.CreatorUser, status: "InProgress", version: "1.4.2", created: a.event.Time.Add(-howLong),
	}
	return jsonAnswer(map[string]any{"deploymentInfo": a.deploymentInfo(d)})
}

// batchGetDeployments describes many at once; unknown ones are left out.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
func (a Account) batchGetDeployments(r Request) answer.Answer {
	var in struct{ DeploymentIDs []string }
	r.read(&in)
	infos := []any{}
	for _, d := range a.deployments() {
		if slices.Contains(in.DeploymentIDs, d.id) {
			infos = append(infos, a.deploymentInfo(d))
		}
	}
	return jsonAnswer(map[string]any{"deploymentsInfo": infos})
}

// listDeployments lists the deployments of a group.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
func (a Account) listDeployments(r Request) answer.Answer {
	var in struct {
		ApplicationName, DeploymentGroupName string
		IncludeOnlyStatuses                  []string
		CreateTimeRange                      timeRange
	}
	r.read(&in)
	if in.ApplicationName != "" && in.DeploymentGroupName == "" {
		return jsonError("DeploymentGroupNameRequiredException", "The deployment group name was not specified.")
	}
	ids := []string{}
	for _, d := range a.deployments() {
		ofGroup := in.ApplicationName == "" || d.application == in.ApplicationName && d.group == in.DeploymentGroupName
		hasStatus := len(in.IncludeOnlyStatuses) == 0 || slices.Contains(in.IncludeOnlyStatuses, d.status)
		if ofGroup && hasStatus && in.CreateTimeRange.has(d.created) {
			ids = append(ids, d.id)
		}
	}
	return jsonAnswer(map[string]any{"deployments": ids})
}

// timeRange is a range of times in seconds; without an end it is open.
type timeRange struct{ Start, End float64 }

func (r timeRange) has(t time.Time) bool {
	at := seconds(t)
	return at >= r.Start && (r.End == 0 || at <= r.End)
}

// listDeploymentGroups gives every application one group.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeploymentGroups.html
func (a Account) listDeploymentGroups(r Request) answer.Answer {
	var in struct{ ApplicationName string }
	r.read(&in)
	return jsonAnswer(map[string]any{"applicationName": in.ApplicationName, "deploymentGroups": []string{a.groupOf(in.ApplicationName)}})
}

// batchGetDeploymentGroups says that the first application goes to the Auto Scaling
// group of the event, and the others to groups of their own.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
func (a Account) batchGetDeploymentGroups(r Request) answer.Answer {
	var in struct {
		ApplicationName      string
		DeploymentGroupNames []string
	}
	r.read(&in)
	target := in.ApplicationName + "-workers"
	if all := a.applications(); len(all) > 0 && all[0] == in.ApplicationName {
		target = cmp.Or(a.event.Detail.AutoScalingGroupName, target)
	}
	infos := []any{}
	for _, name := range in.DeploymentGroupNames {
		infos = append(infos, map[string]any{
			"applicationName": in.ApplicationName, "deploymentGroupName": name, "deploymentGroupId": RequestID,
			"deploymentConfigName": "CodeDeployDefault.OneAtATime", "computePlatform": "Server",
			"autoScalingGroups": []any{map[string]string{"name": target, "hook": "CodeDeploy-managed-automatic-launch-deployment-hook-" + name}},
		})
	}
	return jsonAnswer(map[string]any{"deploymentGroupsInfo": infos})
}

// deploymentInfo is CodeDeploy's record of a deployment.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
func (a Account) deploymentInfo(d deployment) map[string]any {
	info := map[string]any{
		"applicationName": d.application, "deploymentGroupName": d.group, "deploymentId": d.id,
		"deploymentConfigName": "CodeDeployDefault.OneAtATime", "computePlatform": "Server",
		"creator": d.creator, "status": d.status, "createTime": seconds(d.created),
		"revision":         a.revision(d.application, d.version),
		"previousRevision": a.revision(d.application, map[string]string{"1.4.2": "1.4.1", "1.4.1": "1.4.2"}[d.version]),
	}
	switch d.creator {
	case wire.CreatorUser:
		info["description"] = "Release " + d.version
	case wire.CreatorRollback:
		info["description"] = "Rollback to " + d.version
		info["rollbackInfo"] = map[string]string{
			"rollbackTriggeringDeploymentId": neighbor(d.id),
			"rollbackMessage":                "Deployment " + d.id + " is a rollback of " + neighbor(d.id) + ".",
		}
	}
	if !d.completed.IsZero() {
		info["completeTime"] = seconds(d.completed)
	}
	counts := map[string]int{"Pending": 0, "InProgress": 0, "Succeeded": 0, "Failed": 0, "Skipped": 0, "Ready": 0}
	switch d.status {
	case "Failed":
		counts["Succeeded"], counts["Failed"], counts["Skipped"] = 1, len(a.failedInstances(d.id)), 1
		info["errorInformation"] = map[string]string{
			"code": "HEALTH_CONSTRAINTS",
			"message": "The overall deployment failed because too many individual instances failed deployment, too few healthy " +
				"instances are available for deployment, or some instances in your deployment group are experiencing problems.",
		}
		info["rollbackInfo"] = map[string]string{
			"rollbackDeploymentId": neighbor(d.id),
			"rollbackMessage":      "The deployment failed, so CodeDeploy rolls back to the last known good revision.",
		}
	case "Stopped":
		counts["Succeeded"], counts["Failed"], counts["Skipped"] = 1, len(a.failedInstances(d.id)), 1
		info["errorInformation"] = map[string]string{"code": "MANUAL_STOP", "message": "The deployment was stopped by a user."}
	case "InProgress":
		counts["InProgress"], counts["Pending"] = 1, 3
	default:
		counts[d.status] = 4
	}
	info["deploymentOverview"] = counts
	return info
}

// revision is in S3, or in GitHub where a deployment recovers, so that both are seen.
func (a Account) revision(application, version string) map[string]any {
	if a.hints.Failures > 0 {
		return map[string]any{"revisionType": "GitHub", "gitHubLocation": map[string]string{
			"repository": "some-company/" + strings.ReplaceAll(application, " ", "-"), "commitId": hexDigits(40, application, version),
		}}
	}
	return map[string]any{"revisionType": "S3", "s3Location": map[string]string{
		"bucket":     application + "-releases",
		"key":        "releases/" + application + "-" + version + ".zip",
		"bundleType": "zip",
		"version":    "uTecLusEXAMPLEFXtfUcyfV8bEXAMPLE",
		"eTag":       "dd56cfdEXAMPLE8e768f9d77fEXAMPLE",
	}}
}
