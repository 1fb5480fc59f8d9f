package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/later"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// groupsAtOnce is how many groups of a batch are handled at the same time.
	groupsAtOnce = 20
	// enoughTime is what must be left to begin with more of them: for look-ups, for sinks, and to
	// hand over what they do not take.
	enoughTime = 12 * time.Second
)

// queued is a delivery that was collected in a queue.
//
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
type queued struct {
	ID   string `json:"messageId"`
	Body string `json:"body"`
}

// batchAnswer says which messages are to come again; SQS deletes all others.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
type batchAnswer struct {
	Failures []batchFailure `json:"batchItemFailures"`
	// Receipts are for a rehearsal only.
	Receipts []notice.Receipt `json:"receipts,omitempty"`
}

type batchFailure struct {
	Message string `json:"itemIdentifier"`
}

// batch is what comes of a batch of messages.
type batch struct {
	*handler
	seen   map[string]bool // events, for orders
	groups []*group
	byKey  map[string]*group

	mu       sync.Mutex
	failed   map[string]bool // messages
	receipts []notice.Receipt
}

// group are the orders of a batch whose events are about one thing, for the same sinks.
type group struct {
	orders []*order
	over   int
}

// batch handles the deliveries of a batch. Each event is reported once, or its message comes
// again.
func (h *handler) batch(ctx context.Context, messages []queued) batchAnswer {
	b := &batch{handler: h, seen: map[string]bool{}, byKey: map[string]*group{}, failed: map[string]bool{}}
	var poison sync.WaitGroup // which must not keep the rest waiting
	for _, m := range messages {
		if err := h.try(func() error { return b.read(ctx, m) }); err != nil {
			poison.Go(func() { b.bury(ctx, m, err) })
		}
	}
	b.settleAll(ctx)
	poison.Wait()
	answer := batchAnswer{Failures: []batchFailure{}}
	for _, m := range messages {
		if b.failed[m.ID] {
			answer.Failures = append(answer.Failures, batchFailure{m.ID})
		}
	}
	if h.rehearsal {
		for _, r := range b.receipts {
			answer.Receipts = append(answer.Receipts, h.short(r))
		}
	}
	return answer
}

// bury puts a message that has no delivery into the dead-letter queue at once. If that fails, it
// comes again, and SQS does it in the end.
func (b *batch) bury(ctx context.Context, m queued, reason error) {
	reason = b.refused(time.Now(), reason)
	if err := b.try(func() error { return later.Bury(ctx, b.clients.aws, m.Body, reason, m.ID) }); err != nil {
		b.fail(fmt.Errorf("it could not be put into the dead-letter queue: %w", err), &order{message: m.ID})
	}
}

// fail has the messages of orders come again.
func (b *batch) fail(reason error, orders ...*order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range orders {
		if !b.failed[o.message] {
			b.log.Warn("comes again", "message", o.message, "reason", withoutAddresses(bounded(reason.Error(), maxReason)))
		}
		b.failed[o.message] = true
	}
}

// read sorts the orders of a message into groups. The error is that it has no delivery.
func (b *batch) read(ctx context.Context, m queued) error {
	var d wire.Delivery
	if err := json.Unmarshal([]byte(m.Body), &d); err != nil {
		return fmt.Errorf("the message is not a delivery: %w", err)
	}
	of := bySinks(d.Orders())
	d.Order, d.Also = of[0], of[1:]
	orders, err := b.orders(ctx, &d)
	if err != nil {
		return fmt.Errorf("%w: %s", err, misfit([]byte(m.Body)))
	}
	for i, o := range orders {
		o.message, o.place = m.ID, m.ID+"-"+strconv.Itoa(i)+"-"
		if b.decide(o); o.skip != "" && o.journal == "" {
			b.logSkipped(o, time.Now())
			continue
		}
		b.add(o, string(notice.JSON(of[i])))
	}
	return nil
}

// bySinks separates the sinks that keep an alert or a thread for what they are notified of: for
// them, what belongs together is that.
func bySinks(orders []wire.Order) (all []wire.Order) {
	for _, o := range orders {
		follow, others := o, o
		follow.Sinks, others.Sinks = nil, nil
		for _, s := range o.Sinks {
			if s.Follows() {
				follow.Sinks = append(follow.Sinks, s)
			} else {
				others.Sinks = append(others.Sinks, s)
			}
		}
		if o.Over == 0 || len(follow.Sinks) == 0 || len(others.Sinks) == 0 {
			all = append(all, o)
		} else {
			all = append(all, others, follow)
		}
	}
	return all
}

// add adds an order to its group, unless the batch has the same event for the same order already.
func (b *batch) add(o *order, of string) {
	event := of + "\n" + o.event.ID
	if b.seen[event] {
		return
	}
	b.seen[event] = true
	key := of + "\n" + b.belongsTo(o)
	g := b.byKey[key]
	if g == nil {
		g = &group{over: o.over}
		b.byKey[key], b.groups = g, append(b.groups, g)
	}
	g.orders = append(g.orders, o)
}

// belongsTo is the key of what an event is about one of. What is not counted is by itself.
func (b *batch) belongsTo(o *order) string {
	if o.skip != "" {
		return "skipped:" + o.event.ID
	}
	b.preview(o, time.Now())
	s, ok := o.event.Subject.(event.Countable)
	if !ok || o.event.Drill != nil || o.over == 0 || o.fleet != nil || o.notice.Release != nil {
		return "event:" + o.event.ID
	}
	follows := slices.ContainsFunc(o.sinks, func(s opened) bool { return s.sink.Follows() })
	if within := s.Counted(o.event).Within; within != "" && !follows {
		return within
	}
	return o.notice.Group()
}

// preview writes the notice from what the event says.
func (b *batch) preview(o *order, now time.Time) {
	if err := b.try(func() error { o.notice = o.event.Notice(now); return nil }); err != nil {
		o.unread(err)
		o.notice = o.event.Notice(now)
	}
}

// settleAll handles all groups, as many at a time as there is time for. The messages of the rest
// come again.
func (b *batch) settleAll(ctx context.Context) {
	first := true
	for some := range slices.Chunk(b.groups, groupsAtOnce) {
		deadline, limited := ctx.Deadline()
		late := limited && time.Until(deadline) < enoughTime
		var all sync.WaitGroup
		for _, g := range some {
			if late && !first {
				b.fail(errors.New("the time of the run is over"), g.orders...)
				continue
			}
			all.Go(func() {
				if err := b.try(func() error { b.settle(ctx, g); return nil }); err != nil {
					b.fail(err, g.orders...)
				}
			})
		}
		all.Wait()
		first = false
	}
}

// settle reports the events of a group: as one, or one after the other if they are few.
func (b *batch) settle(ctx context.Context, g *group) {
	slices.SortStableFunc(g.orders, func(x, y *order) int { return x.event.Time.Compare(y.event.Time) })
	if len(g.orders) > max(g.over, 1) {
		b.settleAsOne(ctx, g)
		return
	}
	b.settleEach(ctx, g.orders)
}

// settleEach reports events one after the other, as they happened.
func (b *batch) settleEach(ctx context.Context, orders []*order) {
	for _, o := range orders {
		if err := ctx.Err(); err != nil {
			b.fail(err, o)
			continue
		}
		receipt, err := b.deliver(ctx, []*order{o})
		if err != nil {
			b.fail(err, o)
		}
		b.keep(receipt)
	}
}

func (b *batch) keep(r notice.Receipt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.receipts = append(b.receipts, r)
}

// severity orders severities.
func severity(o *order) int {
	return slices.Index(wire.AllSeverities(), cmp.Or(o.notice.Severity, notice.Info))
}
