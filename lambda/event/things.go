package event

import "github.com/extraeye/extraeye/internal/wire"

// Ownable is a subject that is about something that a team can own.
type Ownable interface {
	Subject
	// Things are what it is about, by names that a team can own, the most exact one first. Some
	// are known only after they were looked up.
	Things() []wire.Thing
}

// Things are what the event is about, as [Ownable] has them.
func (e *Event) Things() []wire.Thing {
	if s, ok := e.Subject.(Ownable); ok {
		return s.Things()
	}
	return nil
}

// Thing is the thing of a kind that has a name; without one it is none.
func Thing(kind wire.ThingKind, name string) []wire.Thing {
	if name == "" {
		return nil
	}
	return []wire.Thing{{Kind: kind, Name: name}}
}
