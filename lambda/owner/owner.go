// Package owner decides which team is notified about a thing.
package owner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// Question is what is known of a thing.
type Question struct {
	// Things are the names by which the table may know it, the most exact one first.
	Things []wire.Thing
	// Tag asks for the value of the team tag. It is called only if no name decides. A
	// problem says why the value is not known. It is nil if there is nothing to ask.
	Tag func() (value, problem string)
	// Account is the AWS account that it is in.
	Account string
	// Drill is the team that a drill is for. Empty: it is decided as if it were no drill.
	Drill string
}

// Owner is whose a thing is.
type Owner struct {
	// Team is the name of the team; empty: it belongs to none.
	Team string
	// Service is the team's own name for what the thing is a part of, if the table knows.
	Service string
	// Sinks are who is notified.
	Sinks []wire.Sink
	// How says how it was decided, as in "checkout, by its tag".
	How string
}

// Called is what notices call what the thing is a part of: its service or, if the table does not
// know it, the team.
func (o Owner) Called() string { return cmp.Or(o.Service, o.Team) }

// Named reports whether the table knows one of the names.
func Named(t *wire.Table, things []wire.Thing) bool {
	return slices.ContainsFunc(things, func(thing wire.Thing) bool { _, ok := t.Find(thing); return ok })
}

// Decide decides whose a thing is: by the table, then by its tag, then by its account. What
// belongs to no team is for the table's others.
func Decide(t *wire.Table, q Question) Owner {
	if q.Drill != "" {
		return ofDrill(t, q.Drill)
	}
	for _, thing := range q.Things {
		if o, ok := t.Find(thing); ok {
			return of(t.Teams[o.Team], o.Service, fmt.Sprintf("by the name of the %s", thing.Kind))
		}
	}
	team, why := byTag(t, q)
	if team != nil {
		return of(*team, "", "by its tag")
	}
	for _, team := range t.Teams {
		if slices.Contains(team.Accounts, q.Account) {
			return of(team, "", "by its account"+because(why))
		}
	}
	return Owner{Sinks: t.Others, How: "of no team" + because(why)}
}

// ofDrill is the team that a drill is for.
func ofDrill(t *wire.Table, name string) Owner {
	if team := called(t, name); team != nil {
		return of(*team, "", "as the drill asks")
	}
	return Owner{Sinks: t.Others, How: fmt.Sprintf("of no team (the drill asks for %s, which is none)", name)}
}

// called finds a team by its name, or nil.
func called(t *wire.Table, name string) *wire.Team {
	for i := range t.Teams {
		if strings.EqualFold(t.Teams[i].Name, name) {
			return &t.Teams[i]
		}
	}
	return nil
}

func of(team wire.Team, service, how string) Owner {
	return Owner{Team: team.Name, Service: service, Sinks: team.Sinks, How: team.Name + ", " + how}
}

// byTag finds the team that the tag names, or says why there is none.
func byTag(t *wire.Table, q Question) (team *wire.Team, why string) {
	if t.TeamTag == "" || q.Tag == nil {
		return nil, ""
	}
	value, problem := q.Tag()
	switch {
	case problem != "":
		return nil, fmt.Sprintf("its tag %s is not known: %s", t.TeamTag, problem)
	case value == "":
		return nil, "it has no tag " + t.TeamTag
	}
	if team := called(t, value); team != nil {
		return team, ""
	}
	return nil, fmt.Sprintf("its tag %s=%s names no team", t.TeamTag, value)
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " (" + why + ")"
}
