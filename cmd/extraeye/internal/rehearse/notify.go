package rehearse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/lambdaruntime"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/notice"
)

// timeout is how long the notifier may work on one delivery.
const timeout = 30 * time.Second

// notify runs the notifier on a delivery, and again on what it handed over for later.
func (s *stage) notify(ctx context.Context, c cue, function string, in input, d *inbox.Delivery) {
	base := d.Items[0]
	d.Items = nil
	function = s.playedAs(function, c)
	s.fakes.Play(fake.Delivery{Account: c.account.Tagged(s.tags(function)), Down: c.event.down})
	receipt, err := s.invoke(ctx, function, d.Input, d)
	if err == nil {
		err = in.check(receipt)
	}
	if err != nil {
		receipt = s.withoutReceipt(in)
	}
	for o, order := range receipt.Orders {
		d.Notices = append(d.Notices, order.Notice)
		for n, name := range in.sinks(o, order) {
			i := base
			i.Order, i.Place, i.Sink, i.Team = o, place(o, n), name, order.Team
			i.SetNotice(order.Notice)
			switch {
			case order.Skipped != "":
				i.Outcome, i.Reason = result.Skipped, order.Skipped
			case err != nil:
				i.Outcome, i.Reason = result.Failed, s.fakes.Hide(err.Error())
			default:
				i.Settle(order.Sinks[n])
			}
			d.Items = append(d.Items, i)
		}
	}
	s.handedOver(ctx, function, d)
}

// check checks that a receipt is that of the delivery.
func (in input) check(r notice.Receipt) error {
	orders := in.Orders()
	fits := len(r.Orders) == len(orders)
	for o := 0; fits && o < len(orders); o++ {
		ofTeam := len(r.Orders[o].Sinks) - len(in.names[o])
		fits = r.Orders[o].Skipped != "" || ofTeam == 0 || ofTeam > 0 && orders[o].Fleet
	}
	if !fits {
		return errors.New("the notifier's answer is not the receipt of its delivery")
	}
	return nil
}

// withoutReceipt is what is known of a delivery that the notifier failed at: the notices without
// the look-ups, which never left it.
func (s *stage) withoutReceipt(in input) (r notice.Receipt) {
	for _, o := range in.Orders() {
		e := decode.Decode(in.Event, o.Watch)
		r.Orders = append(r.Orders, notice.OrderReceipt{Skipped: e.SkipReason(), Notice: e.Notice(time.Now())})
	}
	return r
}

// invoke runs the notifier once, and adds its calls and its log to the delivery.
func (s *stage) invoke(ctx context.Context, function string, payload []byte, d *inbox.Delivery) (receipt notice.Receipt, err error) {
	answer, err := s.notifier(function).Invoke(ctx, payload)
	d.Calls, d.Log = append(d.Calls, s.fakes.Calls()...), d.Log+s.fakes.Hide(answer.Log)
	switch {
	case err != nil:
		return receipt, err
	case answer.Err != nil:
		return receipt, failure(answer.Err)
	}
	if err := json.Unmarshal(answer.Response, &receipt); err != nil {
		return receipt, fmt.Errorf("the notifier's answer is not a receipt: %w", err)
	}
	return receipt, nil
}

// failure says what Lambda would do after an error.
func failure(e *lambdaruntime.Error) error {
	switch e.Type {
	case "Permanent":
		return errors.New(e.Message)
	case "Transient":
		return errors.New(e.Message + " (transient: Lambda would run it twice more)")
	default:
		return e
	}
}
