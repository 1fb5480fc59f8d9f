package deadletters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
)

// failedEvent is an event that EventBridge could not hand to a target of a rule. It puts the event
// as it came into the queue, not what the rule makes of it for the target.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
type failedEvent struct {
	raw       json.RawMessage
	bus, rule string // the bus is "" for the account's default one
	target    string
	onto      *Bus // that the target is; nil: it is something else
}

// readEvent reads an event of EventBridge's.
func (l *Letter) readEvent(raw json.RawMessage) {
	attributes := l.message.attributes
	var event struct {
		DetailType json.RawMessage `json:"detail-type"`
	}
	_ = json.Unmarshal(raw, &event)
	l.Reason = reason(attributes["ERROR_CODE"], attributes["ERROR_MESSAGE"])
	l.What = append(l.What, text(event.DetailType))
	_, name, ok := strings.Cut(attributes["RULE_ARN"], ":rule/")
	if !ok || event.DetailType == nil {
		l.Left = "it is not an event, or its rule is not one of EventBridge's"
		return
	}
	f := &failedEvent{raw: raw, rule: name, target: attributes["TARGET_ARN"]}
	if bus, name, ok := strings.Cut(name, "/"); ok {
		f.bus, f.rule = bus, name
	}
	if bus, ok := readBus(f.target); ok {
		f.onto = &bus
	}
	l.event = f
}

// ruleReader reads a deployed rule.
type ruleReader func(ctx context.Context, bus, name string) (assembly.Rule, error)

// buildInputs makes the inputs that the rule's targets would have had of an event. EventBridge does
// not say which one of the targets with one ARN it was, so it is all of them.
func (l *Letter) buildInputs(ctx context.Context, rules ruleReader, find Finder) error {
	f := l.event
	if f == nil {
		return nil
	}
	if f.onto != nil {
		return l.buildForwarded(ctx, find)
	}
	rule, err := rules(ctx, f.bus, f.rule)
	if errors.Is(err, scope.ErrNoRule) {
		l.Left = "its rule " + f.rule + " does not exist any more"
		return nil
	}
	if err != nil {
		return err
	}
	kind := l.What
	l.What = nil // the deliveries say it better
	for _, target := range rule.Targets {
		if target.ARN != f.target {
			continue
		}
		payload, err := target.Payload(f.raw, rule)
		if err != nil {
			l.What, l.inputs, l.Left = kind, nil, fmt.Sprintf("its delivery cannot be made: %v", err)
			return nil
		}
		if !l.describe(payload) {
			l.What, l.Sinks, l.inputs = kind, []string{f.target}, nil
			l.Left = "EventBridge was to send it to " + f.target + " itself, without the notifier"
			return nil
		}
		l.inputs = append(l.inputs, payload)
	}
	if len(l.inputs) == 0 && l.Left == "" {
		l.What, l.Left = kind, "its rule has no target "+f.target+" any more"
	}
	return nil
}

// buildForwarded makes the inputs that the rules on a Fleet's bus would have made of an event that
// did not get there. It cannot be put there again: EventBridge takes an event whose source begins
// with "aws." from AWS alone, and one that is put has the account and the Region of who puts it.
//
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
func (l *Letter) buildForwarded(ctx context.Context, find Finder) error {
	fleet, err := find(ctx, *l.event.onto)
	if unknown := NoFleetError(""); errors.As(err, &unknown) {
		l.Sinks, l.Left = []string{l.event.target}, unknown.Error()
		return nil
	}
	if err != nil {
		return err
	}
	payloads, err := fleet.payloads(l.event.raw)
	if err != nil {
		l.Left = fmt.Sprintf("its delivery cannot be made: %v", err)
		return nil
	}
	described := &Letter{}
	for _, p := range payloads {
		if described.describe(p) {
			l.inputs = append(l.inputs, p)
		}
	}
	if len(l.inputs) == 0 {
		l.Left = "no rule of the Fleet's matches it, so that nobody would be notified"
		return nil
	}
	l.fleet, l.What, l.Sinks = fleet, described.What, described.Sinks
	return nil
}
