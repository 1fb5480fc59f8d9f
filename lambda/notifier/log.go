package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// The outcomes in the log that no receipt has.
const (
	skipped       = notice.Outcome("skipped")
	notHandedOver = notice.Outcome("not handed over") // the invocation fails, and Lambda runs it again
)

// levels are how bad an outcome is.
var levels = map[notice.Outcome]slog.Level{
	notice.Later: slog.LevelWarn, notice.Failed: slog.LevelError, notHandedOver: slog.LevelError,
}

// entry is the one line in the log that says what became of a notice for a sink, or of a delivery
// that nobody gets.
type entry struct {
	event, detailType, service, watch, sink string
	team                                    string
	count                                   int // of events, zero: one
	outcome                                 notice.Outcome
	reason                                  string
	// attempt is the number of the retry, and late how late it is.
	attempt int
	late    time.Duration
}

func (h *handler) logEntry(e entry, started time.Time) {
	attributes := []slog.Attr{
		slog.String("event", bounded(e.event, maxName)),
		slog.String("detail_type", bounded(e.detailType, maxName)),
		slog.String("service", bounded(e.service, maxName)),
		slog.String("watch", e.watch),
		slog.String("sink", e.sink),
		slog.String("outcome", string(e.outcome)),
		slog.String("reason", withoutAddresses(bounded(e.reason, maxReason))),
		slog.Int("attempt", e.attempt),
		slog.Int64("late_s", int64(e.late/time.Second)),
		slog.Int64("ms", time.Since(started).Milliseconds()),
	}
	if e.count > 0 {
		attributes = append(attributes, slog.Int("events", e.count))
	}
	if e.team != "" {
		attributes = append(attributes, slog.String("team", bounded(e.team, maxName)))
	}
	h.log.LogAttrs(context.Background(), levels[e.outcome], string(e.outcome), attributes...)
}

func (h *handler) logSending(s sending, r notice.SinkReceipt, started time.Time) {
	e := entry{
		event: s.notice.ID, detailType: s.retry.DetailType, service: s.notice.Service, watch: s.retry.Watch,
		sink: s.name, outcome: r.Outcome, reason: r.Reason, attempt: s.retry.Attempt, team: s.team, count: s.notice.Count,
	}
	if s.retry.Notice != nil || s.retry.Attempt > 0 {
		e.late = started.Sub(s.retry.Since)
	}
	h.logEntry(e, started)
}

func (h *handler) logSkipped(o *order, started time.Time) {
	h.logEntry(entry{
		event: o.event.ID, detailType: o.event.DetailType, service: o.watch.Service, watch: o.watch.Kind(),
		sink: o.names(), outcome: skipped, reason: o.skip, team: o.team(),
	}, started)
}

// refused logs that an input cannot be handled, and marks the error.
func (h *handler) refused(started time.Time, err error) error {
	h.logEntry(entry{outcome: notice.Failed, reason: err.Error()}, started)
	return notice.Permanent(err)
}

// withoutAddresses removes mail addresses from what is logged: SES's reasons name
// them. The failure destination has them in full.
func withoutAddresses(s string) string {
	words := strings.Fields(s)
	for i, word := range words {
		if strings.Contains(word, "@") {
			words[i] = "(address)"
		}
	}
	return strings.Join(words, " ")
}
