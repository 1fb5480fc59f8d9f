// Clients decodes the messages of three sinks with the types of their recipients' own
// clients: a member that these do not know fails.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/PagerDuty/go-pagerduty"
	"github.com/go-openapi/strfmt"
	grafana "github.com/grafana/grafana-openapi-client-go/models"
	newrelic "github.com/newrelic/newrelic-client-go/v2/pkg/changetracking"
)

func main() {
	good := check("pagerduty", checkPagerDuty)
	good = check("grafana", checkGrafana) && good
	good = check("newrelic", checkNewRelic) && good
	if !good {
		os.Exit(1)
	}
}

// check reports whether there are messages of a sink in the folder that is the
// argument, and all of them are good.
func check(sink string, problem func(body []byte) error) bool {
	files, err := filepath.Glob(filepath.Join(os.Args[1], sink, "*.json"))
	if err != nil {
		panic(err)
	}
	bad := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		var message struct{ Body string }
		if err == nil {
			err = json.Unmarshal(content, &message)
		}
		if err == nil {
			err = problem([]byte(message.Body))
		}
		if err != nil {
			fmt.Printf("%s/%s: %v\n", sink, filepath.Base(file), err)
			bad++
		}
	}
	fmt.Printf("%s's client: %d of %d messages are good\n", sink, len(files)-bad, len(files))
	return bad == 0 && len(files) > 0
}

// decode reads JSON whose every member is in v.
func decode(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// checkPagerDuty also checks the limits of the Events API v2.
//
// https://developer.pagerduty.com/docs/send-alert-event
func checkPagerDuty(body []byte) error {
	var e struct {
		Action  string `json:"event_action"`
		Key     string `json:"dedup_key"`
		Payload struct{ Summary, Source, Severity string }
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return err
	}
	if summary := []rune(e.Payload.Summary); len(summary) == 0 || len(summary) > 1024 || e.Payload.Source == "" || len([]rune(e.Key)) > 255 || len(body) > 512_000 {
		return fmt.Errorf("%d characters of summary, source %q, %d bytes", len(summary), e.Payload.Source, len(body))
	}
	if e.Action == "" {
		return decode(body, &pagerduty.ChangeEvent{})
	}
	if e.Payload.Severity == "" || e.Action == "resolve" && e.Key == "" {
		return fmt.Errorf("%s with the severity %q and the key %q", e.Action, e.Payload.Severity, e.Key)
	}
	return decode(body, &pagerduty.V2Event{})
}

func checkGrafana(body []byte) error {
	annotation := &grafana.PostAnnotationsCmd{}
	if err := decode(body, annotation); err != nil {
		return err
	}
	return annotation.Validate(strfmt.Default)
}

func checkNewRelic(body []byte) error {
	var request struct {
		Query     string
		Variables struct{ Event map[string]any }
	}
	if err := decode(body, &request); err != nil {
		return err
	}
	delete(request.Variables.Event, "timestamp") // the client writes a number, and reads a text
	event, err := json.Marshal(request.Variables.Event)
	if err != nil {
		return err
	}
	return decode(event, &newrelic.ChangeTrackingCreateEventInput{})
}
