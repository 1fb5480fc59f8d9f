package deadletters

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/stack"
	"github.com/extraeye/extraeye/internal/eventpattern"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// busARN is the ARN of an event bus. A message may say anything, and a Region becomes a part of a
// host's name.
var busARN = regexp.MustCompile(`^arn:aws[a-z-]*:events:([a-z0-9-]+):([0-9]{12}):event-bus/([/.\-_A-Za-z0-9]{1,256})$`)

// Bus is an event bus.
type Bus struct{ ARN, Region, Account, Name string }

func readBus(arn string) (b Bus, ok bool) {
	parts := busARN.FindStringSubmatch(arn)
	if parts == nil {
		return b, false
	}
	return Bus{arn, parts[1], parts[2], parts[3]}, true
}

// NoFleetError is the error of a bus of which it is not known who reports what is put on it, and says
// why not.
type NoFleetError string

func (n NoFleetError) Error() string { return string(n) }

// Fleet is what reports the events of a bus: the rules on it and the function that they invoke.
type Fleet struct {
	api      *awsapi.Client
	function string
	rules    []assembly.Rule
}

// FindFleet finds the Fleet in a stack that has a bus.
func FindFleet(ctx context.Context, api *awsapi.Client, of string, bus Bus) (*Fleet, error) {
	resources, err := stack.Resources(ctx, api, of)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	rules, err := scope.RulesAmong(ctx, api, resources)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	f := &Fleet{api: api}
	for _, r := range rules {
		isOn := r.EventBus == bus.Name || r.EventBus == bus.ARN
		if isOn && r.Enabled && len(scope.Orders(r)) > 0 {
			f.rules = append(f.rules, r)
		}
	}
	if len(f.rules) == 0 {
		return nil, NoFleetError(fmt.Sprintf("the stack %s has no rule on the bus %s that it was for; name the stack of the Fleet that has that bus with -fleet", of, bus.ARN))
	}
	found, err := notifiers(ctx, api, resources)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	for _, n := range found {
		if len(found) == 1 || f.invokes(n.Function) {
			f.function = n.Function
			return f, nil
		}
	}
	return nil, NoFleetError(fmt.Sprintf("the stack %s has no notifier for the rules on the bus %s that it was for; name the stack of the Fleet that has that bus with -fleet", of, bus.ARN))
}

// invokes reports whether a rule has a function, or its state machine, which has the same name, for
// a target.
func (f *Fleet) invokes(function string) bool {
	return slices.ContainsFunc(f.rules, func(r assembly.Rule) bool {
		return slices.ContainsFunc(r.Targets, func(t assembly.Target) bool { return afterColon(t.ARN) == function })
	})
}

// payloads are what the rules would make of an event for their targets.
func (f *Fleet) payloads(raw []byte) (all [][]byte, err error) {
	event, err := eventpattern.ParseEvent(raw)
	if err != nil {
		return nil, err
	}
	for _, r := range f.rules {
		pattern, err := eventpattern.Parse(r.Pattern)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.Name, err)
		}
		matched, err := pattern.Match(event)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.Name, err)
		}
		if !matched {
			continue
		}
		for _, t := range r.Targets {
			payload, err := t.Payload(raw, r)
			if err != nil {
				return nil, err
			}
			all = append(all, payload)
		}
	}
	return all, nil
}

// Finder finds the Fleet that has a bus; a [NoFleetError] says why it cannot.
type Finder func(ctx context.Context, bus Bus) (*Fleet, error)
