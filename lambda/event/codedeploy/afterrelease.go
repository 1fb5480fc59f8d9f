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

// maxOthers is how many deployments of the last hour are told besides the newest.
const maxOthers = 3

// unfinished are those of a deployment that has not ended, as the API spells them.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
var unfinished = []string{"Created", "Queued", "InProgress", "Baking", "Ready"}

// Earlier is a deployment as seen from something that happened after it had begun.
type Earlier struct {
	DeploymentInfo
	inProgress bool
	// outcome is how it ended, or that it was made where its end is not known; gap is
	// how long before that was. Both are empty if it has no times.
	outcome string
	gap     time.Duration
}

// EarlierThan returns the deployments that began before something happened, in the order
// that they have. Those that Auto Scaling makes for the instances that it launches
// and terminates release nothing new and are left out.
func EarlierThan(at time.Time, all []DeploymentInfo) []Earlier {
	var found []Earlier
	for _, d := range all {
		if slices.Contains(wire.NoisyCreators, d.Creator) || d.Created.After(at) {
			continue
		}
		r := Earlier{DeploymentInfo: d}
		switch {
		case d.Completed.After(at), d.Completed.IsZero() && slices.Contains(unfinished, d.Status):
			r.inProgress = true
		case !d.Completed.IsZero():
			r.outcome, r.gap = outcome(d.Status), at.Sub(d.Completed)
		case !d.Created.IsZero():
			r.outcome, r.gap = "was made", at.Sub(d.Created)
		}
		found = append(found, r)
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

// Phrase say how long after the deployment something happened; by is who made it.
func (r Earlier) Phrase(by string) string {
	what := "deployment "
	if r.IsRollback() {
		what = "rollback "
	}
	what += cmp.Or(r.ID, "without an id")
	if name := event.ReleaseName(r.Application, r.Revision.Name()); name != "" {
		what += " of " + name
	}
	if by != "" {
		what += " (by " + by + ")"
	}
	switch {
	case r.inProgress:
		return "while " + what + " was going on"
	case r.outcome == "":
		return "some time after " + what
	default:
		return event.After(r.gap, what+" "+r.outcome)
	}
}

// AddEarlier adds the deployments that something happened after, the newest first.
func AddEarlier(n *notice.Notice, found []Earlier, c event.Console) {
	if len(found) == 0 {
		n.Add(notice.After, "no deployment in the last 24 hours", "")
		return
	}
	lines := []string{found[0].Phrase(found[0].By.Value)}
	for _, r := range found[1:] {
		if len(lines) <= maxOthers && (r.inProgress || r.outcome != "") && r.gap <= time.Hour {
			lines = append(lines, r.Phrase(r.By.Value))
		}
	}
	n.Add(notice.After, strings.Join(lines, "\n"), c.Deployment(found[0].ID))
}
