package standin

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// getDeployment answers as CodeDeploy does for a deployment in the state that the
// event reports, or for one before it.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
func (s Scene) getDeployment(r request) answer {
	var in struct{ DeploymentID string }
	json.Unmarshal(r.body, &in)
	all := s.deployments()
	if i := slices.IndexFunc(all, func(d deployed) bool { return d.id == in.DeploymentID }); i >= 0 {
		return jsonAnswer(map[string]any{"deploymentInfo": s.info(all[i])})
	}
	event := s.subject() // of another application than the watch names
	d := deployed{
		id: in.DeploymentID, application: or(event.Detail.Application, "some-service"), group: "production",
		creator: wire.CreatorUser, status: "InProgress", version: "1.4.2", created: event.Time.Add(-howLong),
	}
	return jsonAnswer(map[string]any{"deploymentInfo": s.info(d)})
}

// batchGetDeployments tells of many at once; those that are not known are left out.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
func (s Scene) batchGetDeployments(r request) answer {
	var in struct{ DeploymentIDs []string }
	json.Unmarshal(r.body, &in)
	infos := []any{}
	for _, d := range s.deployments() {
		if slices.Contains(in.DeploymentIDs, d.id) {
			infos = append(infos, s.info(d))
		}
	}
	return jsonAnswer(map[string]any{"deploymentsInfo": infos})
}

// listDeployments lists the deployments of a group.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
func (s Scene) listDeployments(r request) answer {
	var in struct {
		ApplicationName, DeploymentGroupName string
		IncludeOnlyStatuses                  []string
		CreateTimeRange                      struct{ Start, End float64 }
	}
	json.Unmarshal(r.body, &in)
	if in.ApplicationName != "" && in.DeploymentGroupName == "" {
		a := jsonAnswer(map[string]string{"__type": "DeploymentGroupNameRequiredException", "message": "The deployment group name was not specified."})
		a.status = http.StatusBadRequest
		return a
	}
	ids := []string{}
	for _, d := range s.deployments() {
		at := seconds(d.created)
		switch {
		case in.ApplicationName != "" && (d.application != in.ApplicationName || d.group != in.DeploymentGroupName):
		case len(in.IncludeOnlyStatuses) > 0 && !slices.Contains(in.IncludeOnlyStatuses, d.status):
		case at < in.CreateTimeRange.Start, in.CreateTimeRange.End > 0 && at > in.CreateTimeRange.End:
		default:
			ids = append(ids, d.id)
		}
	}
	return jsonAnswer(map[string]any{"deployments": ids})
}

// listDeploymentGroups gives every application one group.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeploymentGroups.html
func (s Scene) listDeploymentGroups(r request) answer {
	var in struct{ ApplicationName string }
	json.Unmarshal(r.body, &in)
	return jsonAnswer(map[string]any{"applicationName": in.ApplicationName, "deploymentGroups": []string{s.groupOf(in.ApplicationName)}})
}

// batchGetDeploymentGroups says that the first application goes to the Auto Scaling
// group of the event, and the others to groups of their own.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
func (s Scene) batchGetDeploymentGroups(r request) answer {
	var in struct {
		ApplicationName      string
		DeploymentGroupNames []string
	}
	json.Unmarshal(r.body, &in)
	target := in.ApplicationName + "-workers"
	if all := s.applications(); len(all) > 0 && all[0] == in.ApplicationName {
		target = or(s.subject().Detail.AutoScalingGroupName, target)
	}
	infos := []any{}
	for _, name := range in.DeploymentGroupNames {
		infos = append(infos, map[string]any{
			"applicationName": in.ApplicationName, "deploymentGroupName": name, "deploymentGroupId": requestID,
			"deploymentConfigName": "CodeDeployDefault.OneAtATime", "computePlatform": "Server",
			"autoScalingGroups": []any{map[string]string{"name": target, "hook": "CodeDeploy-managed-automatic-launch-deployment-hook-" + name}},
		})
	}
	return jsonAnswer(map[string]any{"deploymentGroupsInfo": infos})
}

// info is CodeDeploy's record of a deployment.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
func (s Scene) info(d deployed) map[string]any {
	info := map[string]any{
		"applicationName": d.application, "deploymentGroupName": d.group, "deploymentId": d.id,
		"deploymentConfigName": "CodeDeployDefault.OneAtATime", "computePlatform": "Server",
		"creator": d.creator, "status": d.status, "createTime": seconds(d.created),
		"revision":         s.revision(d.application, d.version),
		"previousRevision": s.revision(d.application, map[string]string{"1.4.2": "1.4.1", "1.4.1": "1.4.2"}[d.version]),
	}
	switch d.creator {
	case wire.CreatorUser:
		info["description"] = "Release " + d.version
	case wire.CreatorRollback:
		info["description"] = "Rollback to " + d.version
		info["rollbackInfo"] = map[string]string{
			"rollbackTriggeringDeploymentId": other(d.id),
			"rollbackMessage":                "Deployment " + d.id + " is a rollback of " + other(d.id) + ".",
		}
	}
	if !d.completed.IsZero() {
		info["completeTime"] = seconds(d.completed)
	}
	counts := map[string]int{"Pending": 0, "InProgress": 0, "Succeeded": 0, "Failed": 0, "Skipped": 0, "Ready": 0}
	switch d.status {
	case "Failed":
		counts["Succeeded"], counts["Failed"], counts["Skipped"] = 1, len(s.failed(d.id)), 1
		info["errorInformation"] = map[string]string{
			"code": "HEALTH_CONSTRAINTS",
			"message": "The overall deployment failed because too many individual instances failed deployment, too few healthy " +
				"instances are available for deployment, or some instances in your deployment group are experiencing problems.",
		}
		info["rollbackInfo"] = map[string]string{
			"rollbackDeploymentId": other(d.id),
			"rollbackMessage":      "The deployment failed, so CodeDeploy rolls back to the last known good revision.",
		}
	case "Stopped":
		counts["Succeeded"], counts["Failed"], counts["Skipped"] = 1, len(s.failed(d.id)), 1
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
func (s Scene) revision(application, version string) map[string]any {
	if s.Failures > 0 {
		return map[string]any{"revisionType": "GitHub", "gitHubLocation": map[string]string{
			"repository": "some-company/" + strings.ReplaceAll(application, " ", "-"), "commitId": madeUp(40, application, version),
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
