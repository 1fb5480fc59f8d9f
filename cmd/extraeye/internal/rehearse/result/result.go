// Package result is the result of a rehearsal for one event and one sink.
package result

import "github.com/extraeye/extraeye/lambda/notice"

// Result is one line of "extraeye rehearse -json". Every field is always there; one
// that does not apply is empty.
type Result struct {
	// File is the file of the event, or the name of the built-in event.
	File       string `json:"file"`
	EventID    string `json:"event_id"`
	DetailType string `json:"detail_type"`
	// Rule and Target name them in the template.
	Rule   string `json:"rule"`
	Target string `json:"target"`
	// Sink is the kind of the destination: email, topic, queue and so on.
	Sink string `json:"sink"`
	// Team says whose the event is, and how that was decided, if a Fleet did.
	Team    string  `json:"team"`
	Outcome Outcome `json:"outcome"`
	// Reason says why nothing was sent, what went wrong, or when it is sent if that is not at once.
	Reason   string          `json:"reason"`
	Severity notice.Severity `json:"severity"`
	Status   notice.Status   `json:"status"`
	Title    string          `json:"title"`
	Summary  string          `json:"summary"`
	Facts    []Fact          `json:"facts"`
	// Out are the paths of the files that show it.
	Out []string `json:"out"`
	// MS is how long it took, in milliseconds.
	MS int64 `json:"ms"`
}

// Fact is a fact of the notice. Its URL is always written, even if empty.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
	URL   string `json:"url"`
}

// Outcome says how the event ended for the target.
type Outcome string

// The outcomes.
const (
	Sent      Outcome = "sent"
	Skipped   Outcome = "skipped"   // the watch did not want it
	Failed    Outcome = "failed"    // the notifier could not send it
	Unmatched Outcome = "unmatched" // no rule matches the event
)

// Outcomes are all outcomes, in the order in which they are counted.
var Outcomes = []Outcome{Sent, Skipped, Unmatched, Failed}

// New makes a result whose lists are empty rather than null in JSON.
func New() Result { return Result{Facts: []Fact{}, Out: []string{}} }

// SetNotice copies the content of a notice, if there is one.
func (r *Result) SetNotice(n *notice.Notice) {
	if n == nil {
		return
	}
	r.Severity, r.Status, r.Title, r.Summary, r.Facts = n.Severity, n.Status, n.Title, n.Summary, []Fact{}
	for _, f := range n.Facts {
		r.Facts = append(r.Facts, Fact(f))
	}
}
