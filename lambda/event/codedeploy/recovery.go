package codedeploy

import (
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// The statuses in which deployments, their targets and their lifecycle events end.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
const (
	StatusSucceeded = "Succeeded"
	StatusFailed    = "Failed"
	StatusStopped   = "Stopped"
)

// manualStop is the error code of a deployment that somebody stopped.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
const manualStop = "MANUAL_STOP"

// alarmActive is the error code of a deployment that alarms stopped.
const alarmActive = "ALARM_ACTIVE"

// IsRollback reports whether the deployment was made to undo another.
func (d DeploymentInfo) IsRollback() bool {
	return d.Creator == wire.CreatorRollback || d.Creator == wire.CreatorCloudFormationRollback || d.RollbackOf != ""
}

// Delivered reports whether the deployment released what it was made for.
func (d DeploymentInfo) Delivered() bool { return d.Status == StatusSucceeded && !d.IsRollback() }

// broke reports whether the deployment failed, or was stopped by an alarm or another
// error.
func (d DeploymentInfo) broke() bool {
	return d.Status == StatusFailed || d.Status == StatusStopped && d.ErrorCode != "" && d.ErrorCode != manualStop
}

// attempts returns the deployments that were made to release something and have ended, in
// the same order: neither rollbacks nor those for an instance of Auto Scaling.
func attempts(before []DeploymentInfo) []DeploymentInfo {
	var all []DeploymentInfo
	for _, d := range before {
		ended := d.Status == StatusSucceeded || d.Status == StatusFailed || d.Status == StatusStopped
		if ended && !d.IsRollback() && !slices.Contains(wire.NoisyCreators(), d.Creator) {
			all = append(all, d)
		}
	}
	return all
}

// recovered says which failures a success came after: "2 failed deployments, 40 minutes".
// They are those since the success before it, and the time runs from the end of the first of
// them. A deployment that somebody stopped is neither a failure nor a success. It is "" if
// none failed.
func recovered(before []DeploymentInfo, end time.Time) string {
	failed := 0
	var since time.Time
	for _, d := range attempts(before) {
		if d.Status == StatusSucceeded {
			break
		}
		if !d.broke() {
			continue
		}
		failed++
		since = event.FirstKnown(d.Completed, d.Created)
	}
	if failed == 0 {
		return ""
	}
	text := notice.Count(failed, "failed deployment")
	if t := event.Took(since, end); t != "" {
		text += ", " + t
	}
	return text
}

// uneventful reports whether a success after these deployments changes nothing: the one
// before succeeded too, or there is none. One that was stopped was reported as something
// wrong, so a success after it does change something.
func uneventful(before []DeploymentInfo) bool {
	all := attempts(before)
	return len(all) == 0 || all[0].Status == StatusSucceeded
}

// previous is the revision that a deployment replaced: as its record says, else that of the
// last success before it.
func (d *Deployment) previous() Revision {
	if r := d.Info.Value.Previous; r != (Revision{}) {
		return r
	}
	for _, b := range d.Before.Value {
		if b.Status == StatusSucceeded {
			return b.Revision
		}
	}
	return Revision{}
}
