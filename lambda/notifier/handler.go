package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/journal"
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

// handler handles deliveries, notices that are sent again, and what may be over by now.
type handler struct {
	clients *clients
	lookups *evidence.Lookups
	log     *slog.Logger
	journal journal.Writer
	// fleet is whose things are; nil if the function has no table of it.
	fleet *fleet
	// rehearsal is set if the answer is read: it then has the whole notice.
	rehearsal bool
}

// input is a delivery, a retry, a recheck, a release, or a batch of deliveries that were
// collected.
type input struct {
	wire.Delivery
	Records []queued       `json:"Records"`
	Retry   *wire.Retry    `json:"retry"`
	Recheck *wire.Recheck  `json:"recheck"`
	Verdict *wire.Released `json:"verdict"`
}

// Invoke handles one input, and answers with a [notice.Receipt] or, of a batch, with what is to
// come again. An error is of type Permanent or Transient; Lambda tries again after either, and
// then hands it with the input to the failure destination.
func (h *handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	if call, ok := widgetCallOf(payload); ok {
		return h.widget(ctx, call)
	}
	var answer []byte
	err := h.try(func() (err error) {
		answer, err = h.handle(ctx, payload)
		return err
	})
	if err == nil {
		return answer, nil
	}
	failure := messages.InvokeResponse_Error{Type: "Transient", Message: bounded(err.Error(), maxReason)}
	if notice.IsPermanent(err) {
		failure.Type = "Permanent"
	}
	return nil, failure
}

// handle does what the input asks for. What it cannot read or send to anybody is an error.
func (h *handler) handle(ctx context.Context, payload []byte) (answer []byte, err error) {
	started := time.Now()
	var in input
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, h.refused(started, fmt.Errorf("the input is not a delivery: %w", err))
	}
	if len(in.Records) > 0 {
		return json.Marshal(h.batch(ctx, in.Records))
	}
	receipt, err := h.one(ctx, &in, payload)
	if err != nil {
		return nil, err
	}
	return h.answer(receipt)
}

// one handles any input but a batch.
func (h *handler) one(ctx context.Context, in *input, payload []byte) (none notice.Receipt, err error) {
	started := time.Now()
	if in.Retry != nil {
		s, err := h.again(*in.Retry)
		if err != nil {
			return none, h.refused(started, err)
		}
		return h.sendOne(ctx, s)
	}
	if in.Recheck != nil {
		return h.check(ctx, *in.Recheck)
	}
	if in.Verdict != nil {
		return h.verdict(ctx, *in.Verdict)
	}
	orders, err := h.orders(ctx, &in.Delivery)
	if err != nil {
		return none, h.refused(started, fmt.Errorf("%w: %s", err, misfit(payload)))
	}
	return h.deliver(ctx, orders)
}

// try makes an error of a panic.
func (h *handler) try(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			h.log.Error("panic", "stack", string(debug.Stack()))
			err = notice.Permanent(fmt.Errorf("the notifier panicked, please report it with this delivery: %v", p))
		}
	}()
	return f()
}

// answer is the receipt as JSON. For Lambda, an answer that is too large is a
// failure: it would have the notices sent again.
func (h *handler) answer(receipt notice.Receipt) ([]byte, error) {
	return json.Marshal(h.short(receipt))
}

// short is a receipt without what nobody reads.
func (h *handler) short(receipt notice.Receipt) notice.Receipt {
	receipt.ID = bounded(receipt.ID, maxName)
	for i := range receipt.Orders {
		o := &receipt.Orders[i]
		if !h.rehearsal {
			o.Notice = nil
		}
		o.Skipped = bounded(o.Skipped, maxReason)
	}
	return receipt
}

// bounded is one line of a text, of at most limit characters.
func bounded(text string, limit int) string { return notice.Cut(notice.Line(text), limit) }
