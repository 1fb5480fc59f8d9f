package rehearse

import (
	"fmt"
	"slices"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/internal/eventpattern"
	"github.com/extraeye/extraeye/internal/wire"
)

// rule is a rule that matches events.
type rule struct {
	assembly.Rule
	parsed *eventpattern.Pattern
}

// label names the rule for people: by its construct, else by its logical id.
func (r rule) label() string {
	if r.Path != "" {
		return r.Path
	}
	return r.LogicalID
}

// orders are what the rule's targets hand the notifier, without an event.
func (r rule) orders() (all []wire.Order) {
	for _, t := range r.Targets {
		payload, err := t.Payload([]byte("{}"), r.Rule)
		if in, ok := readInput(payload); err == nil && ok {
			all = append(all, in.Orders()...)
		}
	}
	return all
}

// fleet is the fleet whose teams the rule notifies, or nil.
func (r rule) fleet(all map[string]*fleet) *fleet {
	if !slices.ContainsFunc(r.orders(), func(o wire.Order) bool { return o.Fleet }) {
		return nil
	}
	for _, t := range r.Targets {
		function, _ := notifierOf(t)
		if f := all[function]; f != nil {
			return f
		}
	}
	return nil
}

// readRules reads the patterns. Rules that only have a schedule match no event. A pattern
// that EventBridge may treat differently is noted.
func readRules(app *assembly.App, problem func(error), progress func(string)) []rule {
	var rules []rule
	for _, r := range app.Rules() {
		if r.Pattern == nil {
			continue
		}
		parsed, err := eventpattern.Parse(r.Pattern)
		if err != nil {
			problem(fmt.Errorf("EventBridge would refuse the rule %s of stack %s: %w", r.LogicalID, r.Stack, err))
			continue
		}
		read := rule{r, parsed}
		for _, w := range parsed.Warnings() {
			progress("note: the rule " + read.label() + ": " + w)
		}
		rules = append(rules, read)
	}
	return rules
}

// matching returns the rules that match the event or, if none does, why not. A rule that
// takes too much work to match is a problem.
func matching(rules []rule, e event, problem func(error)) (matched []rule, why string) {
	var nearest *eventpattern.Difference
	for _, r := range rules {
		d, err := r.parsed.Explain(e.parsed)
		switch {
		case err != nil:
			err = fmt.Errorf("the rule %s was not matched with the event %s: %w", r.label(), e.file, err)
			problem(err)
			nearest, why = &eventpattern.Difference{Matched: 1 << 30}, err.Error()
		case d == nil && r.Enabled:
			matched = append(matched, r)
		case d == nil:
			nearest, why = &eventpattern.Difference{Matched: 1 << 30}, fmt.Sprintf("the rule %s matches but is disabled", r.label())
		case nearest == nil || d.Matched > nearest.Matched:
			nearest, why = d, fmt.Sprintf("%s (the nearest rule is %s)", d, r.label())
		}
	}
	return matched, why
}
