package extraeye

import (
	"slices"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// maxReleases is how long the names of the applications that the notifier gets may be
// together, in bytes, so that the input of a rule has room for other things.
const maxReleases = 3000

// releases joins the watches of an Eye that have releases with those that name in a
// notice what it came after, in whichever order they are added.
type releases struct {
	known     []binding.Release
	bytes     int  // of the names of all that are known
	lookupWho bool // who made them
	// users are the targets whose input has the releases.
	users []releaseUser
	// ungranted are what the notifier must be allowed, and is not yet.
	ungranted []binding.Grant
}

type releaseUser struct {
	watch  *boundWatch
	target target
}

// joinReleases lets a watch use the releases of the Eye, and the Eye's watches use the
// releases of the watch.
func (e *Eye) joinReleases(b *boundWatch) {
	r := &e.releases
	if b.WithReleases != nil {
		for _, t := range b.targets {
			if t.Native == nil {
				r.users = append(r.users, releaseUser{b, t})
			}
		}
	}
	if r.remember(b.Watch) {
		// One that is too long is reported once.
		r.users = slices.DeleteFunc(r.users, func(u releaseUser) bool {
			problems := e.checkInput(u.watch, u.target)
			report(e, problems...)
			return len(problems) > 0
		})
	}
	if len(r.users) > 0 {
		for _, g := range r.ungranted {
			e.Notifier().letLookUp(e, g)
		}
		r.ungranted = nil
	}
}

// wire is what the notifier gets of the releases.
func (r *releases) wire() wire.Releases {
	all := wire.Releases{Who: r.lookupWho}
	for _, k := range r.known {
		all.Applications = append(all.Applications, k.Application)
	}
	return all
}

// remember notes the releases of a watch, and reports whether any is new.
func (r *releases) remember(w binding.Watch) (changed bool) {
	if w.LookupWho != nil && !r.lookupWho {
		r.lookupWho, changed = true, true
		r.need([]binding.Grant{*w.LookupWho})
	}
	for _, release := range w.Releases {
		known := slices.ContainsFunc(r.known, func(k binding.Release) bool { return k.Application == release.Application })
		if !known && r.bytes+release.Longest <= maxReleases {
			r.bytes += release.Longest
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
		at := slices.IndexFunc(r.ungranted, func(n binding.Grant) bool { return slices.Equal(n.Actions, g.Actions) })
		if at < 0 {
			r.ungranted = append(r.ungranted, g)
		} else {
			r.ungranted[at].Resources = append(r.ungranted[at].Resources, g.Resources...)
		}
	}
}
