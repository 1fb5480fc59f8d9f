package drill

import (
	"cmp"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/wire"
)

// planForwarded makes one event for each detail type that the rules of a Forwarder put on a bus.
// Which watches report it, the rules there decide.
func planForwarded(rules []assembly.Rule, opt Options, at samples.Setting) (all []*Event, err error) {
	planned := map[string]bool{}
	for _, r := range rules {
		if !r.Enabled || !takesDrills(r) || !slices.ContainsFunc(r.Targets, isBus) {
			continue
		}
		found, err := samples.For(r.Pattern, in(at, r))
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			entry, err := entryOf(s.Event, wire.Drill{Watches: opt.Watches, Sinks: opt.Sinks, Team: opt.Team, Page: opt.Page})
			if err != nil {
				return nil, err
			}
			if planned[entry.DetailType] {
				continue
			}
			planned[entry.DetailType] = true
			entry.EventBusName = r.EventBus
			all = append(all, &Event{Rule: cmp.Or(r.Name, r.LogicalID), Watch: entry.DetailType, Sample: s.Name, Sinks: []string{teamSinks}, entry: entry})
		}
	}
	return all, nil
}

func isBus(t assembly.Target) bool { return strings.Contains(t.ARN, ":event-bus/") }
