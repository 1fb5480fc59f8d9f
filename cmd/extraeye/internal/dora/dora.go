// Package dora computes DORA's metrics of the delivery of software from the rows of timelines.
//
// https://dora.dev/guides/dora-metrics/
package dora

import (
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/releases"
)

const (
	// soon is how long after a success trouble counts as its own.
	soon = time.Hour
	// manyDeaths is how many deaths are trouble.
	manyDeaths = 3
	// fixing is how long after a failure a deployment counts as its repair.
	fixing = 4 * time.Hour
)

// Count is what was counted of a service. Each deployment counts once.
type Count struct {
	// Succeeded, Failed, Stopped and RolledBack are deployments that were meant to release
	// something, by their outcomes.
	Succeeded, Failed, Stopped, RolledBack int
	// Rollbacks are deployments that undo another. They release nothing.
	Rollbacks int
	// Troubled are the successes that were followed by a rollback, an alarm or several deaths.
	Troubled int
	// Reworked are rollbacks, and deployments soon after a failure.
	Reworked int
	// Recoveries are from the end of a failure up to the end of the next success in the same place.
	Recoveries []time.Duration
	// Unrecovered are failures after which nothing succeeded yet.
	Unrecovered int
	// LeadTimes are from the commit up to the end of its successful deployment. Of UnknownCommits
	// successes the date of the commit is not known.
	LeadTimes      []time.Duration
	UnknownCommits int
}

// CommitTime returns when what was released was committed, or false if that is not known.
type CommitTime func(*notice.Release) (time.Time, bool)

// Of counts the deployments of a timeline that ended between two times.
func Of(rows []timeline.Row, from, to time.Time, committed CommitTime) Count {
	var c Count
	all := history(releases.Of(rows))
	for i := range all {
		d := &all[i]
		if d.End.IsZero() || d.End.Before(from) || !d.End.Before(to) {
			continue
		}
		c.count(d)
		if d.Rollback || all.afterFailure(i) {
			c.Reworked++
		}
		c.recovery(all, i)
		if d.Rollback || d.Outcome != releases.Succeeded {
			continue
		}
		if all.troubled(i, rows) {
			c.Troubled++
		}
		if at, ok := committed(&d.Release); ok && at.Before(d.End) {
			c.LeadTimes = append(c.LeadTimes, d.End.Sub(at))
		} else {
			c.UnknownCommits++
		}
	}
	return c
}

// count counts a deployment by its outcome.
func (c *Count) count(d *releases.Deployment) {
	switch {
	case d.Rollback:
		c.Rollbacks++
	case d.Outcome == releases.Succeeded:
		c.Succeeded++
	case d.Outcome == releases.Failed:
		c.Failed++
	case d.Outcome == releases.Stopped:
		c.Stopped++
	case d.Outcome == releases.RolledBack:
		c.RolledBack++
	}
}

// recovery counts how long a failure lasted, unless it is a part of an earlier one.
func (c *Count) recovery(all history, i int) {
	if !all.broke(i) || all.brokenBefore(i) {
		return
	}
	if end, ok := all.recovered(i); ok {
		c.Recoveries = append(c.Recoveries, end.Sub(all.brokeAt(i)))
	} else {
		c.Unrecovered++
	}
}

// history are deployments in the order of their starts.
type history []releases.Deployment

// broke reports whether a deployment failed, or was stopped and undone. One that somebody stopped
// before it did harm is no failure, and a rollback that fails leaves one as it was.
func (h history) broke(i int) bool {
	d := &h[i]
	switch {
	case d.Rollback:
		return false
	case d.Outcome == releases.Stopped:
		return h.rollbackSoon(i)
	default:
		return d.Unsuccessful()
	}
}

// rollbackSoon reports whether a rollback began in the same place soon after a deployment ended.
func (h history) rollbackSoon(i int) bool {
	return slices.ContainsFunc(h[i:], func(o releases.Deployment) bool {
		gap := o.Start.Sub(h[i].End)
		return o.Rollback && o.SamePlace(&h[i]) && gap >= -time.Minute && gap <= soon // CodeDeploy may start it first
	})
}

// brokenBefore reports whether the place was broken already.
func (h history) brokenBefore(i int) bool {
	for j := i - 1; j >= 0; j-- {
		switch b := &h[j]; {
		case !b.SamePlace(&h[i]) || b.End.IsZero():
		case b.Outcome == releases.Succeeded || b.Outcome == releases.RolledBack:
			return false
		case h.broke(j):
			return true
		}
	}
	return false
}

// brokeAt is when a deployment failed. When ECS decided to roll one back is not known: it counts
// from its start.
func (h history) brokeAt(i int) time.Time {
	if h[i].Outcome == releases.RolledBack {
		return h[i].Start
	}
	return h[i].End
}

// recovered returns when the next success in the same place ended, a rollback included.
func (h history) recovered(i int) (end time.Time, ok bool) {
	for j := i; j < len(h); j++ {
		n := &h[j]
		good := n.Outcome == releases.Succeeded || n.Outcome == releases.RolledBack
		if good && n.SamePlace(&h[i]) && !n.End.Before(h[i].End) && (!ok || n.End.Before(end)) {
			end, ok = n.End, true
		}
	}
	return end, ok
}

// afterFailure reports whether a deployment began soon after another failed in the same place.
func (h history) afterFailure(i int) bool {
	for j := range h[:i] {
		gap := h[i].Start.Sub(h[j].End)
		if gap >= 0 && gap <= fixing && h[j].SamePlace(&h[i]) && h.broke(j) {
			return true
		}
	}
	return false
}

// troubled reports whether a success was soon followed by a rollback, an alarm or several deaths.
func (h history) troubled(i int, rows []timeline.Row) bool {
	deaths, alarms := releases.Followed(rows, h[i].End, h[i].End.Add(soon))
	return alarms > 0 || deaths >= manyDeaths || h.rollbackSoon(i)
}

// Total adds up the counts of several services.
func Total(counts []Count) Count {
	var t Count
	for _, c := range counts {
		t.Succeeded += c.Succeeded
		t.Failed += c.Failed
		t.Stopped += c.Stopped
		t.RolledBack += c.RolledBack
		t.Rollbacks += c.Rollbacks
		t.Troubled += c.Troubled
		t.Reworked += c.Reworked
		t.Recoveries = append(t.Recoveries, c.Recoveries...)
		t.Unrecovered += c.Unrecovered
		t.LeadTimes = append(t.LeadTimes, c.LeadTimes...)
		t.UnknownCommits += c.UnknownCommits
	}
	return t
}
