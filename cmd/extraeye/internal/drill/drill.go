// Package drill makes events up that rules match, and puts them on the event bus, so that a team
// sees its own path work.
package drill

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/internal/eventpattern"
	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// Options choose what is drilled.
type Options struct {
	// Watches and Sinks are kinds of watches and of sinks. Empty: all.
	Watches, Sinks []string
	// Page sends the drill to pagers, too.
	Page bool
	// Team is the team of a fleet that is notified, and About the name of what the events are about.
	// With one of them, only fleets are drilled.
	Team, About string
}

// things are what the events are about: whatever has the name.
func (o Options) things() (all []wire.Thing) {
	if o.About == "" {
		return nil
	}
	for _, kind := range wire.ThingKinds() {
		if strings.Contains(o.About, "/") == (kind == wire.ECSService) {
			all = append(all, wire.Thing{Kind: kind, Name: o.About})
		}
	}
	return all
}

// wants reports whether a watch is to be drilled.
func (o Options) wants(order wire.Order) bool {
	ofFleet := order.Fleet || o.Team == "" && o.About == ""
	return ofFleet && (len(o.Watches) == 0 || slices.Contains(o.Watches, order.Watch.Kind()))
}

// Event is an event of a drill.
type Event struct {
	// ID is that of the event, once it is on the bus.
	ID string `json:"id"`
	// Rule is the name of the rule that it is for, and Watch the kind of its watch.
	Rule  string `json:"rule"`
	Watch string `json:"watch"`
	// Sample is what the event is an example of.
	Sample string `json:"sample"`
	// Sinks are the kinds of sinks that it is sent to.
	Sinks []string `json:"sinks"`
	// AfterSeconds is how long the watch waits before it reports it.
	AfterSeconds int `json:"afterSeconds,omitempty"`
	// Problem is why it did not get onto the bus.
	Problem string `json:"problem,omitempty"`

	entry entry
}

// entry is an event as EventBridge takes it.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
type entry struct {
	Source       string
	DetailType   string
	Detail       string
	Resources    []string
	EventBusName string `json:",omitempty"`
}

// Plan makes one event for each kind of watch of each service that the rules have or, if they only
// forward events, for each detail type.
func Plan(rules []assembly.Rule, opt Options, at samples.Setting) ([]*Event, error) {
	var all []*Event
	planned := map[string]bool{}
	takes := false
	at.Things = opt.things()
	for _, r := range rules {
		if r.Enabled && takesDrills(r) {
			takes = true
			events, err := planRule(r, opt, at, planned)
			if err != nil {
				return nil, err
			}
			all = append(all, events...)
		}
	}
	if !slices.ContainsFunc(rules, func(r assembly.Rule) bool { return len(scope.Orders(r)) > 0 }) {
		var err error
		if all, err = planForwarded(rules, opt, at); err != nil {
			return nil, err
		}
	}
	switch {
	case len(all) > 0:
		return all, nil
	case takes && opt.Team+opt.About != "":
		return nil, errors.New("there is no watch of a Fleet that is asked for; -team and -about are for one")
	case takes:
		return nil, errors.New("there is no watch and sink that is asked for; pagers need -page")
	default:
		return nil, errors.New("no rule takes drills; deploy it with this version of extraeye, and without NoDrills")
	}
}

// planRule makes the events for a rule of which there is none yet.
func planRule(r assembly.Rule, opt Options, at samples.Setting, planned map[string]bool) (all []*Event, err error) {
	for _, order := range scope.Orders(r) {
		kind := order.Watch.Kind()
		d := wire.Drill{Service: order.Watch.Service, Watches: []string{kind}, Sinks: opt.Sinks, Team: opt.Team, Page: opt.Page}
		sinks := sinksOf(r, d)
		key := order.Watch.Service + "\x00" + kind
		if planned[key] || len(sinks) == 0 || !opt.wants(order) {
			continue
		}
		e, err := eventFor(r, d, at)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.Name, err)
		}
		if e == nil {
			continue
		}
		planned[key] = true
		e.Sinks = sinks
		if l := order.Watch.Lifecycle; l != nil {
			e.AfterSeconds = l.AfterSeconds
		}
		all = append(all, e)
	}
	return all, nil
}

// teamSinks stands for the sinks that the table of a Fleet has.
const teamSinks = "those of the team"

// sinksOf are the kinds of sinks of a rule that are part of a drill.
func sinksOf(r assembly.Rule, d wire.Drill) (kinds []string) {
	for _, order := range scope.Orders(r) {
		if !d.WantsWatch(order.Watch) {
			continue
		}
		if order.Fleet {
			kinds = appendNew(kinds, teamSinks)
		}
		for _, s := range order.Sinks {
			if d.WantsSink(s) {
				kinds = appendNew(kinds, s.Kind())
			}
		}
	}
	return kinds
}

func appendNew(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// takesDrills reports whether the pattern of a rule matches drills.
func takesDrills(r assembly.Rule) bool {
	var p struct {
		Source []any `json:"source"`
	}
	return json.Unmarshal(r.Pattern, &p) == nil && slices.Contains(p.Source, any(wire.DrillSource))
}

// eventFor makes an event that a rule matches, or is nil.
func eventFor(r assembly.Rule, d wire.Drill, at samples.Setting) (*Event, error) {
	all, err := samples.For(r.Pattern, in(at, r))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	pattern, err := eventpattern.Parse(r.Pattern)
	if err != nil {
		return nil, err
	}
	for _, sample := range all {
		entry, err := entryOf(sample.Event, d)
		if err != nil {
			return nil, err
		}
		if ok, err := pattern.Match(entry.event()); err == nil && ok {
			entry.EventBusName = r.EventBus
			return &Event{Rule: cmp.Or(r.Name, r.LogicalID), Watch: d.Watches[0], Sample: sample.Name, entry: entry}, nil
		}
	}
	return nil, nil
}

// in is a setting in the partition of a rule.
func in(at samples.Setting, r assembly.Rule) samples.Setting {
	at.Partition = "aws"
	if parts := strings.Split(r.ARN, ":"); len(parts) > 1 {
		at.Partition = parts[1]
	}
	return at
}

// entryOf makes a drill of an event.
func entryOf(raw json.RawMessage, d wire.Drill) (entry, error) {
	var sample struct {
		Source     string                     `json:"source"`
		DetailType string                     `json:"detail-type"`
		Resources  []string                   `json:"resources"`
		Detail     map[string]json.RawMessage `json:"detail"`
	}
	if err := json.Unmarshal(raw, &sample); err != nil {
		return entry{}, err
	}
	d.Source = sample.Source
	options, err := plainjson.Marshal(d)
	if err != nil {
		return entry{}, err
	}
	sample.Detail[wire.DrillField] = options
	detail, err := plainjson.Marshal(sample.Detail)
	return entry{Source: wire.DrillSource, DetailType: sample.DetailType, Detail: string(detail), Resources: sample.Resources}, err
}

// event is the entry as the rules get it, but for what EventBridge adds, which no pattern of
// extraeye's asks for.
func (e entry) event() *eventpattern.Event {
	raw, _ := plainjson.Marshal(map[string]any{
		"source": e.Source, "detail-type": e.DetailType, "resources": e.Resources, "detail": json.RawMessage(e.Detail),
	})
	event, err := eventpattern.ParseEvent(raw)
	if err != nil {
		return nil // the sample is part of the program
	}
	return event
}

// Put puts events on their bus. Each has its id then, or a problem.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
func Put(ctx context.Context, api *awsapi.Client, events []*Event) error {
	const most = 10 // of one request
	for some := range slices.Chunk(events, most) {
		var entries []entry
		for _, e := range some {
			entries = append(entries, e.entry)
		}
		var answer struct {
			Entries []struct {
				ID      string `json:"EventId"`
				Code    string `json:"ErrorCode"`
				Message string `json:"ErrorMessage"`
			}
		}
		call := awsapi.Call{Service: "events", Operation: "PutEvents"}
		if err := api.JSON(ctx, call, "AWSEvents", map[string]any{"Entries": entries}, &answer); err != nil {
			return err
		}
		for i, e := range some {
			e.Problem = "EventBridge did not answer"
			if i < len(answer.Entries) {
				a := answer.Entries[i]
				e.ID, e.Problem = a.ID, a.Code
				if a.Message != "" {
					e.Problem += ": " + a.Message
				}
			}
		}
	}
	return nil
}
