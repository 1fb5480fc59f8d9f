package standin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// deployed is a deployment that CodeDeploy remembers.
type deployed struct {
	id, application, group string
	creator                wire.Creator
	status, version        string
	created, completed     time.Time
}

// howLong is how long a deployment takes.
const howLong = 4*time.Minute + 12*time.Second

// deployments are all that CodeDeploy remembers, the newest first.
func (s Scene) deployments() []deployed {
	event := s.subject()
	if event.Detail.DeploymentID != "" && event.Detail.Application != "" {
		return s.deploymentsUpTo(event)
	}
	var all []deployed
	for n, application := range s.applications() {
		made := deployed{
			application: application, group: s.groupOf(application), creator: wire.CreatorUser,
			status: "Succeeded", version: "1.4.2", completed: event.Detail.StartTime.Add(-6 * time.Minute),
		}
		if n > 0 {
			made.completed = event.Detail.StartTime.Add(-time.Duration(n) * 7 * time.Hour)
		} else if last, ok := s.last[application]; ok && last.completed.Before(event.Detail.StartTime) {
			made = last
		}
		launched, before := made, made
		launched.id, before.id = "", ""
		launched.creator, launched.completed = wire.CreatorAutoScaling, made.completed.Add(3*time.Minute)
		before.version, before.completed = "1.4.1", made.completed.Add(-26*time.Hour)
		all = append(all, launched, made, before)
	}
	return complete(all, event)
}

// deploymentsUpTo are the event's own deployment and those before it in its group:
// the failures that it ends, or a success.
func (s Scene) deploymentsUpTo(event subject) []deployed {
	own := deployed{
		id: event.Detail.DeploymentID, application: event.Detail.Application, group: or(event.Detail.DeploymentGroup, "production"),
		creator: wire.Creator(or(string(s.Creator), string(wire.CreatorUser))), status: "InProgress", version: "1.4.2",
		created: event.Time.Add(-howLong),
	}
	if event.Detail.InstanceID == "" { // else it goes on, on other instances
		own.status = or(statuses[event.Detail.State], own.status)
	}
	if slices.Contains([]string{"Succeeded", "Failed", "Stopped"}, own.status) {
		own.completed = event.Time
	}
	last := own
	last.id, last.creator, last.status, last.version = "", wire.CreatorUser, "Succeeded", "1.4.1"
	last.completed = event.Time.Add(-26 * time.Hour)
	launched := last
	launched.creator, launched.completed = wire.CreatorAutoScaling, event.Time.Add(-30*time.Minute)
	all := []deployed{own}
	if s.Creator == wire.CreatorRollback {
		all[0].version = "1.4.1"
		all = append(all, deployed{
			id: other(own.id), application: own.application, group: own.group, creator: wire.CreatorUser,
			status: "Failed", version: "1.4.2", completed: own.created.Add(-time.Second),
		})
	}
	for n := range s.Failures {
		failed := last
		failed.status, failed.version = "Failed", "1.4.2"
		failed.completed = event.Time.Add(-time.Duration(n+1) * 20 * time.Minute)
		all = append(all, failed)
	}
	return complete(append(all, launched, last), event)
}

// release is the deployment whose success the event tells, if it does.
func (s Scene) release() (deployed, bool) {
	d := s.subject().Detail
	if d.DeploymentID == "" || d.Application == "" || d.InstanceID != "" || d.State != wire.StateSuccess || s.Creator == wire.CreatorAutoScaling {
		return deployed{}, false
	}
	return s.deployments()[0], true
}

// statuses are how the API spells the states of events.
var statuses = map[wire.State]string{
	wire.StateSuccess: "Succeeded", wire.StateFailure: "Failed", wire.StateStop: "Stopped", wire.StateReady: "Ready",
}

// complete gives every deployment an id and the time when it was made.
func complete(all []deployed, event subject) []deployed {
	for n := range all {
		d := &all[n]
		if d.id == "" {
			d.id = "d-" + strings.ToUpper(madeUp(9, event.ID, d.application, d.completed.String()))
		}
		if d.created.IsZero() || !d.completed.IsZero() {
			d.created = d.completed.Add(-howLong)
		}
	}
	slices.SortStableFunc(all, func(a, b deployed) int { return b.created.Compare(a.created) })
	return all
}

// applications are the CodeDeploy applications that may have been released before
// the event; the one that goes to the event's group is the first.
func (s Scene) applications() []string {
	if s.Watch.Terminations == nil || s.Watch.Terminations.Releases == nil {
		return nil
	}
	all := slices.Clone(s.Watch.Terminations.Releases.Applications)
	group := s.subject().Detail.AutoScalingGroupName
	if i := slices.IndexFunc(all, func(a string) bool { return strings.Contains(group, a) }); i > 0 {
		all[0], all[i] = all[i], all[0]
	}
	return all
}

// groupOf names the deployment group of an application.
func (s Scene) groupOf(application string) string {
	if all := s.applications(); len(all) > 0 && all[0] != application {
		return "workers"
	}
	return cmp.Or(s.subject().Detail.DeploymentGroup, s.last[application].group, "production")
}

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
