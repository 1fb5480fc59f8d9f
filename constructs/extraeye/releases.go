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
	known     []binding.Release
	lookupWho bool // who made them
	used      bool // by a watch whose notices can name them
	// ungranted are what the notifier must be allowed, and is not yet.
	ungranted []binding.Grant
}

// many reports whether there are too many applications to ask about one by one.
func (r *releases) many() bool {
	return len(r.known) > maxApplications || slices.ContainsFunc(r.known, func(k binding.Release) bool { return k.Application == binding.AnyApplication })
}

// joinReleases lets a watch use the releases of the Eye, and the Eye's watches use the
// releases of the watch. It reports whether what the notifier gets of them has changed.
func (e *Eye) joinReleases(b *boundWatch) (changed bool) {
	r := &e.releases
	r.used = r.used || b.WithReleases != nil && len(b.notified()) > 0
	changed = r.remember(b.Watch)
	if r.used {
		e.Notifier().grants.grant(e, r.ungranted...)
		r.ungranted = nil
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
	all := wire.Releases{Who: r.lookupWho, Many: r.many()}
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
	before := len(r.known)
	for _, release := range w.Releases {
		if !slices.ContainsFunc(r.known, func(k binding.Release) bool { return k.Application == release.Application }) {
			r.known = append(r.known, release)
		}
	}
	added := r.known[before:]
	switch {
	case before > maxApplications || len(added) == 0:
	case r.many():
		r.ungranted = slices.DeleteFunc(r.ungranted, func(g binding.Grant) bool { return g.Wide != "" })
		changed = true
		r.need(widened(r.known[0].Grants))
	default:
		changed = true
		for _, release := range added {
			r.need(release.Grants)
		}
	}
	if w.LookupWho != nil && !r.lookupWho {
		r.lookupWho, changed = true, true
		r.need([]binding.Grant{*w.LookupWho})
	}
	return changed
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

// need notes what the notifier must be allowed: the same for all releases in one
// statement.
func (r *releases) need(grants []binding.Grant) {
	r.ungranted = together(append(r.ungranted, grants...))
}
