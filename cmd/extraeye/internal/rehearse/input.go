package rehearse

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// input is a delivery as the notifier gets it.
type input struct {
	wire.Delivery
	// names are the JSON names of the sinks of each order; those of sinks that the notifier
	// does not know, too. Those of teams are not among them.
	names [][]string
}

// sinks names the sinks of an order as the notifier answers: those of the team come after its own.
func (in input) sinks(order int, r notice.OrderReceipt) []string {
	names := slices.Clip(in.names[order])
	if !in.Orders()[order].Fleet {
		return names
	}
	if len(r.Sinks) == 0 {
		return append(names, ofTeam)
	}
	for _, s := range r.Sinks[len(names):] {
		names = append(names, s.Sink)
	}
	return names
}

// readInput reads what the notifier would read as a delivery.
func readInput(payload []byte) (in input, ok bool) {
	type order struct {
		Watch json.RawMessage
		Sinks []map[string]json.RawMessage
		Fleet bool
	}
	var raw struct {
		order
		Also  []order
		Event json.RawMessage
	}
	if json.Unmarshal(payload, &raw) != nil || raw.Event == nil || raw.Watch == nil {
		return in, false
	}
	_ = json.Unmarshal(payload, &in.Delivery) // what is of another type stays empty
	for _, o := range slices.Concat([]order{raw.order}, raw.Also) {
		var names []string
		ok = ok || o.Fleet
		for _, sink := range o.Sinks {
			name := ""
			for name = range sink { // there is one
				ok = true
			}
			names = append(names, name)
		}
		in.names = append(in.names, names)
	}
	return in, ok
}

// place is where a delivery has a sink, as the notifier marks its requests.
func place(order, sink int) string { return fmt.Sprintf("%d.%d", order, sink) }
