// Package samples holds the built-in events of a rehearsal. They have the shape
// and the words of real ones, and are dressed in the names that a rule asks for.
package samples

import (
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/extraeye/extraeye/internal/eventpattern"
)

// Sample is a built-in event, dressed.
type Sample struct {
	// Name says what the event is an example of.
	Name  string
	Event json.RawMessage
	// Time is when it happens; samples of several rules are played in this order.
	Time time.Time
	Unsaid
}

// Setting is where and when the events happen.
type Setting struct {
	Account, Region, Partition string
	Now                        time.Time
}

//go:embed events/*.json
var events embed.FS

// For returns the samples that an event pattern matches, dressed in its names.
// The same pattern and setting get the same samples.
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
	for _, s := range story {
		raw, err := events.ReadFile("events/" + s.name + ".json")
		if err != nil {
			return nil, fmt.Errorf("read a built-in event: %w", err)
		}
		sample := Sample{Name: s.name, Time: at.Now.Truncate(time.Second).Add(-s.ago), Unsaid: s.Unsaid}
		// Each sample takes the next of the names, so that many are seen.
		if sample.Event, err = suit(raw, sample, p, asked, len(matching), at); err != nil {
			return nil, fmt.Errorf("the built-in event %s: %w", s.name, err)
		}
		if sample.Event != nil {
			matching = append(matching, sample)
		}
	}
	return matching, nil
}

// suit dresses an event so that the pattern matches it, or returns nil if no names
// make it match.
func suit(raw []byte, s Sample, p *eventpattern.Pattern, asked []leaves, nth int, at Setting) (json.RawMessage, error) {
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		return nil, err
	}
	for _, offer := range offers(plain, asked, nth) {
		event := dress(raw, offer, s, at)
		parsed, err := eventpattern.ParseEvent(event)
		if err != nil {
			return nil, err
		}
		if p.Match(parsed) {
			return event, nil
		}
	}
	return nil, nil
}
