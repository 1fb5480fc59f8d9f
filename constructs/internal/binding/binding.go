// Package binding holds what watches and sinks ask of an Eye. A watch or a sink is
// a plain literal of the user's; bound to a place in the construct tree, it
// becomes data that the Eye writes into rules, targets and permissions.
package binding

import "github.com/extraeye/extraeye/internal/wire"

// Watch is what a watch asks for. With any Problems, the rest is not used.
type Watch struct {
	// Name names the kind of watch, such as "Terminations": the id of its scope.
	Name string
	// Wire is what the notifier gets of it.
	Wire wire.Watch
	// Source and DetailTypes are matched exactly.
	Source string
	// NoDrills leaves [wire.DrillSource] out of what is matched beside Source.
	NoDrills    bool
	DetailTypes []string
	// Fields are the fields of the event that are matched. The first one is the one
	// that grows.
	Fields []Field
	// Pattern is a whole event pattern of the user's, in place of all of the above.
	Pattern map[string]any
	// Waits says that the notifier gets an event only after a while: Wire says how long.
	Waits bool
	// Grants are what the notifier must be allowed for the watch's look-ups.
	Grants []Grant
	// Releases are deployments that other watches of the Eye can name in their notices.
	Releases []Release
	// LookupWho is what the notifier must be allowed to look up who made the Releases;
	// nil: it is not looked up.
	LookupWho *Grant
	// Recorded is what AWS keeps records of, for a timeline.
	Recorded Recorded
	// WithReleases is Wire with what the Eye knows of releases; nil: the watch has no
	// use for them.
	WithReleases func(wire.Releases) wire.Watch

	Problems
}

// AnyApplication stands for all applications of the account and Region.
const AnyApplication = "*"

// Recorded is what belongs to what is watched that AWS keeps records of.
type Recorded struct {
	Scope wire.Scope
	// Grants are what the notifier must be allowed to read the records.
	Grants []Grant
}

// Release is an application whose deployments can be looked up.
type Release struct {
	Application string
	// Grants are what the notifier must be allowed to look them up.
	Grants []Grant
}

// Sink is what a sink asks for. Exactly one of Wire and Native is set. With any
// Problems, the rest is not used.
type Sink struct {
	// Name names the kind of sink, such as "Email".
	Name string
	// Wire is what the notifier gets of it.
	Wire *wire.Sink
	// Native is set if the rule itself delivers, without the notifier.
	Native *Native
	// Grants are what the notifier must be allowed to deliver to it.
	Grants []Grant
	// Grouped is set if many events of one thing reach it as one message; nil: each does by
	// itself.
	Grouped *Grouping

	Problems
}

// Grouping says when events become one message.
type Grouping struct {
	// WaitSeconds is for how long events are collected.
	WaitSeconds int
	// Over is how many are still sent one by one.
	Over int
}

// Native is a target that a rule delivers the raw event to.
type Native struct {
	// ID tells the target from others of its kind by what it is, whichever place it has
	// among them. It is part of the target's id.
	ID  string
	ARN *string
	// RoleARN is the role that the rule delivers as; nil: as itself, let in by Allow.
	RoleARN *string
	// Allow lets the rules of the account deliver to the target. It is nil if there is a
	// role.
	Allow func()
}

// MaxGranted is how many resources of one kind are granted one by one.
const MaxGranted = 50

// Grant is one statement of the notifier's policy.
type Grant struct {
	Actions   []string
	Resources []string
	// Wide replaces Resources when one notifier would need too many of them.
	Wide string
	// Conditions are exact matches of condition keys.
	Conditions map[string]string
	// Broad says why a resource of the statement has a wildcard, if one has. It is
	// written into the template for reviewers.
	Broad string
}
