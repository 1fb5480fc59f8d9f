package fakeaws

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// deployment is a deployment in the history of a deployment group.
type deployment struct {
	id, application, group string
	creator                wire.Creator
	status, version        string
	created, completed     time.Time
}

// howLong is how long a deployment takes.
const howLong = 4*time.Minute + 12*time.Second

// deployments are the history of all groups, the newest first.
func (a Account) deployments() []deployment {
	if a.event.Detail.DeploymentID != "" && a.event.Detail.Application != "" {
		return a.deploymentsUpTo()
	}
	var all []deployment
	for n, application := range a.applications() {
		made := deployment{
			application: application, group: a.groupOf(application), creator: wire.CreatorUser,
			status: "Succeeded", version: "1.4.2", completed: a.event.Detail.StartTime.Add(-6 * time.Minute),
		}
		if n > 0 {
			made.completed = a.event.Detail.StartTime.Add(-time.Duration(n) * 7 * time.Hour)
		} else if last, ok := a.released[application]; ok && last.completed.Before(a.event.Detail.StartTime) {
			made = last
		}
		launched, before := made, made
		launched.id, before.id = "", ""
		launched.creator, launched.completed = wire.CreatorAutoScaling, made.completed.Add(3*time.Minute)
		before.version, before.completed = "1.4.1", made.completed.Add(-26*time.Hour)
		all = append(all, launched, made, before)
	}
	return complete(all, a.event.ID)
}

// deploymentsUpTo are the event's own deployment and those before it in its group:
// the failures that it ends, or a success.
func (a Account) deploymentsUpTo() []deployment {
	own := deployment{
		id: a.event.Detail.DeploymentID, application: a.event.Detail.Application, group: cmp.Or(a.event.Detail.DeploymentGroup, "production"),
		creator: wire.Creator(cmp.Or(string(a.hints.Creator), string(wire.CreatorUser))), status: "InProgress", version: "1.4.2",
		created: a.event.Time.Add(-howLong),
	}
	if a.event.Detail.InstanceID == "" { // else it goes on, on other instances
		own.status = cmp.Or(statuses[a.event.Detail.State], own.status)
	}
	if slices.Contains([]string{"Succeeded", "Failed", "Stopped"}, own.status) {
		own.completed = a.event.Time
	}
	last := own
	last.id, last.creator, last.status, last.version = "", wire.CreatorUser, "Succeeded", "1.4.1"
	last.completed = a.event.Time.Add(-26 * time.Hour)
	launched := last
	launched.creator, launched.completed = wire.CreatorAutoScaling, a.event.Time.Add(-30*time.Minute)
	all := []deployment{own}
	if a.hints.Creator == wire.CreatorRollback {
		all[0].version = "1.4.1"
		all = append(all, deployment{
			id: neighbor(own.id), application: own.application, group: own.group, creator: wire.CreatorUser,
			status: "Failed", version: "1.4.2", completed: own.created.Add(-time.Second),
		})
	}
	for n := range a.hints.Failures {
		failed := last
		failed.status, failed.version = "Failed", "1.4.2"
		failed.completed = a.event.Time.Add(-time.Duration(n+1) * 20 * time.Minute)
		all = append(all, failed)
	}
	return complete(append(all, launched, last), a.event.ID)
}

// release is the deployment whose success the event reports, if it does.
func (a Account) release() (deployment, bool) {
	d := a.event.Detail
	if d.DeploymentID == "" || d.Application == "" || d.InstanceID != "" || d.State != wire.DeploymentSucceeded || a.hints.Creator == wire.CreatorAutoScaling {
		return deployment{}, false
	}
	return a.deployments()[0], true
}

// statuses are how the API spells the states of events.
var statuses = map[wire.DeploymentState]string{
	wire.DeploymentSucceeded: "Succeeded", wire.DeploymentFailed: "Failed", wire.DeploymentStopped: "Stopped", wire.DeploymentReady: "Ready",
}

// complete gives every deployment an id and the time when it was made.
func complete(all []deployment, seed string) []deployment {
	for n := range all {
		d := &all[n]
		if d.id == "" {
			d.id = "d-" + strings.ToUpper(hexDigits(9, seed, d.application, d.completed.String()))
		}
		if d.created.IsZero() || !d.completed.IsZero() {
			d.created = d.completed.Add(-howLong)
		}
	}
	slices.SortStableFunc(all, func(a, b deployment) int { return b.created.Compare(a.created) })
	return all
}

// applications are the CodeDeploy applications that may have been released before
// the event; the one that goes to the event's group is the first.
func (a Account) applications() []string {
	if a.watch.Terminations == nil || a.watch.Terminations.Releases == nil {
		return nil
	}
	all := slices.Clone(a.watch.Terminations.Releases.Applications)
	group := a.event.Detail.AutoScalingGroupName
	if a.watch.Terminations.Releases.Many { // the notifier does not get their names
		all = []string{cmp.Or(group[:max(strings.LastIndexByte(group, '-'), 0)], group)}
	}
	if i := slices.IndexFunc(all, func(a string) bool { return strings.Contains(group, a) }); i > 0 {
		all[0], all[i] = all[i], all[0]
	}
	return all
}

// groupOf names the deployment group of an application.
func (a Account) groupOf(application string) string {
	if all := a.applications(); len(all) > 0 && all[0] != application {
		return "workers"
	}
	return cmp.Or(a.event.Detail.DeploymentGroup, a.released[application].group, "production")
}

// neighbor makes up the id of the deployment before or after the one with this id.
func neighbor(id string) string {
	if id == "" {
		return "d-A1B2C3124"
	}
	last := byte('1')
	if id[len(id)-1] == last {
		last = '2'
	}
	return id[:len(id)-1] + string(last)
}
