package codedeploy

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxOthers is how many deployments of the last hour a notice has besides the newest.
const maxOthers = 3

// unfinished are the statuses of a deployment that has not ended.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
var unfinished = []string{"Created", "Queued", "InProgress", "Baking", "Ready"}

// Earlier is a deployment that began before something else happened.
type Earlier struct {
	DeploymentInfo
	inProgress bool
	// outcome is how it ended, or that it was made if its end is not known; gap is how long
	// before. Both are zero if its times are not known.
	outcome string
	gap     time.Duration
}

// EarlierThan returns the deployments that began before a time, in the same order. Those
// that Auto Scaling makes for instances that it launches and terminates release nothing new
// and are left out.
func EarlierThan(at time.Time, all []DeploymentInfo) []Earlier {
	var found []Earlier
	for _, d := range all {
		if slices.Contains(wire.NoisyCreators(), d.Creator) || d.Created.After(at) {
			continue
		}
		before := Earlier{DeploymentInfo: d}
		switch {
		case d.Completed.After(at), d.Completed.IsZero() && slices.Contains(unfinished, d.Status):
			before.inProgress = true
		case !d.Completed.IsZero():
			before.outcome, before.gap = outcome(d.Status), at.Sub(d.Completed)
		case !d.Created.IsZero():
			before.outcome, before.gap = "was made", at.Sub(d.Created)
		}
		found = append(found, before)
	}
	return found
}

func outcome(status string) string {
	switch status {
	case StatusSucceeded:
		return "succeeded"
	case StatusFailed:
		return "failed"
	case StatusStopped:
		return "was stopped"
	default:
		return "ended"
	}
}

// Phrase says how long after the deployment something happened. It names who made it if by
// is not empty.
func (d Earlier) Phrase(by string) string {
	what := "deployment "
	if d.IsRollback() {
		what = "rollback "
	}
	what += cmp.Or(d.ID, "without an id")
	if name := event.ReleaseName(d.Application, d.Revision.Name()); name != "" {
		what += " of " + name
	}
	if by != "" {
		what += " (by " + by + ")"
	}
	switch {
	case d.inProgress:
		return "while " + what + " was going on"
	case d.outcome == "":
		return "some time after " + what
	default:
		return event.After(d.gap, what+" "+d.outcome)
	}
}

// AddEarlier adds after which deployments something happened, the newest first.
func AddEarlier(n *notice.Notice, found []Earlier, c event.Console) {
	if len(found) == 0 {
		n.Add(notice.After, "no deployment in the last 24 hours", "")
		return
	}
	lines := []string{found[0].Phrase(found[0].By.Value)}
	for _, d := range found[1:] {
		if len(lines) <= maxOthers && (d.inProgress || d.outcome != "") && d.gap <= time.Hour {
			lines = append(lines, d.Phrase(d.By.Value))
		}
	}
	n.Add(notice.After, strings.Join(lines, "\n"), c.Deployment(found[0].ID))
}
