// Package notice holds what people read: text and facts, with no transport and no
// markup. Every sink makes its own message of a [Notice].
package notice

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// Notice says what happened, in the order in which a person on call would read.
type Notice struct {
	// ID is the id of the event; a duplicate delivery has the same.
	ID      string    `json:"id"`
	Time    time.Time `json:"time"`
	Account string    `json:"account,omitempty"`
	// Alias is the name that the account has for people. It may be empty.
	Alias  string `json:"alias,omitempty"`
	Region string `json:"region,omitempty"`
	// Service is the team's own name for what is watched. It may be empty.
	Service  string   `json:"service,omitempty"`
	Kind     Kind     `json:"kind"`
	Severity Severity `json:"severity"`
	Status   Status   `json:"status"`
	// Title is one line: what happened to what. It has no line break.
	Title string `json:"title"`
	// Summary says in a few sentences what a person on call must know, even if nothing
	// else is shown.
	Summary string `json:"summary"`
	Facts   []Fact `json:"facts"`
	Links   []Link `json:"links"`
	// Key names the thing that the notice is about, such as an instance. Two notices
	// about the same thing have the same key.
	Key string `json:"key"`
	// GroupKey is the key of what the thing belongs to, such as its Auto Scaling group. It
	// is empty if it belongs to nothing, or is that itself: see [Notice.Group].
	GroupKey string `json:"groupKey,omitempty"`
	// Count is how many events the notice is about. Zero: one.
	Count int `json:"count,omitempty"`
	// Release is what was released, for deployment markers; nil for everything else.
	Release *Release `json:"release,omitempty"`
	// Event is the event as it came. It is valid JSON.
	Event json.RawMessage `json:"-"`
}

// Link is a place to look further.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Kind says what sort of thing happened.
type Kind string

// The kinds of notice.
const (
	KindTermination        Kind = "termination"
	KindLaunch             Kind = "launch"
	KindInstanceRefresh    Kind = "instance-refresh"
	KindLifecycle          Kind = "lifecycle"
	KindInstance           Kind = "instance"
	KindSpot               Kind = "spot"
	KindDeployment         Kind = "deployment" // of CodeDeploy or ECS
	KindDeploymentInstance Kind = "deployment-instance"
	KindTask               Kind = "task"
	KindService            Kind = "service"
	KindAlarm              Kind = "alarm"
	KindHealth             Kind = "health"
	KindPattern            Kind = "pattern" // what a user's own event pattern matched
	KindUnknown            Kind = "unknown" // an event that could not be decoded
)

// Kinds lists every kind.
var Kinds = []Kind{
	KindTermination, KindLaunch, KindInstanceRefresh, KindLifecycle, KindInstance, KindSpot,
	KindDeployment, KindDeploymentInstance, KindTask, KindService, KindAlarm, KindHealth,
	KindPattern, KindUnknown,
}

// OrUnknown is k, or [KindUnknown] if k is not one of [Kinds].
func (k Kind) OrUnknown() Kind {
	if slices.Contains(Kinds, k) {
		return k
	}
	return KindUnknown
}

// Severity says how bad it is.
type Severity = wire.Severity

// The severities, from harmless to worst.
const (
	Info     = wire.SeverityInfo
	Warning  = wire.SeverityWarning
	Error    = wire.SeverityError
	Critical = wire.SeverityCritical
)

// Status says whether something is now wrong.
type Status string

// The statuses.
const (
	Open     Status = "open"     // something is wrong
	Resolved Status = "resolved" // what was wrong under this key no longer is
	Marker   Status = "marker"   // something happened; nothing is wrong
)

// Headline is the title, or what comes nearest to one: it is never empty.
func (n *Notice) Headline() string {
	return cmp.Or(Line(n.Title), Line(n.Summary), "Something happened")
}

// ShowsEvent reports whether sinks show the event itself, because the notice's own
// text says little of it.
func (n *Notice) ShowsEvent() bool {
	return (n.Kind == KindUnknown || n.Kind == KindPattern) && len(n.Event) > 0
}

// AllFacts are the facts, and the event as the last of them if [Notice.ShowsEvent].
func (n *Notice) AllFacts() []Fact {
	if !n.ShowsEvent() {
		return n.Facts
	}
	return append(slices.Clip(n.Facts), Fact{Label: "The event as it came", Value: string(n.Event)})
}

// Where names the account for people, by its alias if there is one.
func (n *Notice) Where() string {
	if n.Alias == "" || n.Account == "" {
		return cmp.Or(n.Alias, n.Account)
	}
	return n.Alias + " (" + n.Account + ")"
}

// Add appends a fact, unless its value is empty.
func (n *Notice) Add(label, value, url string) {
	if value != "" {
		n.Facts = append(n.Facts, Fact{label, value, url})
	}
}

// Link appends a link, unless its URL is empty.
func (n *Notice) Link(label, url string) {
	if url != "" {
		n.Links = append(n.Links, Link{label, url})
	}
}
