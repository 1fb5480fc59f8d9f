// Package samples holds the built-in events of a rehearsal. They have the shape
// and the words of real ones, and are dressed in the names that a rule asks for.
package samples

import (
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/extraeye/extraeye/internal/rehearse/pattern"
	"github.com/extraeye/extraeye/internal/wire"
)

// Sample is a built-in event, dressed.
type Sample struct {
	// Name says what the event is an example of.
	Name  string
	Event json.RawMessage
	// Creator is who made the deployment that the event is about; only the API
	// says so. Empty: a user.
	Creator wire.Creator
}

// Setting is where and when the events happen.
type Setting struct {
	Account, Region, Partition string
	Now                        time.Time
}

//go:embed events/*.json
var events embed.FS

// all are the samples in the order in which they are played. What is started
// comes before what ends.
var all = []Sample{
	{Name: "termination-elb-health-check"},
	{Name: "termination-ec2-status-check"},
	{Name: "termination-unknown-cause"},
	{Name: "termination-scale-in"},
	{Name: "deployment-start"},
	{Name: "deployment-ready"},
	{Name: "deployment-success"},
	{Name: "deployment-failure"},
	{Name: "deployment-rollback", Creator: wire.CreatorRollback},
	{Name: "deployment-stop"},
	{Name: "deployment-autoscaling", Creator: wire.CreatorAutoScaling},
}

// For returns the samples that an event pattern matches, dressed in its names.
// The same pattern and setting get the same samples.
func For(eventPattern json.RawMessage, at Setting) ([]Sample, error) {
	p, err := pattern.Parse(eventPattern)
	if err != nil {
		return nil, err
	}
	asked, err := readNames(eventPattern)
	if err != nil {
		return nil, err
	}
	var matching []Sample
	for i, s := range all {
		raw, err := events.ReadFile("events/" + s.Name + ".json")
		if err != nil {
			return nil, fmt.Errorf("read a built-in event: %w", err)
		}
		s.Event = dress(raw, asked.pick(i, at), s.Name, at.Now.Truncate(time.Second).Add(-time.Duration(len(all)-i)*interval))
		event, err := pattern.ParseEvent(s.Event)
		if err != nil {
			return nil, fmt.Errorf("the built-in event %s: %w", s.Name, err)
		}
		if p.Match(event) {
			matching = append(matching, s)
		}
	}
	return matching, nil
}

// interval lies between two samples.
const interval = 3 * time.Minute
