// Package destination fakes the destinations of a rehearsal: how each answers, the
// secrets that it issues, and how it shows a message. There is a file for each sink.
//
// To add one, add a file that puts an entry into destinations under the sink's name
// in [wire.Sink].
package destination

import (
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/internal/wire"
)

// destination is the fake of what a sink sends to.
type destination struct {
	// viaAWS is the AWS API that the sink calls, as <service>.<Operation>. Empty: the
	// sink calls an API outside of AWS, which answer answers.
	viaAWS string
	// answer answers as the API does when it accepts a message.
	answer func(path string, body []byte) answer.Answer
	// asks are the paths at which the sink only asks the API for something, with names.
	asks map[string]string
	// secrets are fake values of the secrets in the sink's configuration, by their JSON
	// names. They have the form that the destination issues, which the sinks check.
	secrets map[string]string
	// draw draws a message. nil: the page shows it as a mail or as text.
	draw func(body []byte) template.HTML
}

// destinations are the destinations of all sinks, by the sink's JSON name.
var destinations = map[string]destination{}

// Answer answers a request to the sink's API outside of AWS. A sink without one is
// answered as a webhook is.
func Answer(sink, path string, body []byte) answer.Answer {
	d := destinations[sink]
	if d.answer == nil {
		d = destinations["webhook"]
	}
	return d.answer(path, body)
}

// Outage is how long a destination that is down stays so.
const Outage = 15 * time.Minute

// Unavailable is what a destination outside of AWS answers while it is down.
func Unavailable() answer.Answer {
	a := answer.Text(http.StatusServiceUnavailable, "down for maintenance")
	a.RetryAfter = Outage
	return a
}

// Names returns the names of all sinks.
func Names() []string { return slices.Sorted(maps.Keys(destinations)) }

// AWSOperation returns the AWS API that the sink calls, as <service>.<Operation>; "" if it calls
// none.
func AWSOperation(sink string) string { return destinations[sink].viaAWS }

// Asks returns the name of what the sink asks its API for at a path, "" where it sends something.
func Asks(sink, path string) string { return destinations[sink].asks[path] }

// OutsideAWS returns the names of the sinks that call an API outside of AWS.
func OutsideAWS() []string {
	var names []string
	for _, name := range Names() {
		if destinations[name].viaAWS == "" {
			names = append(names, name)
		}
	}
	return names
}

// AWSOperations returns the AWS APIs that the other sinks call, as <service>.<Operation>.
func AWSOperations() []string {
	var names []string
	for _, d := range destinations {
		if d.viaAWS != "" {
			names = append(names, d.viaAWS)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// IsDrawn reports whether [Draw] can draw messages of the sink.
func IsDrawn(sink string) bool { return destinations[sink].draw != nil }

// Draw draws a message, which is the body of a request. It returns "" for what is not
// JSON and for a sink whose messages are not drawn.
func Draw(sink string, body []byte) template.HTML {
	if !IsDrawn(sink) || !json.Valid(body) {
		return ""
	}
	return destinations[sink].draw(body)
}

// Secrets returns a fake value for every secret that the sink reads.
func Secrets(sink wire.Sink) map[wire.Secret]string {
	values := map[wire.Secret]string{}
	sinks := reflect.ValueOf(sink)
	for i := range sinks.NumField() {
		if config := sinks.Field(i); !config.IsNil() {
			fakes := destinations[jsonName(sinks.Type().Field(i))].secrets
			for name, ref := range secretsOf(config.Elem()) {
				values[ref] = fakes[name]
			}
		}
	}
	return values
}

// secretsOf returns the secrets in a sink's configuration, by their JSON names.
func secretsOf(config reflect.Value) map[string]wire.Secret {
	found := map[string]wire.Secret{}
	for i := range config.NumField() {
		switch secret := config.Field(i).Interface().(type) {
		case wire.Secret:
			found[jsonName(config.Type().Field(i))] = secret
		case *wire.Secret:
			if secret != nil {
				found[jsonName(config.Type().Field(i))] = *secret
			}
		}
	}
	return found
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
