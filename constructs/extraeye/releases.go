package extraeye

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// maxReleases is how long the names of the applications that the notifier is told of
// may be together, in bytes, so that the input of a rule has room for other things.
const maxReleases = 3000

// releases joins the watches of an Eye that know of releases with those that tell
// what came after one, in whichever order they are added.
type releases struct {
	known []binding.Release
	long  int // the names of all that are known
	who   bool
	rules []tellingRule // those that tell what came after a release
	// grants are what the notifier must be allowed, and is not yet.
	grants []binding.Grant
}

// tellingRule is a rule and what its targets were made of.
type tellingRule struct {
	rule    awsevents.CfnRule
	watch   binding.Watch
	targets []target
}

// toldTo tells a watch of the releases, if it can use them.
func (r *releases) toldTo(w *binding.Watch) {
	if w.Wire.Terminations == nil || len(r.known) == 0 {
		return
	}
	told := &wire.Releases{Who: r.who}
	for _, k := range r.known {
		told.Applications = append(told.Applications, k.Application)
	}
	w.Wire.Terminations.Releases = told
}

// written notes a rule that has to be written anew when more releases are known.
func (r *releases) written(rule awsevents.CfnRule, w binding.Watch, targets []target) {
	if w.Wire.Terminations != nil && forNotifier(targets) {
		r.rules = append(r.rules, tellingRule{rule, w, targets})
	}
}

// add notes the releases of a watch, and reports whether any is new.
func (r *releases) add(w binding.Watch) (changed bool) {
	if w.Who != nil && !r.who {
		r.who, changed = true, true
		r.need([]binding.Grant{*w.Who})
	}
	for _, release := range w.Releases {
		known := slices.ContainsFunc(r.known, func(k binding.Release) bool { return k.Application == release.Application })
		if !known && r.long+len(release.Application) <= maxReleases {
			r.long += len(release.Application)
			r.known = append(r.known, release)
			r.need(release.Grants)
			changed = true
		}
	}
	return changed
}

// need notes what the notifier must be allowed: the same for all releases in one
// statement.
func (r *releases) need(grants []binding.Grant) {
	for _, g := range grants {
		at := slices.IndexFunc(r.grants, func(n binding.Grant) bool { return slices.Equal(n.Actions, g.Actions) })
		if at < 0 {
			r.grants = append(r.grants, g)
		} else {
			r.grants[at].Resources = append(r.grants[at].Resources, g.Resources...)
		}
	}
}

// addReleases tells the rules that are written already of the releases of a watch,
// and lets the notifier look up all that it is told of.
func (e *Eye) addReleases(w binding.Watch) {
	r := &e.releases
	if r.add(w) {
		for _, telling := range r.rules {
			r.toldTo(&telling.watch)
			for i := range telling.targets {
				if telling.targets[i].Native == nil {
					report(e, e.write(&telling.targets[i], telling.watch)...)
				}
			}
			telling.rule.SetTargets(e.properties(telling.watch, telling.targets))
		}
	}
	if len(r.rules) > 0 {
		for _, g := range r.grants {
			e.Notifier().letLookUp(e, g)
		}
		r.grants = nil
	}
}
