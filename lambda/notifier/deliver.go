package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// order is a watch, its sinks, and the event as the watch sees it.
type order struct {
	raw    json.RawMessage
	watch  wire.Watch
	sinks  []opened
	event  *event.Event
	skip   string // why the watch does not want it
	notice *notice.Notice
	fleet  *fleetOrder // nil if the delivery names the sinks
	// journal is the log group in which is written what becomes of it; empty: none.
	journal string
	// over is how many events of one thing are sent one by one, zero if all are.
	over int
	// message is the id of the message that had the delivery, if it was collected, and place tells
	// it from all others of the invocation.
	message, place string
}

// orders opens the sinks of a delivery. It is an error if not one is known.
func (h *handler) orders(ctx context.Context, d *wire.Delivery) (all []*order, err error) {
	known, err := false, errors.New("the input names no sink")
	for _, of := range d.Orders() {
		o := &order{raw: d.Event, watch: of.Watch, journal: d.Journal, over: of.Over}
		if of.Fleet {
			if o.fleet, err = h.fleetOrder(ctx); err != nil {
				return nil, err
			}
			known = true
		}
		for _, sink := range of.Sinks {
			s := h.clients.open(sink)
			o.sinks = append(o.sinks, s)
			if s.err == nil {
				known = true
			} else {
				err = s.err
			}
		}
		all = append(all, o)
	}
	if known {
		return all, nil
	}
	return nil, err
}

// deliver sends the notices of one event. Each watch decides by itself; what they ask AWS is
// asked once.
func (h *handler) deliver(ctx context.Context, orders []*order) (notice.Receipt, error) {
	started := time.Now()
	var wanted []*event.Event
	for _, o := range orders {
		if h.decide(o); o.skip == "" && o.event.Drill == nil { // of which there is nothing to be found
			wanted = append(wanted, o.event)
		}
	}
	if len(wanted) > 0 {
		tagged := h.askTags(ctx, orders)
		_ = h.try(func() error { h.lookups.Gather(ctx, wanted...); return nil }) // what was not found is missing in the notice
		tagged()
	}
	now := time.Now()
	var all []sending
	for i, o := range orders {
		if h.conclude(o, now); o.skip != "" {
			h.logSkipped(o, started)
			continue
		}
		all = append(all, o.sendings(i, now)...)
	}
	defer h.follow(ctx, orders)()
	defer h.askVerdicts(ctx, orders)()
	return h.report(ctx, orders, all)
}

// report sends the notices of orders, and writes down what became of them.
func (h *handler) report(ctx context.Context, orders []*order, all []sending) (notice.Receipt, error) {
	sent, err := h.send(ctx, all)
	r := receipt(orders, sent)
	h.writeDown(ctx, r, orders)
	return r, err
}

// sendings are the order's notice for each of its sinks. The order has a place in its delivery.
func (o *order) sendings(place int, now time.Time) (all []sending) {
	for j, sink := range o.sinks {
		all = append(all, sending{
			opened: sink, notice: o.notice, place: o.place + strconv.Itoa(place) + "." + strconv.Itoa(j), team: o.team(),
			retry: wire.Retry{
				Sink: sink.sink, Since: now, Watch: o.watch.Kind(), DetailType: bounded(o.event.DetailType, maxName), Journal: o.journal,
			},
		})
	}
	return all
}

// decide reads the event for the order's watch. An event that cannot even be read without a panic
// is reported as it came.
func (h *handler) decide(o *order) {
	err := h.try(func() error {
		o.event = decode.Decode(o.raw, o.watch)
		if o.event.Drill != nil {
			o.journal = "" // which has what happened
		}
		o.skip = o.event.SkipReason()
		return nil
	})
	if err != nil {
		o.unread(err)
	}
}

// conclude decides with what was looked up, and writes the notice.
func (h *handler) conclude(o *order, now time.Time) {
	err := h.try(func() error {
		if o.skip == "" {
			o.skip = o.event.SkipReason()
		}
		if o.skip == "" || h.rehearsal || o.journal != "" {
			o.notice = o.event.Notice(now)
		}
		return nil
	})
	if err != nil {
		o.unread(err)
		o.notice = o.event.Notice(now)
	}
	if o.fleet != nil {
		h.assign(o)
	}
	o.drill()
}

// drill leaves out the sinks that are not part of a drill.
func (o *order) drill() {
	if o.event.Drill == nil || o.skip != "" {
		return
	}
	o.sinks = slices.DeleteFunc(o.sinks, func(s opened) bool { return !o.event.Drill.WantsSink(s.sink) })
	if len(o.sinks) == 0 {
		o.skip = "the drill is for none of the sinks"
	}
}

// unread makes the event one that could not be read.
func (o *order) unread(err error) {
	o.event, _, _ = event.Read(o.raw, o.watch)
	o.event.Subject, o.skip = &decode.Unknown{Reason: err.Error()}, ""
}

// receipt joins what became of the orders and, in the same order, of their sinks.
func receipt(orders []*order, sent []notice.SinkReceipt) (r notice.Receipt) {
	for _, o := range orders {
		r.ID = o.event.ID
		of := notice.OrderReceipt{Skipped: o.skip, Team: o.team(), Notice: o.notice}
		if o.skip == "" {
			of.Sinks, sent = sent[:len(o.sinks)], sent[len(o.sinks):]
		}
		r.Orders = append(r.Orders, of)
	}
	return r
}

// names are the sinks of an order.
func (o *order) names() string {
	var all []string
	for _, s := range o.sinks {
		all = append(all, s.name)
	}
	return strings.Join(all, ", ")
}
