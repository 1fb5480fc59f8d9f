package wire

// Pattern watches any events, and says how they are reported.
type Pattern struct {
	// Title is one line. {$.detail.state} in it is that value of the event.
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	// Facts are taken from the event, in this order.
	Facts []PatternFact `json:"facts,omitempty"`
}

// PatternFact is a value of the event and what to call it.
type PatternFact struct {
	Label string `json:"label"`
	// Path is where the value is, such as "$.detail.build-status" or
	// "$.resources[0]".
	Path string `json:"path"`
}
