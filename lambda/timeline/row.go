// Package timeline lays what happened to a service on one axis: what was released, which
// instances died, which alarms went off, from AWS's own records.
package timeline

import (
	"time"

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
