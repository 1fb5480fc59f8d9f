package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
)

// margin is how long before Lambda's deadline everything stops, so that the
// function can still say what went wrong instead of being killed.
const margin = 500 * time.Millisecond

// How much of an event's own text is answered or logged, in characters. An event may
// have a megabyte, and Lambda fails an invocation that answers more than 6 MB.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxName   = 200
	maxReason = 4_000
)

// handler handles deliveries.
type handler struct {
	clients *clients
	lookups *evidence.Lookups
	log     *slog.Logger
	// rehearsal is set if the answer is read: it then has the whole notice.
	rehearsal bool
}

// work is one delivery and what is known of it so far, for the log.
type work struct {
	delivery wire.Delivery
	sink     string
	event    *event.Event
}

// Invoke handles one delivery and answers with a [notice.Receipt]. An error is of
// type Permanent or Transient; Lambda tries again after either, and then hands it
// with the delivery to the failure destination.
func (h *handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	started := time.Now()
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	w := &work{event: &event.Event{}}
	receipt, err := h.deliver(ctx, payload, w)
	if err == nil {
		h.logOutcome(w, slog.LevelInfo, string(receipt.Outcome), receipt.Reason, started)
		return h.answer(receipt)
	}
	failure := messages.InvokeResponse_Error{Type: "Transient", Message: bounded(err.Error(), maxReason)}
	if notice.IsPermanent(err) {
		failure.Type = "Permanent"
	}
	h.logOutcome(w, slog.LevelError, "failed", failure.Type+": "+failure.Message, started)
	return nil, failure
}

// answer is the receipt as JSON. For Lambda, an answer that is too large is a
// failure: it would have the notice sent again.
func (h *handler) answer(receipt notice.Receipt) ([]byte, error) {
	if !h.rehearsal {
		receipt.Notice = nil
	}
	receipt.ID, receipt.Reason = bounded(receipt.ID, maxName), bounded(receipt.Reason, maxReason)
	return json.Marshal(receipt)
}

// bounded is one line of a text, of at most limit characters.
func bounded(text string, limit int) string { return notice.Cut(notice.Line(text), limit) }

// deliver sends the event's notice to the sink unless the watch skips it.
func (h *handler) deliver(ctx context.Context, payload []byte, w *work) (receipt notice.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			h.log.Error("panic", "event", bounded(w.event.ID, maxName), "stack", string(debug.Stack()))
			err = notice.Permanent(fmt.Errorf("the notifier panicked, please report it with this delivery: %v", p))
		}
	}()
	if err := json.Unmarshal(payload, &w.delivery); err != nil {
		return receipt, notice.Permanent(fmt.Errorf("the input is not a delivery: %w", err))
	}
	var sender notice.Sender
	var sink wire.Sink
	if len(w.delivery.Sinks) > 0 {
		sink = w.delivery.Sinks[0]
	}
	if w.sink, sender, err = h.clients.open(sink); err != nil {
		return receipt, notice.Permanent(fmt.Errorf("%w: %s", err, misfit(payload)))
	}

	w.event = decode.Decode(w.delivery.Event, w.delivery.Watch)
	skip := w.event.SkipReason()
	if skip == "" {
		h.lookups.Gather(ctx, w.event)
		skip = w.event.SkipReason()
	}
	receipt.ID, receipt.Notice = w.event.ID, w.event.Notice(time.Now())
	if skip != "" {
		receipt.Outcome, receipt.Reason = notice.Skipped, skip
		return receipt, nil
	}
	receipt.Outcome = notice.Sent
	return receipt, sender.Send(ctx, receipt.Notice)
}

// logOutcome writes the one line that every delivery leaves in the log.
func (h *handler) logOutcome(w *work, level slog.Level, outcome, reason string, started time.Time) {
	h.log.LogAttrs(context.Background(), level, outcome,
		slog.String("event", bounded(w.event.ID, maxName)),
		slog.String("detail_type", bounded(w.event.DetailType, maxName)),
		slog.String("service", bounded(w.delivery.Watch.Service, maxName)),
		slog.String("watch", w.delivery.Watch.Kind()),
		slog.String("sink", w.sink),
		slog.String("outcome", outcome),
		slog.String("reason", withoutAddresses(bounded(reason, maxReason))),
		slog.Int64("ms", time.Since(started).Milliseconds()),
	)
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
