package rehearse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/later"
	"github.com/extraeye/extraeye/lambda/notice"
)

// handedOver does what the state machine does with what the notifier handed over for each sink,
// as if the time had passed.
func (s *stage) handedOver(ctx context.Context, function string, d *inbox.Delivery) {
	executions := map[string]wire.Later{}
	for _, i := range d.Items {
		if l, ok := s.fakes.Execution(i.Place); ok {
			executions[i.Place] = l
		}
	}
	for n := range d.Items {
		i := &d.Items[n]
		if l, ok := executions[i.Place]; ok {
			s.sendLater(ctx, function, d, i, l)
		}
	}
}

// sendLater sends a notice to one sink again, until it is taken or goes to the dead-letter queue.
func (s *stage) sendLater(ctx context.Context, function string, d *inbox.Delivery, i *inbox.Item, l wire.Later) {
	i.Attempts = []inbox.Attempt{{Reason: i.Reason}}
	var late time.Duration
	for range later.Attempts {
		if l.DeadLetter != nil {
			i.Kept = true
			break
		}
		late += time.Duration(l.AfterSeconds) * time.Second
		l.Retry.Since = l.Retry.Since.Add(-time.Duration(l.AfterSeconds) * time.Second)
		s.fakes.PlayAgain(late)
		receipt, err := s.sendAgain(ctx, function, d, i, l)
		if err != nil {
			i.Outcome, i.Reason = result.Failed, s.fakes.Hide(err.Error())
			i.Attempts = append(i.Attempts, inbox.Attempt{After: late, Reason: i.Reason})
			break
		}
		i.SetNotice(receipt.Notice)
		i.Settle(receipt.Sinks[0])
		i.Attempts = append(i.Attempts, inbox.Attempt{After: late, Reason: i.Reason})
		if i.Outcome == result.Sent {
			i.Reason = fmt.Sprintf("%s late: %s", notice.Duration(late), l.Retry.Reason)
			return
		}
		var ok bool
		if l, ok = s.fakes.Execution(""); !ok {
			break
		}
	}
	if len(i.Attempts) > 1 {
		i.Reason = fmt.Sprintf("after %d attempts in %s: %s", len(i.Attempts), notice.Duration(late), i.Reason)
	}
}

// sendAgain invokes the notifier with what the state machine had, and shows its requests as those
// of the sink.
func (s *stage) sendAgain(ctx context.Context, function string, d *inbox.Delivery, i *inbox.Item, l wire.Later) (o notice.OrderReceipt, err error) {
	payload, err := json.Marshal(l)
	if err != nil {
		return o, err
	}
	before := len(d.Calls)
	receipt, err := s.invoke(ctx, function, payload, d)
	for n := before; n < len(d.Calls); n++ {
		d.Calls[n].Place = i.Place
	}
	if err == nil && (len(receipt.Orders) != 1 || len(receipt.Orders[0].Sinks) != 1) {
		err = errors.New("the notifier's answer is not the receipt of one notice for one sink")
	}
	if err != nil {
		return o, err
	}
	return receipt.Orders[0], nil
}
