package main

import (
	"context"
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/grouped"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxUndecided is of how many events of a group AWS is asked whether the watch wants them. The
// rest is reported: what could not be decided always is.
const maxUndecided = 50

// settleAsOne reports the events of a group as one, unless too few are left once something was
// looked up.
func (b *batch) settleAsOne(ctx context.Context, g *group) {
	started := time.Now()
	asked := toAsk(g.orders)
	var events []*event.Event
	for _, o := range asked {
		events = append(events, o.event)
	}
	_ = b.try(func() error { b.lookups.Gather(ctx, events...); return nil }) // what was not found is missing in the notice
	now := time.Now()
	var left, skipped []*order
	for _, o := range g.orders {
		if slices.Contains(asked, o) {
			b.conclude(o, now)
		}
		if o.skip != "" {
			b.logSkipped(o, started)
			skipped = append(skipped, o)
			continue
		}
		left = append(left, o)
	}
	b.writeAllDown(ctx, skipped, nil)
	if len(left) <= g.over {
		b.settleEach(ctx, left)
		return
	}
	b.sendAsOne(ctx, left, asked, now)
}

// toAsk are the events of a group that something is looked up for: the newest, the first of the
// most severe, and those of which only that may say whether the watch wants them.
func toAsk(orders []*order) []*order {
	worst := slices.MaxFunc(orders, func(a, b *order) int { return severity(a) - severity(b) })
	asked := []*order{orders[len(orders)-1]}
	if worst != asked[0] {
		asked = append(asked, worst)
	}
	most := len(asked) + maxUndecided
	for _, o := range orders {
		s, ok := o.event.Subject.(event.Undecided)
		if ok && s.Undecided(o.watch) && !slices.Contains(asked, o) && len(asked) < most {
			asked = append(asked, o)
		}
	}
	return asked
}

// sendAsOne sends one notice of all orders, which are in the order of their events.
func (b *batch) sendAsOne(ctx context.Context, orders, asked []*order, now time.Time) {
	var members []grouped.Member
	for _, o := range orders {
		members = append(members, grouped.Member{Event: o.event, Notice: o.notice, LookedUp: slices.Contains(asked, o)})
	}
	one := *orders[len(orders)-1]
	one.notice = grouped.Notice(members, now)
	for _, o := range slices.Backward(orders) {
		if slices.Contains(asked, o) { // the end of the last one is the end of all
			wait := b.follow(ctx, []*order{o})
			defer wait()
			break
		}
	}
	sent, err := b.send(ctx, one.sendings(0, now))
	if err != nil {
		b.fail(err, orders...)
	}
	b.writeAllDown(ctx, orders, sent)
	b.keep(notice.Receipt{ID: one.notice.ID, Orders: []notice.OrderReceipt{{Notice: one.notice, Sinks: sent}}})
}

// linesAtOnce is how many lines for a journal are written at the same time.
const linesAtOnce = 50

// writeAllDown writes what became of each event of a group into its journal.
func (b *batch) writeAllDown(ctx context.Context, orders []*order, sent []notice.SinkReceipt) {
	for some := range slices.Chunk(orders, linesAtOnce) {
		var r notice.Receipt
		for _, o := range some {
			r.Orders = append(r.Orders, notice.OrderReceipt{Skipped: o.skip, Sinks: sent})
		}
		b.writeDown(ctx, r, some)
	}
}
