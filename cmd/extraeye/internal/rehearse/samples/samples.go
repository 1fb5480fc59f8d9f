// Package samples holds the built-in events of a rehearsal. They have the shape
// and the texts of real ones, and are rendered with the names that a rule asks for.
//
// To add one, put a file in the folder events. The number in front of its name is
// its place in the story of the events.
package samples

import (
	"embed"
	"encoding/json"
	"io/fs"
	"maps"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/eventpattern"
	"github.com/extraeye/extraeye/internal/wire"
)

// Sample is a built-in event with the names of a rule.
type Sample struct {
	// Name says what the event is an example of.
	Name  string
	Event json.RawMessage
	// Time is when it happens; samples of several rules are played in this order.
	Time time.Time
	Hints
}

// Setting is where and when the events happen.
type Setting struct {
	Account, Region, Partition string
	Now                        time.Time
	// Things are what the events are about where no rule asks for a name. Empty: made-up ones.
	Things []wire.Thing
}

//go:embed events/*.json
var events embed.FS

// builtIn are all built-in events, in the order in which they happen.
var builtIn = readBuiltIn()

// builtInEvent is a file in the folder events.
type builtInEvent struct {
	name string
	raw  json.RawMessage
	ago  time.Duration // before the rehearsal
}

func readBuiltIn() []builtInEvent {
	files, err := fs.Glob(events, "events/*.json")
	if err != nil {
		panic(err) // the events are part of this package
	}
	var all []builtInEvent
	for _, path := range files {
		raw, err := events.ReadFile(path)
		if err != nil {
			panic(err)
		}
		_, name, _ := strings.Cut(strings.TrimSuffix(path, ".json"), "-") // without the number
		all = append(all, builtInEvent{name: name, raw: raw})
	}
	setTimes(all)
	return all
}

// For returns the samples that an event pattern matches, with the names that it
// asks for. The same pattern and setting get the same samples.
func For(eventPattern json.RawMessage, at Setting) ([]Sample, error) {
	p, err := eventpattern.Parse(eventPattern)
	if err != nil {
		return nil, err
	}
	asked, err := alternatives(eventPattern)
	if err != nil {
		return nil, err
	}
	var matching []Sample
	for _, e := range builtIn {
		s := Sample{Name: e.name, Time: at.Now.Truncate(time.Second).Add(-e.ago), Hints: hints[e.name]}
		// Each sample takes the next of the names, so that many are seen.
		if s.Event, err = fit(e.raw, s, p, asked, len(matching), at); err != nil {
			return nil, err
		}
		if s.Event != nil {
			matching = append(matching, s)
		}
	}
	return matching, nil
}

// fit renders an event with the first names that make the pattern match it. It
// returns nil if none do.
func fit(raw []byte, s Sample, p *eventpattern.Pattern, asked []alternative, turn int, at Setting) (json.RawMessage, error) {
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		panic(err) // the events are part of this package
	}
	raw, plain = withTags(raw, plain, asked, turn)
	for _, candidate := range candidates(plain, asked, turn) {
		chosen := at.names(turn)
		maps.Copy(chosen, candidate)
		event := render(raw, chosen, s, at)
		parsed, err := eventpattern.ParseEvent(event)
		if err != nil {
			panic(err)
		}
		if matches, err := p.Match(parsed); matches || err != nil {
			return event, err
		}
	}
	return nil, nil
}
