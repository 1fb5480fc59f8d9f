package rehearse

import (
	"errors"
	"slices"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/wire"
)

// builtIn returns the built-in events that the rules match, with the names that they
// ask for or that their fleet has, in the order in which they happen.
func builtIn(app *assembly.App, buses buses, fleets map[string]*fleet, progress func(string)) ([]event, error) {
	stacks := map[string]assembly.Stack{}
	for _, s := range app.Stacks {
		stacks[s.Name] = s
	}
	var all []samples.Sample
	now := time.Now()
	for _, r := range buses.rules {
		s := stacks[r.Stack]
		for _, reporting := range buses.reporting(r) {
			at := samples.Setting{Account: s.Account, Region: s.Region, Partition: s.Partition, Now: now}
			if f := reporting.fleet(fleets); f != nil {
				at.Things = f.things
			}
			list, err := reporting.samples(at, progress)
			if err != nil {
				return nil, err
			}
			from := elsewhere(r, reporting)
			for _, sample := range list {
				sample.Name += from
				all = append(all, sample)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b samples.Sample) int { return a.Time.Compare(b.Time) })

	var events []event
	seen := map[string]bool{}
	for _, sample := range all {
		e, err := newEvent(sample.Name, sample.Event)
		if err != nil {
			return nil, err
		}
		if e.hints = sample.Hints; !seen[e.id] { // the ids are made from the names
			events = append(events, e)
		}
		seen[e.id] = true
	}
	if len(events) == 0 {
		return nil, errors.New("no built-in event fits any rule: give files with events")
	}
	return events, nil
}

// elsewhere is what the name of an event ends with that is forwarded from another account or Region
// than that of the rule that reports it.
func elsewhere(from, reporting rule) (suffix string) {
	there, _ := from.home()
	here, _ := reporting.home()
	if there.account != here.account {
		suffix = "-from-" + there.account
	}
	if there.region != here.region {
		suffix += "-in-" + there.region
	}
	return suffix
}

// samples returns the built-in events that the rule matches or, if there are none, one
// that is made up for it.
func (r rule) samples(at samples.Setting, progress func(string)) ([]samples.Sample, error) {
	if !r.Enabled {
		progress("note: the rule " + r.label() + " is disabled: no event is played for it")
		return nil, nil
	}
	list, err := samples.For(r.Pattern, at)
	if err != nil || len(list) > 0 {
		return list, err
	}
	made, ok := samples.Make(r.Pattern, r.paths(), at)
	if !ok {
		progress("note: no built-in event fits the rule " + r.label() + ": give a file with an event")
		return nil, nil
	}
	return []samples.Sample{made}, nil
}

// paths lead to the values of the event that a user's own watch reports.
func (r rule) paths() [][]wire.Step {
	var all [][]wire.Step
	for _, o := range r.orders() {
		all = append(all, pathsOf(o.Watch.Pattern)...)
	}
	return all
}

func pathsOf(p *wire.Pattern) (all [][]wire.Step) {
	if p == nil {
		return nil
	}
	title, _ := wire.ParseTitle(p.Title) // one that cannot be read has no paths
	for _, part := range title {
		if part.Path != nil {
			all = append(all, part.Path)
		}
	}
	for _, f := range p.Facts {
		if path, err := wire.ParsePath(f.Path); err == nil {
			all = append(all, path)
		}
	}
	return all
}
