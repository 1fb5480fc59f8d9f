package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
)

// timeSpan is the time that a timeline shows.
type timeSpan struct{ from, to time.Time }

// How much is shown before and after what -around names.
const (
	aroundBefore = 30 * time.Minute
	aroundAfter  = 15 * time.Minute
)

// parseSpan reads -since, -from and -to.
func parseSpan(since, from, to string, now time.Time) (s timeSpan, err error) {
	s.to = now
	if to != "" {
		if s.to, err = parseTime(to); err != nil {
			return s, fmt.Errorf("-to %q: %w", to, err)
		}
	}
	if from != "" {
		if s.from, err = parseTime(from); err != nil {
			return s, fmt.Errorf("-from %q: %w", from, err)
		}
	} else {
		ago, err := parseAgo(since)
		if err != nil {
			return s, fmt.Errorf("-since %q: %w", since, err)
		}
		s.from = s.to.Add(-ago)
	}
	if !s.from.Before(s.to) {
		return s, fmt.Errorf("the timeline would begin at %s and end before, at %s", s.from.Format(time.RFC3339), s.to.Format(time.RFC3339))
	}
	return s, nil
}

// parseTime reads a time. Without a zone, it could mean two hours' difference to what was meant.
func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00"} {
		if t, err := time.Parse(layout, strings.Replace(text, " UTC", "Z", 1)); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("a time has a date and a zone, as in 2026-11-22T09:00Z or 2026-11-22T10:00+01:00")
}

// maxAgo is longer than any record is kept.
const maxAgo = 500 * 24 * time.Hour

// parseAgo reads a duration: Go's, or a number of days or weeks.
func parseAgo(text string) (time.Duration, error) {
	wrong := errors.New("it must be a time such as 90m, 6h, 2d or 6w")
	for unit, size := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			n, err := strconv.ParseFloat(number, 64)
			if ago := n * float64(size); err == nil && ago > 0 && ago <= float64(maxAgo) {
				return time.Duration(ago), nil
			}
			return 0, wrong
		}
	}
	ago, err := time.ParseDuration(text)
	if err != nil || ago <= 0 || ago > maxAgo {
		return 0, wrong
	}
	return ago, nil
}

// findSpan is the time around what -around names.
func (c *timelineCommand) findSpan(ctx context.Context, collector collect.Collector, s collect.Scope, now time.Time) (timeSpan, error) {
	var at, end time.Time
	var err error
	switch {
	case strings.HasPrefix(c.around, "i-"):
		at, err = collector.FindInstance(ctx, s, c.around)
		end = at
	case strings.HasPrefix(c.around, "d-"):
		at, end, err = collector.FindDeployment(ctx, c.around)
	default:
		at, err = parseTime(c.around)
		end = at
	}
	if err != nil {
		return timeSpan{}, exitError{code: exitUsage, err: fmt.Errorf("-around %s: %w", c.around, err)}
	}
	span := timeSpan{at.Add(-aroundBefore), end.Add(aroundAfter)}
	if span.to.After(now) {
		span.to = now
	}
	return span, nil
}

// parseApplication reads APPLICATION or APPLICATION/GROUP.
func parseApplication(text string) (wire.Application, error) {
	name, group, _ := strings.Cut(text, "/")
	if name == "" {
		return wire.Application{}, fmt.Errorf("-codedeploy-application %q: it must look like APPLICATION or APPLICATION/GROUP", text)
	}
	return wire.Application{Name: name, Group: group}, nil
}

// parseService reads CLUSTER/NAME.
func parseService(text string) (wire.ClusterService, error) {
	cluster, name, _ := strings.Cut(text, "/")
	if cluster == "" || name == "" || strings.Contains(cluster, "*") {
		return wire.ClusterService{}, fmt.Errorf("-ecs-service %q: it must look like CLUSTER/NAME, with a cluster without *", text)
	}
	return wire.ClusterService{Cluster: cluster, Name: name}, nil
}
