package deadletters

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// Box is what is in a dead-letter queue. It is held, so that nobody else sends it, until it is sent
// or [Box.Release] puts it back.
type Box struct {
	Owner
	Letters []*Letter
	// Others is how many messages somebody else is handling now.
	Others int
	// Full says that there may be more messages than were read at a time.
	Full bool

	api   *awsapi.Client
	queue queue
}

// Open reads a queue, the oldest message first. What could not be put on a bus is for the Fleet that
// find finds. The box is to be released even if there is an error.
func Open(ctx context.Context, api *awsapi.Client, o Owner, find Finder) (*Box, error) {
	b := &Box{Owner: o, api: api, queue: queue{api: api, url: o.QueueURL}}
	var err error
	if b.Others, err = b.queue.heldByOthers(ctx); err != nil {
		return b, err
	}
	messages, err := b.queue.receive(ctx)
	b.Full = len(messages) >= maxMessages
	for _, m := range messages {
		b.Letters = append(b.Letters, read(m))
	}
	if err != nil {
		return b, err
	}
	known := map[string]assembly.Rule{}
	rules := func(ctx context.Context, bus, name string) (assembly.Rule, error) {
		if rule, ok := known[bus+"/"+name]; ok {
			return rule, nil
		}
		rule, err := scope.DeployedRule(ctx, api, bus, name)
		if err == nil {
			known[bus+"/"+name] = rule
		}
		return rule, err
	}
	for _, l := range b.Letters {
		if err := l.buildInputs(ctx, rules, find); err != nil {
			return b, err
		}
	}
	slices.SortStableFunc(b.Letters, func(a, b *Letter) int { return a.Since.Compare(b.Since) })
	return b, nil
}

// Send hands a letter to the notifier. It leaves the queue only once Lambda has accepted it.
func (b *Box) Send(ctx context.Context, l *Letter) error {
	if l.Left != "" {
		return errors.New("it cannot be sent again: " + l.Left)
	}
	if err := b.queue.holdOn(ctx, l.message); err != nil {
		return err
	}
	api, function := b.api, b.Function
	if l.fleet != nil {
		api, function = l.fleet.api, l.fleet.function
	}
	for _, input := range l.inputs {
		if err := api.Invoke(ctx, awsapi.Call{Service: "lambda", Operation: "Invoke"}, function, input); err != nil {
			return err
		}
	}
	l.Sent = true
	if err := b.queue.remove(ctx, l.message); err != nil {
		return fmt.Errorf("it was sent, but is still in the queue, so do not send it once more: %w", err)
	}
	return nil
}

// Release puts everything back that was not sent.
func (b *Box) Release(ctx context.Context) error {
	var problems []error
	for _, l := range b.Letters {
		if l.Sent {
			continue
		}
		if err := b.queue.release(ctx, l.message); err != nil {
			problems = append(problems, fmt.Errorf("message %s is back in the queue only after %s: %w", l.ID, hold, err))
		}
	}
	return errors.Join(problems...)
}
