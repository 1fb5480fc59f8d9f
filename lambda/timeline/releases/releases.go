// Package releases finds the deployments in the rows of a timeline, each once however many rows
// it has, and what followed each.
package releases

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// Outcome is what came of a deployment.
type Outcome string

// The outcomes. Only of the first the end is not known.
const (
	Going      Outcome = "going"
	Succeeded  Outcome = "succeeded"
	Failed     Outcome = "failed"
	Stopped    Outcome = "stopped"
	RolledBack Outcome = "rolled back" // by ECS, as a part of the same deployment
)

// Deployment is a release of a timeline.
type Deployment struct {
	notice.Release
	Outcome Outcome
	// Start and End are when it began and ended. End is zero while it is going on.
	Start, End time.Time

	ecs    bool // ECS itself makes it
	source timeline.Source
}

// Unsuccessful reports whether what was deployed is not what runs now.
func (d *Deployment) Unsuccessful() bool {
	return d.Outcome == Failed || d.Outcome == Stopped || d.Outcome == RolledBack
}

// SamePlace reports whether two deployments are to the same deployment group or ECS service.
func (d *Deployment) SamePlace(as *Deployment) bool { return d.place() == as.place() }

// Of returns the deployments of the rows in the order of their starts. An automatic rollback of
// CodeDeploy is a deployment of its own, which has Rollback set. Those that Auto Scaling makes for
// an instance that it launches or terminates release nothing.
func Of(rows []timeline.Row) []Deployment {
	byID := map[string]int{}
	var all []Deployment
	for _, row := range rows {
		if row.Release == nil || slices.Contains(wire.NoisyCreators(), wire.Creator(row.Release.By)) {
			continue
		}
		next := read(row)
		if i, known := byID[next.ID]; known && next.ID != "" {
			all[i].merge(next)
			continue
		}
		byID[next.ID] = len(all)
		all = append(all, next)
	}
	all = withoutEvents(all)
	slices.SortStableFunc(all, func(a, b Deployment) int { return a.Start.Compare(b.Start) })
	for i := range all {
		all[i].settle(all[:i])
	}
	return all
}

func read(row timeline.Row) Deployment {
	d := Deployment{Release: *row.Release, Outcome: outcomes[row.Release.State], Start: row.Release.Started, End: row.Release.Ended, source: row.Source}
	if d.Outcome == "" {
		d.Outcome = Going
	}
	if d.Start.IsZero() {
		d.Start = row.Start
	}
	switch {
	case d.Outcome == Going:
		d.End = time.Time{}
	case d.End.IsZero():
		d.End = cmp.Or(row.End, row.Start)
	}
	// ECS rolls a deployment back without making another.
	d.ecs = strings.HasPrefix(row.Key, "ecs:") || strings.HasPrefix(d.ID, "ecs-svc/")
	if d.ecs && (d.Rollback && d.Outcome == Succeeded || d.Outcome == Failed && row.Status == notice.Resolved) {
		d.Outcome = RolledBack
	}
	return d
}

var outcomes = map[wire.DeploymentState]Outcome{
	wire.DeploymentStarted:   Going,
	wire.DeploymentReady:     Going,
	wire.DeploymentSucceeded: Succeeded,
	wire.DeploymentFailed:    Failed,
	wire.DeploymentStopped:   Stopped,
}

// late is how long after the end of a deployment its event may come.
const late = 5 * time.Minute

// withoutEvents leaves out what events say of deployments of ECS that its own records have: the two
// call the same deployment by different ids.
func withoutEvents(all []Deployment) []Deployment {
	recorded := map[string][]Deployment{}
	for _, d := range all {
		if d.ecs && d.source == timeline.FromAPI {
			recorded[d.place()] = append(recorded[d.place()], d)
		}
	}
	return slices.DeleteFunc(all, func(e Deployment) bool {
		return e.ecs && e.source != timeline.FromAPI && slices.ContainsFunc(recorded[e.place()], func(d Deployment) bool {
			return !e.Start.Before(d.Start.Add(-time.Minute)) && (d.End.IsZero() || !e.Start.After(d.End.Add(late)))
		})
	})
}

func (d *Deployment) place() string { return d.Application + "\x00" + d.Group }

// rank orders what several rows say of one deployment: the row that says most of its end counts.
var rank = []Outcome{Going, Succeeded, Stopped, Failed, RolledBack}

// merge adds what another row says of the same deployment.
func (d *Deployment) merge(o Deployment) {
	if slices.Index(rank, o.Outcome) > slices.Index(rank, d.Outcome) {
		d.Outcome, d.State = o.Outcome, o.State
	}
	if o.Start.Before(d.Start) {
		d.Start = o.Start
	}
	if o.End.After(d.End) {
		d.End = o.End
	}
	d.Rollback = d.Rollback || o.Rollback
	d.Version = cmp.Or(d.Version, o.Version)
	d.Commit = cmp.Or(d.Commit, o.Commit)
	d.Description = cmp.Or(d.Description, o.Description)
	d.By = cmp.Or(d.By, o.By)
	d.URL = cmp.Or(d.URL, o.URL)
}

// settle decides of a deployment that ECS calls a rollback whether it was rolled back itself,
// which makes it unsuccessful, or undoes the one before it.
func (d *Deployment) settle(before []Deployment) {
	d.Started, d.Ended = d.Start, d.End
	if !d.ecs || !d.Rollback {
		return
	}
	for i := len(before) - 1; i >= 0; i-- {
		if b := &before[i]; b.SamePlace(d) {
			if b.Unsuccessful() && !b.Rollback && d.Outcome == RolledBack {
				d.Outcome = Succeeded
				return
			}
			break
		}
	}
	d.Rollback = false
}

// Followed counts the deaths and the alarms that began after one time and not after another.
// What several rows report of the same thing counts once.
func Followed(rows []timeline.Row, after, until time.Time) (deaths, alarms int) {
	died, raised := map[string]bool{}, map[string]bool{}
	for i := range rows {
		row := &rows[i]
		if !row.Start.After(after) || row.Start.After(until) {
			continue
		}
		switch {
		case row.IsDeath():
			died[row.Key] = true
		case row.IsAlarm():
			raised[row.Key] = true
		}
	}
	return len(died), len(raised)
}
