package event

import (
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxOthers is how many deployments of the last hour are told besides the newest.
const maxOthers = 3

// goingStatuses are those of a deployment that has not ended, as the API spells them.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
var goingStatuses = []string{"Created", "Queued", "InProgress", "Baking", "Ready"}

// earlier is a deployment as seen from something that happened after it had begun.
type earlier struct {
	DeploymentInfo
	going bool
	// outcome is how it ended, or that it was made where its end is not known; gap is
	// how long before that was. Both are empty if it has no times.
	outcome string
	gap     time.Duration
}

// before returns the deployments that began before something happened, in the order
// that they have. Those that Auto Scaling makes for the instances that it launches
// and terminates release nothing new and are left out.
func before(at time.Time, all []DeploymentInfo) []earlier {
	var found []earlier
	for _, d := range all {
		if slices.Contains(wire.NoisyCreators, d.Creator) || d.Created.After(at) {
			continue
		}
		r := earlier{DeploymentInfo: d}
		switch {
		case d.Completed.After(at), d.Completed.IsZero() && slices.Contains(goingStatuses, d.Status):
			r.going = true
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
	case DeploymentSucceeded:
		return "succeeded"
	case DeploymentFailed:
		return "failed"
	case DeploymentStopped:
		return "was stopped"
	default:
		return "ended"
	}
}

// words say how long after the deployment something happened; by is who made it.
func (r earlier) words(by string) string {
	what := "deployment "
	if r.IsRollback() {
		what = "rollback "
	}
	what += or(r.ID, "without an id")
	if name := release(r.Application, r.Revision.Name()); name != "" {
		what += " of " + name
	}
	if by != "" {
		what += " (by " + by + ")"
	}
	switch {
	case r.going:
		return "while " + what + " was going on"
	case r.outcome == "":
		return "some time after " + what
	default:
		return after(r.gap, what+" "+r.outcome)
	}
}

// tellBefore adds the deployments that something happened after, the newest first.
func tellBefore(n *notice.Notice, found []earlier, c console) {
	if len(found) == 0 {
		n.Add(notice.After, "no deployment in the last 24 hours", "")
		return
	}
	lines := []string{found[0].words(found[0].By.Value)}
	for _, r := range found[1:] {
		if len(lines) <= maxOthers && (r.going || r.outcome != "") && r.gap <= time.Hour {
			lines = append(lines, r.words(r.By.Value))
		}
	}
	n.Add(notice.After, strings.Join(lines, "\n"), c.deployment(found[0].ID))
}
