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
	earlier := map[string][]*boundWatch{} // by the keys of their targets
	for _, e := range c.eyes {
		for _, b := range e.bound {
			if other, t, name := overlap(b, earlier); other != nil {
				report(b.scope, problemf(binding.Overlap, "%s reports %s to %s, and so does %s: it arrives twice; leave it out of one of the two", b.id, name, t.id, *other.scope.Node().Path())...)
			}
			for _, t := range b.targets {
				earlier[t.key] = append(earlier[t.key], b)
			}
		}
	}
}

// overlap finds an earlier watch that reports to one of a watch's targets something that the
// watch reports there, too, and what.
func overlap(b *boundWatch, earlier map[string][]*boundWatch) (other *boundWatch, of target, name string) {
	for _, t := range b.targets {
		for _, other := range earlier[t.key] {
			if name := both(b, other, t.Native != nil); name != "" {
				return other, t, name
			}
		}
	}
	return nil, target{}, ""
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
