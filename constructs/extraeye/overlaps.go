package extraeye

import (
	"slices"
	"strings"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// checkOverlaps warns of watches that report the same events to the same sink, which
// then gets them twice.
func (c *checks) checkOverlaps() {
	earlier := map[string][]delivered{} // by the keys of their targets
	for _, e := range c.eyes {
		for _, b := range e.bound {
			var here []delivered
			for _, t := range b.targets {
				here = append(here, delivered{b, t, e.rulesFor(b, t)})
			}
			if d, other, name := overlap(here, earlier); name != "" {
				report(d.by.scope, problemf(binding.Overlap, "%s reports %s to %s, and so does %s: it arrives twice; leave it out of one of the two", d.by.match.Name, name, d.target.label, other.by.name(d.by))...)
			}
			for _, d := range here {
				earlier[d.target.key] = append(earlier[d.target.key], d)
			}
		}
	}
}

// delivered is what a watch delivers to a target, and the rules by which it does.
type delivered struct {
	watch  *boundWatch
	target *target
	by     *rules
}

// rulesFor are the rules that deliver to a target of a watch.
func (e *Eye) rulesFor(b *boundWatch, t *target) *rules {
	at := slices.IndexFunc(e.sets, func(r *rules) bool {
		return slices.Contains(r.watches, b) && t.Native == nil || slices.Contains(r.raw, b) && t.Native != nil
	})
	return e.sets[at]
}

// name names rules in a message about others.
func (r *rules) name(other *rules) string {
	if r == other {
		return "an earlier watch, with which it shares its rules"
	}
	return *r.scope.Node().Path()
}

// overlap finds an earlier watch that reports to one of a watch's targets something that the
// watch reports there, too, and what.
func overlap(here []delivered, earlier map[string][]delivered) (d, other delivered, name string) {
	for _, d := range here {
		raw := d.target.Native != nil
		for _, other := range earlier[d.target.key] {
			if raw && d.by == other.by {
				continue // which delivers to it once
			}
			if name := both(d.watch, other.watch, raw); name != "" {
				return d, other, name
			}
		}
	}
	return delivered{}, delivered{}, ""
}

// both names something that two watches report, or is "". A target that gets the raw event
// gets it whatever the notifier would choose.
func both(a, b *boundWatch, raw bool) (name string) {
	switch {
	case a.Pattern != nil || b.Pattern != nil:
		if inJSON(patternsOf(a.patterns)) == inJSON(patternsOf(b.patterns)) {
			return "the same events"
		}
		return ""
	case a.Source != b.Source || !slices.ContainsFunc(a.DetailTypes, func(d string) bool { return slices.Contains(b.DetailTypes, d) }):
		return ""
	case !raw && !alsoWanted(a.Wire, b.Wire):
		return ""
	}
	return bothMatch(a.Fields, b.Fields)
}

// bothMatch names something that matches two lists of fields, or is "". A field that only
// one of them has limits that one; if each has such a field, it is not known whether
// anything matches both.
func bothMatch(a, b []binding.Field) (name string) {
	name = "the same events"
	shared := 0
	for _, field := range a {
		at := slices.IndexFunc(b, func(f binding.Field) bool { return f.Path == field.Path && f.Key == field.Key })
		if at < 0 {
			continue
		}
		value, ok := common(field.Values, b[at].Values)
		if !ok {
			return ""
		}
		if shared++; shared == 1 {
			name = inJSON(value.Text)
		}
	}
	if shared < len(a) && shared < len(b) {
		return ""
	}
	return name
}

// common is a value of a field that two lists match.
func common(a, b []binding.Value) (binding.Value, bool) {
	texts := map[string]bool{}
	var prefixes []string
	for _, v := range b {
		texts[v.Text] = true
		if v.Prefix {
			prefixes = append(prefixes, v.Text)
		}
	}
	for _, v := range a {
		if texts[v.Text] || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(v.Text, p) }) {
			return v, true
		}
		if !v.Prefix {
			continue
		}
		for text := range texts {
			if strings.HasPrefix(text, v.Text) {
				return v, true
			}
		}
	}
	return binding.Value{}, false
}

// alsoWanted reports whether the notifier reports an event for both of two watches whose
// rules match it. What the rules match is not looked at.
func alsoWanted(a, b wire.Watch) bool {
	if a.Kind() != b.Kind() {
		return true
	}
	switch {
	case a.Terminations != nil:
		return wantedByBoth(wire.AllCauses(), a.Terminations.Wants, b.Terminations.Wants)
	case a.Deployments != nil:
		return wantedByBoth(wire.AllCreators(), a.Deployments.Wants, b.Deployments.Wants)
	case a.ECSTasks != nil:
		return wantedByBoth(wire.AllStopReasons(), a.ECSTasks.Wants, b.ECSTasks.Wants)
	case a.ECSDeployments != nil:
		return wantedByBoth(wire.AllECSDeploymentStates(), a.ECSDeployments.Wants, b.ECSDeployments.Wants)
	case a.SpotInterruptions != nil:
		these, those := a.SpotInterruptions.Groups, b.SpotInterruptions.Groups
		return len(these) == 0 || len(those) == 0 || slices.ContainsFunc(these, func(g string) bool { return slices.Contains(those, g) })
	case a.Lifecycle != nil:
		return *a.Lifecycle == *b.Lifecycle // or it is a reminder
	}
	return true
}

// wantedByBoth reports whether two watches want one of all choices.
func wantedByBoth[T any](all []T, a, b func(T) bool) bool {
	return slices.ContainsFunc(all, func(choice T) bool { return a(choice) && b(choice) })
}
