package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// Countable is a subject of which many may happen at once, and are then reported as one.
type Countable interface {
	Subject
	// Counted says how it is counted, by what is known by now.
	Counted(e *Event) Counted
}

// Counted says how one of many is counted, and in which words.
type Counted struct {
	// Noun is what one of them is called, whose plural ends in "s", and Phrase what follows it:
	// "instance", "terminated in web".
	Noun, Phrase string
	// Label is what the names of the things are listed under, and Thing the name.
	Label, Thing string
	// By is what it is counted by, the most telling first.
	By []CountedBy
	// Within is the key of what it belongs to, if that need not be one alert. Empty: what
	// collects the notice does.
	Within string
	// At is when it happened, the time of the event if it is zero.
	At time.Time
}

// CountedBy is a value that the same ones are counted by.
type CountedBy struct{ Label, Value string }

// Undecided is a subject of which only what is looked up may say whether a watch wants it.
type Undecided interface {
	Subject
	// Undecided reports whether that has to be looked up.
	Undecided(wire.Watch) bool
}
