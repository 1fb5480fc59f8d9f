package evidence

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

// codeDeployTarget names CodeDeploy's API and its version.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
const codeDeployTarget = "CodeDeploy_20141006"

// forCodeDeploy lists the look-ups for an event of CodeDeploy.
func (l *Lookups) forCodeDeploy(e *event.Event) []lookup {
	switch s := e.Subject.(type) {
	case *codedeploy.Deployment:
		return []lookup{func(ctx context.Context) { l.deploymentAndMore(ctx, e, s) }}
	case *codedeploy.DeploymentInstance:
		lookups := []lookup{
			func(ctx context.Context) { s.Info = l.deployment(ctx, e.Region, s.DeploymentID) },
			func(ctx context.Context) { s.Target = l.target(ctx, e.Region, s.DeploymentID, s.InstanceID) },
		}
		if s.OnEC2() {
			lookups = append(lookups, func(ctx context.Context) { s.Instance = l.instance(ctx, e.Region, s.InstanceID) })
		}
		return lookups
	}
	return nil
}

// deploymentAndMore looks up a deployment, and the rest only if the watch still reports it:
// CodeDeploy throttles early.
func (l *Lookups) deploymentAndMore(ctx context.Context, e *event.Event, d *codedeploy.Deployment) {
	d.Info = l.deployment(ctx, e.Region, d.ID)
	if e.SkipReason() != "" {
		return
	}
	lookups := []lookup{func(ctx context.Context) {
		d.Before = l.deploymentsBefore(ctx, e.Region, d.Application, d.Group, d.ID, d.Created(e))
	}}
	if d.Unsuccessful() {
		lookups = append(lookups, func(ctx context.Context) { d.Targets = l.failedTargets(ctx, e.Region, d.ID) })
	}
	if w := e.Watch.Deployments; w != nil && w.Who && d.Info.Known {
		lookups = append(lookups, func(ctx context.Context) { d.Info.Value.By = l.createdBy(ctx, e.Region, &d.Info.Value) })
	}
	l.sideBySide(ctx, lookups)
}

// codeDeploy asks CodeDeploy as [Lookups.json] does.
func (l *Lookups) codeDeploy(ctx context.Context, region, operation string, in any, required string, out any) (problem string) {
	call := awsapi.Call{Service: "codedeploy", Operation: operation, Region: region}
	return l.json(ctx, call, "CodeDeploy", codeDeployTarget, in, required, out)
}

// deployment is the part of CodeDeploy's DeploymentInfo that is read. Every member
// is optional.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
type deployment struct {
	ID          string                                                               `json:"deploymentId"`
	Application string                                                               `json:"applicationName"`
	Group       string                                                               `json:"deploymentGroupName"`
	Status      string                                                               `json:"status"`
	Creator     wire.Creator                                                         `json:"creator"`
	Description string                                                               `json:"description"`
	Config      string                                                               `json:"deploymentConfigName"`
	Platform    string                                                               `json:"computePlatform"`
	Created     moment                                                               `json:"createTime"`
	Completed   moment                                                               `json:"completeTime"`
	Revision    revision                                                             `json:"revision"`
	Previous    revision                                                             `json:"previousRevision"`
	Overview    struct{ Pending, InProgress, Succeeded, Failed, Skipped, Ready int } `json:"deploymentOverview"`
	Error       struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"errorInformation"`
	// A deployment that failed or was stopped names the rollback that it caused in
	// rollbackDeploymentId; the rollback names it in rollbackTriggeringDeploymentId.
	//
	// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_RollbackInfo.html
	Rollback struct {
		By      string `json:"rollbackDeploymentId"`
		Of      string `json:"rollbackTriggeringDeploymentId"`
		Message string `json:"rollbackMessage"`
	} `json:"rollbackInfo"`
}

// revision is CodeDeploy's RevisionLocation.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_RevisionLocation.html
type revision struct {
	S3 struct {
		Bucket  string `json:"bucket"`
		Key     string `json:"key"`
		Version string `json:"version"`
		ETag    string `json:"eTag"`
	} `json:"s3Location"`
	GitHub struct {
		Repository string `json:"repository"`
		Commit     string `json:"commitId"`
	} `json:"gitHubLocation"`
	AppSpec struct {
		Content string `json:"content"`
	} `json:"appSpecContent"`
	String struct {
		Content string `json:"content"`
	} `json:"string"`
}

func (r revision) record() codedeploy.Revision {
	return codedeploy.Revision{
		Bucket: r.S3.Bucket, Key: r.S3.Key, Version: r.S3.Version, ETag: r.S3.ETag,
		Repository: r.GitHub.Repository, Commit: r.GitHub.Commit,
		AppSpec: r.AppSpec.Content + r.String.Content,
	}
}

// deployment returns CodeDeploy's record of a deployment.
func (l *Lookups) deployment(ctx context.Context, region, id string) event.Finding[codedeploy.DeploymentInfo] {
	if id == "" {
		return event.NotFound[codedeploy.DeploymentInfo]("the event names no deployment")
	}
	var found struct {
		Deployment deployment `json:"deploymentInfo"`
	}
	if problem := l.codeDeploy(ctx, region, "GetDeployment", map[string]string{"deploymentId": id}, "deploymentInfo", &found); problem != "" {
		return event.NotFound[codedeploy.DeploymentInfo](problem)
	}
	found.Deployment.ID = id
	return event.Found(found.Deployment.record())
}

func (d *deployment) record() codedeploy.DeploymentInfo {
	o := d.Overview
	info := codedeploy.DeploymentInfo{
		ID:              d.ID,
		Application:     d.Application,
		Group:           d.Group,
		Status:          d.Status,
		Creator:         d.Creator,
		Description:     d.Description,
		Config:          d.Config,
		Platform:        d.Platform,
		Revision:        d.Revision.record(),
		Previous:        d.Previous.record(),
		Created:         d.Created.Time,
		Completed:       d.Completed.Time,
		ErrorCode:       d.Error.Code,
		ErrorMessage:    d.Error.Message,
		RollbackOf:      another(d.Rollback.Of, d.ID),
		RolledBackBy:    another(d.Rollback.By, d.ID),
		RollbackMessage: d.Rollback.Message,
	}
	for _, c := range []codedeploy.InstanceCount{
		{Status: "Pending", Count: o.Pending}, {Status: "InProgress", Count: o.InProgress}, {Status: "Succeeded", Count: o.Succeeded},
		{Status: "Failed", Count: o.Failed}, {Status: "Skipped", Count: o.Skipped}, {Status: "Ready", Count: o.Ready},
	} {
		if c.Count > 0 {
			info.Instances = append(info.Instances, c)
		}
	}
	return info
}

// another is id unless it is own: no deployment rolls itself back.
func another(id, own string) string {
	if id == own {
		return ""
	}
	return id
}

// moment is a time in seconds since 1970, as a number or as text, or in RFC 3339.
// Anything else is the zero time.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	const farFuture = 1e11 // the year 5138
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && 0 < seconds && seconds < farFuture {
		m.Time = time.UnixMilli(int64(seconds*1000 + 0.5)).UTC()
	} else if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		m.Time = t.UTC()
	}
	return nil
}
