package extraeye

import (
	"slices"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// maxApplications is how many applications the notifier asks about one by one: each takes
// two calls, and CodeDeploy throttles early. If an Eye has more of them, the notifier asks
// for the account's recent deployments.
const maxApplications = 5

// releases joins the watches of an Eye that have releases with those that name in a
// notice what it came after, in whichever order they are added.
type releases struct {
	known []binding.Release
	who   *binding.Grant // to look up who made them; nil: it is not looked up
	used  bool           // by a watch whose notices can name them
}

// many reports whether there are too many applications to ask about one by one.
func (r *releases) many() bool {
	return len(r.known) > maxApplications || slices.ContainsFunc(r.known, func(k binding.Release) bool { return k.Application == binding.AnyApplication })
}

// joinReleases lets a watch use the releases of the Eye, and the Eye's watches use the
// releases of the watch. It reports whether what the notifier gets of them has changed.
func (e *Eye) joinReleases(b *boundWatch) (changed bool) {
	r := &e.releases
	before := r.used
	r.used = r.used || b.WithReleases != nil && len(b.notified()) > 0
	changed = r.remember(b.Watch)
	if r.used && (changed || !before) {
		e.Notifier().grants.grant(e, r.grants()...)
	}
	return changed
}

// spreadAgain spreads the sinks of inputs again, which may have become too long by the releases
// that have come to be known.
func (e *Eye) spreadAgain() {
	for _, r := range e.sets {
		var long []*target
		r.inputs, long = e.spread(r.plan)
		e.write(r)
		for _, b := range r.watches {
			for _, t := range b.targets {
				if slices.Contains(long, t) && !t.reported {
					t.reported = true
					report(e, tooLong(b, t, e.characters(r.plan, input{t: true})))
				}
			}
		}
	}
}

// wire is what the notifier gets of the releases.
func (r *releases) wire() wire.Releases {
	all := wire.Releases{Who: r.who != nil, Many: r.many()}
	if all.Many {
		return all
	}
	for _, k := range r.known {
		all.Applications = append(all.Applications, k.Application)
	}
	return all
}

// remember notes the releases of a watch, and reports whether what the notifier gets of
// them has changed.
func (r *releases) remember(w binding.Watch) (changed bool) {
	before, many := len(r.known), r.many()
	for _, release := range w.Releases {
		if !slices.ContainsFunc(r.known, func(k binding.Release) bool { return k.Application == release.Application }) {
			r.known = append(r.known, release)
		}
	}
	changed = len(r.known) != before && !many
	if w.LookupWho != nil && r.who == nil {
		r.who, changed = w.LookupWho, true
	}
	return changed
}

// grants are what the notifier must be allowed: the same for all releases in one statement.
func (r *releases) grants() (all []binding.Grant) {
	for _, k := range r.known {
		all = append(all, k.Grants...)
	}
	if r.many() {
		all = widened(r.known[0].Grants)
	}
	if r.who != nil {
		all = append(all, *r.who)
	}
	return together(all)
}

// widened are grants for all applications of the account and region.
func widened(grants []binding.Grant) []binding.Grant {
	var wide []binding.Grant
	for _, g := range grants {
		if g.Wide != "" {
			g.Resources = []string{g.Wide}
			g.Wide, g.Broad = "", "an Eye with more applications than the notifier asks about one by one asks CodeDeploy for the account's recent deployments"
		}
		wide = append(wide, g)
	}
	return wide
}
