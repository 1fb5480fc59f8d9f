package event

import (
	"encoding/json"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// readDrill makes an event of a drill one of the source that it is as if from.
func (e *Event) readDrill(f Fields) {
	if e.Source != wire.DrillSource {
		return
	}
	e.Drill = &wire.Drill{}
	// Whoever may put events on the bus may write anything here. What is not as it should be is
	// still a drill, of an event that is not known.
	if json.Unmarshal(f.Object("detail")[wire.DrillField], e.Drill) == nil && e.Drill.Source != "" {
		e.Source = e.Drill.Source
	}
}

// drillSkipReason says why the watch does not report a drill, "" if it does, whatever it would
// choose by: the drill is to show its path.
func (e *Event) drillSkipReason() string {
	if e.Drill.WantsWatch(e.Watch) {
		return ""
	}
	return "the drill is for other watches"
}

// markDrill has the notice of a drill say that it is one, wherever it goes. It is about nothing that
// is real: its keys are not those of the thing, so that it begins, continues and ends no alert and
// no thread of it. It calls nobody unless that is asked for.
func (e *Event) markDrill(n *notice.Notice) {
	if e.Drill == nil {
		return
	}
	const mark = "DRILL: "
	n.Title = mark + n.Title
	n.Summary = "This is a drill: nothing happened. " + n.Summary
	n.Facts = append([]notice.Fact{{Label: "Drill", Value: "Somebody ran \"extraeye drill\". Nothing happened."}}, n.Facts...)
	n.Key = "drill:" + n.Key
	if n.GroupKey != "" {
		n.GroupKey = "drill:" + n.GroupKey
	}
	if !e.Drill.Page {
		n.Severity = notice.Info
	}
	if n.Release != nil {
		r := *n.Release
		r.Version, r.Description = mark+r.Version, mark+r.Description
		n.Release = &r
	}
}
