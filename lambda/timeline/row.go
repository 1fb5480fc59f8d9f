// Package timeline lays what happened to a service on one axis: what was released, which
// instances died, which alarms went off, from AWS's own records.
package timeline

import (
	"cmp"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Row is one thing that happened, or lasted. Where there is a notice of it, the row says the
// same.
type Row struct {
	Start time.Time `json:"start"`
	// End is when it was over. It is Start for what takes no time, and zero for what still
	// lasts.
	End      time.Time       `json:"end,omitzero"`
	Lane     Lane            `json:"lane"`
	Kind     notice.Kind     `json:"kind"`
	Severity notice.Severity `json:"severity"`
	Status   notice.Status   `json:"status"`
	// Title is one line: what happened to what.
	Title string `json:"title"`
	// Facts are what else is known, the most telling first.
	Facts []notice.Fact `json:"facts"`
	// Link leads to the thing in AWS's console; it may be empty.
	Link notice.Link `json:"link,omitzero"`
	// Key names the thing that the row is about, as [notice.Notice.Key] does.
	Key string `json:"key"`
	// ID is AWS's id of what happened, such as that of a scaling activity or of a deployment.
	// Two rows of a kind that have the same are about the same.
	ID string `json:"id"`
	// Source is where the row was read.
	Source Source `json:"source"`
	// Release is what was released, for rows of [Releases]; nil for everything else.
	Release *notice.Release `json:"release,omitempty"`
}

// Lane is the sort of thing that a row is about: what the page draws on one line.
type Lane string

// The lanes, in the order in which they are drawn.
const (
	Releases  Lane = "releases"
	Instances Lane = "instances" // of EC2, and tasks of ECS
	Alarms    Lane = "alarms"
	Hooks     Lane = "hooks"   // lifecycle hooks and instance refreshes
	Account   Lane = "account" // AWS Health, and what people changed
)

// Lanes lists all lanes in their order.
var Lanes = []Lane{Releases, Instances, Alarms, Hooks, Account}

// Source is where a row was read.
type Source string

// The sources.
const (
	FromAPI     Source = "api"     // AWS's own records
	FromJournal Source = "journal" // what the notifier wrote down
	FromEvent   Source = "event"   // an event of a rehearsal
)

// KindChange is the kind of what somebody or something changed, and no notice reports.
const KindChange notice.Kind = "change"

// lanes are the lanes of kinds that are not of [Instances].
var lanes = map[notice.Kind]Lane{
	notice.KindDeployment:      Releases,
	notice.KindAlarm:           Alarms,
	notice.KindInstanceRefresh: Hooks,
	notice.KindLifecycle:       Hooks,
	notice.KindHealth:          Account,
	notice.KindPattern:         Account,
	notice.KindUnknown:         Account,
	KindChange:                 Account,
}

// FromNotice returns the row that says what a notice does. It takes no time.
func FromNotice(n *notice.Notice, source Source) Row {
	row := Row{
		Start: n.Time, End: n.Time, Lane: cmp.Or(lanes[n.Kind], Instances), Kind: n.Kind, Severity: n.Severity, Status: n.Status,
		Title: n.Headline(), Facts: slices.Clone(n.Facts), Key: n.Key, ID: n.ID, Source: source, Release: n.Release,
	}
	slices.SortStableFunc(row.Facts, func(a, b notice.Fact) int { return rank(a) - rank(b) })
	if len(n.Links) > 0 {
		row.Link = n.Links[0]
	}
	return row
}

// rank puts what a person on call needs most first.
func rank(f notice.Fact) int {
	if f.IsNeeded() {
		return 0
	}
	return 1
}

// Sort puts rows in the order of their start; of those at the same time, the worse first.
func Sort(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(a.Start.Compare(b.Start), slices.Index(wire.AllSeverities(), b.Severity)-slices.Index(wire.AllSeverities(), a.Severity),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
	})
}

// Distinct returns the rows without those whose kind and id an earlier one has: put AWS's own
// records first, for what is in several sources. Rows without an id stay.
func Distinct(rows []Row) []Row {
	type identity struct {
		kind notice.Kind
		id   string
	}
	seen := make(map[identity]bool, len(rows))
	return slices.DeleteFunc(rows, func(r Row) bool {
		is := identity{r.Kind, r.ID}
		repeated := r.ID != "" && seen[is]
		seen[is] = true
		return repeated
	})
}
