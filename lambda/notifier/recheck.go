package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/later"
	"github.com/extraeye/extraeye/lambda/notice"
)

// follow hands over that it is to be asked later whether what orders report is over. It returns a
// function that waits.
func (h *handler) follow(ctx context.Context, orders []*order) (wait func()) {
	return h.askLater(ctx, "not followed", orders, func(i int, o *order) func(context.Context) error {
		r := o.recheck()
		if len(r.Sinks) == 0 {
			return nil
		}
		return func(ctx context.Context) error { return later.Recheck(ctx, h.clients.aws, r, o.place+strconv.Itoa(i)) }
	})
}

// askLater hands over what is to be found out later about orders: what handOver returns for one,
// unless that is nil. A notice is worth no less without it, so what fails is in the log only, as
// failed. A rehearsal, in which nothing happens later and whose fakes would answer the same, does
// without. It returns a function that waits.
func (h *handler) askLater(ctx context.Context, failed string, orders []*order, handOver func(int, *order) func(context.Context) error) (wait func()) {
	var all sync.WaitGroup
	for i, o := range orders {
		do := handOver(i, o)
		if do == nil || h.rehearsal {
			continue
		}
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, handOverTime)
			defer cancel()
			if err := h.try(func() error { return do(ctx) }); err != nil {
				h.log.Warn(failed, slog.String("event", bounded(o.event.ID, maxName)), slog.String("reason", bounded(err.Error(), maxReason)))
			}
		})
	}
	return all.Wait
}

// recheck is what is to be asked later, for no sinks if that is nothing.
func (o *order) recheck() wire.Recheck {
	r := wire.Recheck{Order: wire.Order{Watch: o.watch}, Event: o.raw, Journal: o.journal}
	if o.skip != "" || o.event.Drill != nil || o.notice.Status != notice.Open {
		return r
	}
	if s, ok := o.event.Subject.(event.Lasting); !ok || !s.Lasts() {
		return r
	}
	for _, s := range o.sinks {
		if s.err == nil && s.sink.Follows() {
			r.Sinks = append(r.Sinks, s.sink)
		}
	}
	return r
}

// check asks whether something is over that was reported, and notifies the sinks if it is.
func (h *handler) check(ctx context.Context, r wire.Recheck) (none notice.Receipt, err error) {
	started := time.Now()
	orders, err := h.orders(ctx, &wire.Delivery{Order: r.Order, Event: r.Event, Journal: r.Journal})
	if err != nil {
		return none, h.refused(started, err)
	}
	o := orders[0]
	o.event = decode.Decode(o.raw, o.watch)
	lasting, ok := o.event.Subject.(event.Lasting)
	if !ok {
		return none, h.refused(started, errors.New("the input asks whether something is over that has no end"))
	}
	end := lasting.End()
	o.event.Subject = end
	h.lookups.Gather(ctx, o.event)
	if o.skip = end.SkipReason(o.watch); o.skip != "" {
		h.logSkipped(o, started)
		if end.Pending(o.watch) {
			err = later.Recheck(ctx, h.clients.aws, r, "0")
		}
		return receipt(orders, nil), err
	}
	now := time.Now()
	o.notice = o.event.Notice(now)
	return h.report(ctx, orders, o.sendings(0, now))
}
