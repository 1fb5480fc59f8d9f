package standin

import (
	"encoding/json"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// getDeployment answers as CodeDeploy does for a deployment in the state that the
// event reports.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
func (s Scene) getDeployment(r request) answer {
	event := s.subject()
	var in struct{ DeploymentID string }
	json.Unmarshal(r.body, &in)
	id := or(in.DeploymentID, event.Detail.DeploymentID)
	application := or(event.Detail.Application, "some-service")

	creator, description, version := wire.CreatorUser, "Release 1.4.2", "1.4.2"
	switch s.Creator {
	case "":
	case wire.CreatorRollback:
		creator, description, version = s.Creator, "Rollback to 1.4.1", "1.4.1"
	default:
		creator, description = s.Creator, ""
	}
	info := map[string]any{
		"applicationName":      application,
		"deploymentGroupName":  or(event.Detail.DeploymentGroup, "production"),
		"deploymentId":         id,
		"deploymentConfigName": "CodeDeployDefault.OneAtATime",
		"computePlatform":      "Server",
		"creator":              creator,
		"description":          description,
		"createTime":           seconds(event.Time.Add(-4*time.Minute - 12*time.Second)),
		"revision": map[string]any{
			"revisionType": "S3",
			"s3Location": map[string]string{
				"bucket":     application + "-releases",
				"key":        "releases/" + application + "-" + version + ".zip",
				"bundleType": "zip",
				"version":    "uTecLusEXAMPLEFXtfUcyfV8bEXAMPLE",
				"eTag":       "dd56cfdEXAMPLE8e768f9d77fEXAMPLE",
			},
		},
	}
	counts := map[string]int{"Pending": 0, "InProgress": 0, "Succeeded": 0, "Failed": 0, "Skipped": 0, "Ready": 0}
	switch event.Detail.State {
	case wire.StateSuccess:
		info["status"], counts["Succeeded"] = "Succeeded", 4
	case wire.StateFailure:
		info["status"], counts["Succeeded"], counts["Failed"], counts["Skipped"] = "Failed", 1, 2, 1
		info["errorInformation"] = map[string]string{
			"code": "HEALTH_CONSTRAINTS",
			"message": "The overall deployment failed because too many individual instances failed deployment, too few healthy " +
				"instances are available for deployment, or some instances in your deployment group are experiencing problems.",
		}
		info["rollbackInfo"] = map[string]string{
			"rollbackDeploymentId": other(id),
			"rollbackMessage":      "The deployment failed, so CodeDeploy rolls back to the last known good revision.",
		}
	case wire.StateStop:
		info["status"], counts["Succeeded"], counts["Skipped"] = "Stopped", 1, 3
		info["errorInformation"] = map[string]string{
			"code":    "MANUAL_STOP",
			"message": "The deployment was stopped by a user.",
		}
	case wire.StateReady:
		info["status"], counts["Ready"] = "Ready", 4
	default:
		info["status"], counts["InProgress"], counts["Pending"] = "InProgress", 1, 3
	}
	switch event.Detail.State {
	case wire.StateSuccess, wire.StateFailure, wire.StateStop:
		info["completeTime"] = seconds(event.Time)
	}
	if s.Creator == wire.CreatorRollback {
		info["rollbackInfo"] = map[string]string{
			"rollbackTriggeringDeploymentId": other(id),
			"rollbackMessage":                "Deployment " + id + " is a rollback of " + other(id) + ".",
		}
	}
	info["deploymentOverview"] = counts
	return jsonAnswer(map[string]any{"deploymentInfo": info})
}

// seconds writes a time as the JSON protocols do.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// other makes the id of the deployment before or after the one with this id.
func other(id string) string {
	if id == "" {
		return "d-A1B2C3124"
	}
	last := byte('1')
	if id[len(id)-1] == last {
		last = '2'
	}
	return id[:len(id)-1] + string(last)
}
