package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/later"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/rehearsal"
)

// handOverTime is what sinks leave of the time to hand over what they did not take, if there is
// three times as much.
const handOverTime = 5 * time.Second

// sending is a notice for one sink.
type sending struct {
	opened
	notice *notice.Notice
	// place is where the delivery has the sink.
	place string
	// team is whose the event is, and how that was decided; "" if the delivery names the sinks.
	team string
	// retry is what is handed over if the sink does not take the notice. It has the notice
	// itself only if it was handed over before.
	retry wire.Retry
}

// send sends notices at the same time, the last one in the goroutine that it is called in: most
// deliveries have one, and another's stack would have to grow for it. The error names those that are
// neither sent nor handed over.
func (h *handler) send(ctx context.Context, all []sending) ([]notice.SinkReceipt, error) {
	receipts, failures := make([]notice.SinkReceipt, len(all)), make([]error, len(all))
	var done sync.WaitGroup
	for i, s := range all {
		one := func() {
			failures[i] = h.try(func() (err error) {
				receipts[i], err = h.sendOrHandOver(ctx, s)
				return err
			})
		}
		if i < len(all)-1 {
			done.Go(one)
		} else {
			one()
		}
	}
	done.Wait()
	var texts []string
	for i, err := range failures {
		if err != nil {
			texts = append(texts, fmt.Sprintf("%s: %v", all[i].name, err))
		}
	}
	if texts == nil {
		return receipts, nil
	}
	return receipts, errors.New(strings.Join(texts, "; "))
}

// sendOrHandOver sends a notice, or hands it over to be sent later or kept in the dead-letter
// queue. The error is that it could do neither.
func (h *handler) sendOrHandOver(ctx context.Context, s sending) (r notice.SinkReceipt, err error) {
	started := time.Now()
	if h.rehearsal {
		ctx = rehearsal.For(ctx, s.name, s.place)
	}
	r = notice.SinkReceipt{Sink: s.name, Outcome: notice.Sent}
	refused := h.try(func() error { return s.sendInTime(ctx) })
	if refused == nil {
		h.logSending(s, r, started)
		return r, nil
	}
	if s.retry.Notice == nil && s.retry.Line == nil {
		s.retry = later.Keep(s.notice, s.retry)
	}
	l := later.Plan(s.retry, s.title, refused)
	r.Outcome, r.Reason, r.AfterSeconds = notice.Later, bounded(refused.Error(), maxReason), l.AfterSeconds
	if l.DeadLetter != nil {
		r.Outcome = notice.Failed
	}
	if err = later.HandOver(ctx, h.clients.aws, l, s.place); err != nil {
		err = fmt.Errorf("%w (and could not be handed over: %w)", refused, err)
		r.Outcome, r.Reason = notHandedOver, bounded(err.Error(), maxReason)
	}
	h.logSending(s, r, started)
	return r, err
}

// sendInTime sends a notice and leaves time to hand it over.
func (s *sending) sendInTime(ctx context.Context) error {
	if s.err != nil {
		return notice.Permanent(s.err)
	}
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-min(handOverTime, time.Until(deadline)/3)))
		defer cancel()
	}
	return s.sender.Send(ctx, s.notice)
}

// again opens what is sent again.
func (h *handler) again(r wire.Retry) (sending, error) {
	if r.Line != nil {
		return h.lineAgain(r)
	}
	s := sending{opened: h.clients.open(r.Sink), retry: r}
	var err error
	if s.notice, err = later.Notice(r, time.Now()); err != nil {
		return s, err
	}
	return s, s.err
}

// sendOne sends one notice again.
func (h *handler) sendOne(ctx context.Context, s sending) (notice.Receipt, error) {
	sent, err := h.send(ctx, []sending{s})
	h.writeDownLate(ctx, s, sent)
	return notice.Receipt{ID: s.notice.ID, Orders: []notice.OrderReceipt{{Notice: s.notice, Sinks: sent}}}, err
}
