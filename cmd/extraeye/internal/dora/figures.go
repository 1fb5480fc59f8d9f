package dora

import (
	"slices"
	"time"
)

// Figures are DORA's metrics of one service, as JSON has them.
type Figures struct {
	// Service is empty for all services together.
	Service string `json:"service,omitempty"`
	// Deployments are those that were meant to release something.
	Deployments int `json:"deployments"`
	Succeeded   int `json:"succeeded"`
	Failed      int `json:"failed"`
	Stopped     int `json:"stopped"`
	RolledBack  int `json:"rolledBack"`
	Rollbacks   int `json:"rollbacks"`
	// DeploymentFrequency is how many a week succeeded.
	DeploymentFrequency float64 `json:"deploymentsPerWeek"`
	// ChangeFailRate is the share of the deployments that failed, were stopped or rolled back.
	ChangeFailRate Share `json:"changeFailRate"`
	// TroubleRate is the share of the successes that were followed within an hour by a rollback,
	// an alarm or three deaths.
	TroubleRate Share `json:"troubleAfterSuccessRate"`
	// RecoveryTime is how long a failed deployment took to be followed by a success.
	RecoveryTime Duration `json:"failedDeploymentRecoveryTime"`
	// ReworkRate is the share of the deployments, rollbacks included, that are rollbacks or were
	// made within four hours after a failure.
	ReworkRate Share `json:"deploymentReworkRate"`
	// LeadTime is how long after its commit something was released.
	LeadTime Duration `json:"changeLeadTime"`
}

// Share is a part of a whole. Rate is nil if the whole is nothing.
type Share struct {
	Part  int      `json:"part"`
	Whole int      `json:"whole"`
	Rate  *float64 `json:"rate"`
}

// Duration sums up how long things took. Median is nil if no duration is known.
type Duration struct {
	Known         int      `json:"known"`
	Unknown       int      `json:"unknown"`
	MedianSeconds *float64 `json:"medianSeconds"`
}

// Median is the median, or 0 if no duration is known.
func (d Duration) Median() time.Duration {
	if d.MedianSeconds == nil {
		return 0
	}
	return time.Duration(*d.MedianSeconds * float64(time.Second))
}

const week = 7 * 24 * time.Hour

// Figures computes the metrics of what was counted in some time.
func (c Count) Figures(service string, within time.Duration) Figures {
	deployments := c.Succeeded + c.Failed + c.Stopped + c.RolledBack
	f := Figures{
		Service: service, Deployments: deployments,
		Succeeded: c.Succeeded, Failed: c.Failed, Stopped: c.Stopped, RolledBack: c.RolledBack, Rollbacks: c.Rollbacks,
		ChangeFailRate: share(c.Failed+c.Stopped+c.RolledBack, deployments),
		TroubleRate:    share(c.Troubled, c.Succeeded),
		RecoveryTime:   sumUp(c.Recoveries, c.Unrecovered),
		ReworkRate:     share(c.Reworked, deployments+c.Rollbacks),
		LeadTime:       sumUp(c.LeadTimes, c.UnknownCommits),
	}
	if within > 0 {
		f.DeploymentFrequency = float64(c.Succeeded) / (float64(within) / float64(week))
	}
	return f
}

func share(part, whole int) Share {
	s := Share{Part: part, Whole: whole}
	if whole > 0 {
		rate := float64(part) / float64(whole)
		s.Rate = &rate
	}
	return s
}

func sumUp(all []time.Duration, unknown int) Duration {
	d := Duration{Known: len(all), Unknown: unknown}
	if n := len(all); n > 0 {
		sorted := slices.Sorted(slices.Values(all))
		seconds := (sorted[(n-1)/2] + sorted[n/2]).Seconds() / 2
		d.MedianSeconds = &seconds
	}
	return d
}
