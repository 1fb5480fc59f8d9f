package wire

import (
	"encoding/json"
	"strings"
)

// eventVariable stands for the whole event in an input template.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
const eventVariable = "<aws.events.event.json>"

// Template writes the input template with which EventBridge makes the delivery of
// an event. In a template <…> is a variable; JSON text has its own "<" escaped,
// so nothing in a watch or a sink can be taken for one.
func Template(d Delivery) (string, error) {
	d.Event = nil
	delivery, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	// The event is the last field, and null without a value.
	return strings.TrimSuffix(string(delivery), "null}") + eventVariable + "}", nil
}
