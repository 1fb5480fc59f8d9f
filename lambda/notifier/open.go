package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/email"
	"github.com/extraeye/extraeye/lambda/sink/topic"
)

// open returns the sender for a sink and the sink's name in JSON. It is the one
// place that knows all sinks.
func open(api *awsapi.Client, sink wire.Sink) (name string, sender notice.Sender, err error) {
	set := 0
	if cfg := sink.Email; cfg != nil {
		name, sender, set = "email", email.New(api, *cfg), set+1
	}
	if cfg := sink.Topic; cfg != nil {
		name, sender, set = "topic", topic.New(api, *cfg), set+1
	}
	switch set {
	case 0:
		return "", nil, errors.New("the input names no sink that this notifier knows")
	case 1:
		return name, sender, nil
	default:
		return "", nil, errors.New("the input names several sinks")
	}
}

// misfit says what an input without exactly one known sink seems to be, and what
// to do with it.
func misfit(payload []byte) string {
	var input struct {
		DetailType     json.RawMessage            `json:"detail-type"`
		RequestPayload json.RawMessage            `json:"requestPayload"`
		Sink           map[string]json.RawMessage `json:"sink"`
	}
	// What is of another type stays empty.
	_ = json.Unmarshal(payload, &input)
	switch {
	case input.DetailType != nil:
		return `it is an event without its delivery; send it as {"watch": …, "sink": …, "event": <the event>}, as the rule that matched it does`
	case input.RequestPayload != nil:
		return "it is the record of a failed invocation; send what stands under requestPayload"
	case len(input.Sink) > 0:
		names := slices.Sorted(maps.Keys(input.Sink))
		return fmt.Sprintf("it names %q; deploy rules and notifier from the same version of extraeye", strings.Join(names, ", "))
	default:
		return "it has no sink"
	}
}
