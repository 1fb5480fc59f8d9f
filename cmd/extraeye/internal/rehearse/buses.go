package rehearse

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
)

// home is an account and a Region.
type home struct{ account, region string }

// home is where a rule is; known is false if its stack may be anywhere.
func (r rule) home() (h home, known bool) {
	own, err := arn.Parse(r.ARN)
	return home{own.AccountID, own.Region}, err == nil && own.AccountID != assembly.UnknownAccount
}

// bus is the ARN of the bus that a rule is on.
func (r rule) bus() string {
	place, _, _ := strings.Cut(r.ARN, ":rule/")
	return place + ":event-bus/" + r.EventBus
}

// buses are an app's rules by the bus that they are on.
type buses struct {
	rules []rule
	on    map[string][]rule // by the ARN of the bus
	fed   map[string]bool   // the ARNs of buses that rules of the app forward to
	homes map[home]bool     // of rules on default buses, where that is known
}

func newBuses(rules []rule) buses {
	b := buses{rules, map[string][]rule{}, map[string]bool{}, map[home]bool{}}
	for _, r := range rules {
		b.on[r.bus()] = append(b.on[r.bus()], r)
		if h, known := r.home(); known && r.EventBus == "default" {
			b.homes[h] = true
		}
	}
	for _, r := range rules {
		for _, t := range r.Targets {
			if b.are(t) {
				b.fed[t.ARN] = true
			}
		}
	}
	return b
}

// are reports whether a target is one of the buses.
func (b buses) are(t assembly.Target) bool {
	return t.Kind == "AWS::Events::EventBus" && b.on[t.ARN] != nil
}

// first are the rules that get an event first. AWS puts it on the default bus of its account and
// Region; if the app has no rule there, that may be any. On another bus, if no rule of the app
// forwards to it, is whatever somebody puts there.
func (b buses) first(e event) (all []rule) {
	for _, r := range b.rules {
		h, known := r.home()
		isElsewhere := r.EventBus == "default" && known && h != e.home && b.homes[e.home]
		if !isElsewhere && !b.fed[r.bus()] {
			all = append(all, r)
		}
	}
	return all
}

// reach returns the rules that an event gets to and that match it, on the bus where it is first and
// on those that it is forwarded to, or why none does on the last one.
func (b buses) reach(e event, problem func(error)) (matched []rule, why string) {
	reached := map[string]bool{}
	why = "no rule is on a bus that it gets to"
	for open := b.first(e); len(open) > 0; {
		found, reason := matching(open, e, problem)
		if len(found) > 0 {
			reason = ""
		}
		matched, why, open = append(matched, found...), reason, nil
		for _, r := range found {
			for _, t := range r.Targets {
				if b.are(t) && !reached[t.ARN] {
					reached[t.ARN] = true
					open = append(open, b.on[t.ARN]...)
				}
			}
		}
	}
	return matched, why
}

// reporting are the rules that an event gets to that a rule gets first: the rule itself, unless it
// only forwards, and those that it forwards to. A rule that others forward to gets none first.
func (b buses) reporting(r rule) (all []rule) {
	if b.fed[r.bus()] {
		return nil
	}
	for _, t := range r.Targets {
		if b.are(t) {
			all = append(all, b.on[t.ARN]...)
		}
	}
	if onlyForwards := len(all) > 0 && !slices.ContainsFunc(r.Targets, func(t assembly.Target) bool { return !b.are(t) }); !onlyForwards {
		all = append(all, r)
	}
	return all
}
