package deadletters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
)

const (
	functionARN = "arn:aws:lambda:eu-west-1:123456789012:function:notifier"
	machineARN  = "arn:aws:states:eu-west-1:123456789012:stateMachine:notifier"

	launch   = `{"version":"0","id":"e-1","detail-type":"EC2 Instance Launch Successful","source":"aws.autoscaling","account":"123456789012","time":"2026-11-22T09:58:00Z","region":"eu-west-1","resources":[],"detail":{"AutoScalingGroupName":"web","EC2InstanceId":"i-0a0a0a0a0a0a0a0a1","Cause":"<&>"}}`
	delivery = `{"watch":{"launches":{}},"sinks":[{"email":{"from":"a@example.com","to":["b@example.com","c@example.com"]}},{"slack":{"channel":"#ops","token":{"arn":"x"}}}],"also":[{"watch":{"launches":{}},"sinks":[{"topic":{"arn":"arn:aws:sns:eu-west-1:123456789012:t"}}]}],"event":` + launch + `}`
	later    = `{"afterSeconds":0,"deadLetter":{"reason":"slack.com answered 403","attempts":6},"retry":{"sink":{"slack":{"channel":"#ops","token":{"arn":"x"}}},"attempt":0,"since":"2026-11-22T10:00:00+01:00","reason":"r","notice":{"title":"Launched i-1 in web"},"event":{}}}`
)

// lines shows a letter.
func lines(l *Letter) string {
	inputs := []string{}
	for _, in := range l.inputs {
		inputs = append(inputs, string(in))
	}
	return fmt.Sprintf("what %q\nto %q\nwhy %q\nleft %q\ninputs %s", l.What, l.Sinks, l.Reason, l.Left, strings.Join(inputs, "\n"))
}

func TestRead(t *testing.T) {
	title := `what ["Launched i-0a0a0a0a0a0a0a0a1 in web"]`
	sinks := `to ["email b@example.com, c@example.com" "slack #ops" "topic t"]`
	for name, tt := range map[string]struct{ body, want string }{
		"record": {
			`{"version":"1.0","timestamp":"2026-11-22T10:00:00Z","requestContext":{"condition":"RetriesExhausted"},"requestPayload":` + delivery + `,"responsePayload":{"errorType":"Transient","errorMessage":"slack: 503"}}`,
			title + "\n" + sinks + "\nwhy \"slack: 503\"\nleft \"\"\ninputs " + delivery,
		},
		"record without an answer": {
			`{"requestContext":{"condition":"EventAgeExceeded"},"requestPayload":` + delivery + `,"responsePayload":null}`,
			title + "\n" + sinks + "\nwhy \"EventAgeExceeded\"\nleft \"\"\ninputs " + delivery,
		},
		"record of a text": {
			`{"requestPayload":"cut off","responsePayload":"odd"}`,
			`what ["\"cut off\""]` + "\nto []\nwhy \"\"\nleft \"it is nothing that a notifier takes\"\ninputs ",
		},
		"notice": {later, "what [\"Launched i-1 in web\"]\nto [\"slack #ops\"]\nwhy \"slack.com answered 403 (tried 6 times)\"\nleft \"\"\ninputs " + later},
		"line of a journal": {
			`{"deadLetter":{"reason":"denied","attempts":1},"retry":{"sink":{},"journal":"group","line":{"a":1}}}`,
			"what [\"a line of the journal group\"]\nto []\nwhy \"denied\"\nleft \"\"\ninputs " + `{"deadLetter":{"reason":"denied","attempts":1},"retry":{"sink":{},"journal":"group","line":{"a":1}}}`,
		},
		"notice without a sink": {
			`{"deadLetter":{"reason":"r"},"retry":{"sink":{"carrier-pigeon":{}},"notice":{}}}`,
			"what [\"\" \"{\\\"deadLetter\\\":{\\\"reason\\\":\\\"r\\\"},\\\"retry\\\":{\\\"sink\\\":{\\\"carrier-pigeon\\\":{}},\\\"notice\\\":{}}}\"]\nto [\"an unknown sink\"]\nwhy \"r\"\nleft \"it is nothing that a notifier takes\"\ninputs ",
		},
		"delivery that waited": {
			`{"afterSeconds":60,"error":{"Error":"Lambda.TooManyRequestsException","Cause":"Rate Exceeded"},"watch":{"launches":{}},"sinks":[{"teams":{"webhook":{"arn":"x"}}}],"event":` + launch + `}`,
			title + "\nto [\"teams\"]\nwhy \"Lambda.TooManyRequestsException: Rate Exceeded\"\nleft \"\"\ninputs " +
				`{"afterSeconds":60,"event":` + launch + `,"sinks":[{"teams":{"webhook":{"arn":"x"}}}],"watch":{"launches":{}}}`,
		},
		"check that waited": {
			`{"afterSeconds":60,"error":"odd","recheck":{"watch":{"launches":{}},"sinks":[{"pagerduty":{"routingKey":{"arn":"x"}}}],"event":` + launch + `,"attempt":1}}`,
			"what [\"whether it is over: Launched i-0a0a0a0a0a0a0a0a1 in web\"]\nto [\"pagerduty\"]\nwhy \"\"\nleft \"\"\ninputs " +
				`{"afterSeconds":60,"recheck":{"watch":{"launches":{}},"sinks":[{"pagerduty":{"routingKey":{"arn":"x"}}}],"event":` + launch + `,"attempt":1}}`,
		},
		"verdict that waited": {
			`{"afterSeconds":60,"verdict":{"watch":{"launches":{}},"sinks":[{"teams":{"webhook":{"arn":"x"}}}],"event":` + launch + `}}`,
			"what [\"how the release did: Launched i-0a0a0a0a0a0a0a0a1 in web\"]\nto [\"teams\"]\nwhy \"\"\nleft \"\"\ninputs " +
				`{"afterSeconds":60,"verdict":{"watch":{"launches":{}},"sinks":[{"teams":{"webhook":{"arn":"x"}}}],"event":` + launch + `}}`,
		},
		"for a team": {
			`{"watch":{"launches":{}},"sinks":null,"fleet":true,"event":` + launch + `}`,
			title + "\nto [\"the team whose it is\"]\nwhy \"\"\nleft \"\"\ninputs " + `{"watch":{"launches":{}},"sinks":null,"fleet":true,"event":` + launch + `}`,
		},
		"event":     {launch, "what [\"EC2 Instance Launch Successful\"]\nto []\nwhy \"\"\nleft \"it is an event, and the message does not say by which rule it came\"\ninputs "},
		"something": {`{"a":1}`, "what [\"{\\\"a\\\":1}\"]\nto []\nwhy \"\"\nleft \"it is nothing that a notifier takes\"\ninputs "},
		"text":      {"hello\xff", "what [\"hello\uFFFD\"]\nto []\nwhy \"\"\nleft \"it is not a JSON object, so it is not of extraeye's\"\ninputs "},
	} {
		t.Run(name, func(t *testing.T) {
			sent := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
			l := read(message{id: "m-1", body: tt.body, sent: sent})
			if got := lines(l); got != tt.want {
				t.Errorf("read\n%s\nwant\n%s", got, tt.want)
			}
			since := sent
			if name == "notice" {
				since = since.Add(-time.Hour)
			}
			if l.ID != "m-1" || !l.Since.Equal(since) {
				t.Errorf("message %s since %s", l.ID, l.Since)
			}
		})
	}
}

// TestEvents makes deliveries of events that EventBridge could not hand over.
func TestEvents(t *testing.T) {
	template := func(channel string) *assembly.Transformer {
		return &assembly.Transformer{Template: `{"watch":{"launches":{}},"sinks":[{"slack":{"channel":"` + channel + `","token":{"arn":"x"}}}],"event":<aws.events.event.json>}`}
	}
	input := func(channel string) string {
		return `{"watch":{"launches":{}},"sinks":[{"slack":{"channel":"` + channel + `","token":{"arn":"x"}}}],"event":` + launch + `}`
	}
	text := "not a delivery"
	rules := func(_ context.Context, bus, name string) (assembly.Rule, error) {
		switch bus + "|" + name {
		case "|one":
			return assembly.Rule{Name: name, Targets: []assembly.Target{
				{ID: "a", ARN: functionARN, Transformer: template("#a")}, {ID: "b", ARN: functionARN, Transformer: template("#b")},
				{ID: "c", ARN: machineARN, Transformer: template("#c")}, {ID: "d", ARN: "arn:aws:sqs:eu-west-1:1:q"},
			}}, nil
		case "bus|odd":
			return assembly.Rule{Name: name, Targets: []assembly.Target{{ID: "a", ARN: functionARN, Input: &text}}}, nil
		case "|none":
			return assembly.Rule{Name: name}, nil
		case "|broken":
			return assembly.Rule{Name: name, Targets: []assembly.Target{{ID: "a", ARN: functionARN, InputPath: "$.x"}}}, nil
		case "|down":
			return assembly.Rule{}, errors.New("down")
		}
		return assembly.Rule{}, scope.ErrNoRule
	}
	const titled = `what ["Launched i-0a0a0a0a0a0a0a0a1 in web"]`
	for name, tt := range map[string]struct{ rule, target, want string }{
		"to the function":      {"one", functionARN, titled + "\nto [\"slack #a\" \"slack #b\"]\nwhy \"NO_PERMISSIONS: denied\"\nleft \"\"\ninputs " + input("#a") + "\n" + input("#b")},
		"to the state machine": {"one", machineARN, titled + "\nto [\"slack #c\"]\nwhy \"NO_PERMISSIONS: denied\"\nleft \"\"\ninputs " + input("#c")},
		"to a queue":           {"one", "arn:aws:sqs:eu-west-1:1:q", "left \"EventBridge was to send it to arn:aws:sqs:eu-west-1:1:q itself, without the notifier\""},
		"of no rule":           {"gone", functionARN, "left \"its rule gone does not exist any more\""},
		"of no target":         {"none", functionARN, "left \"its rule has no target " + functionARN + " any more\""},
		"of another target":    {"bus/odd", functionARN, "left \"EventBridge was to send it to " + functionARN + " itself, without the notifier\""},
		"of a broken target":   {"broken", functionARN, "left \"its delivery cannot be made: target a of rule "},
		"not known":            {"down", functionARN, "down"},
	} {
		t.Run(name, func(t *testing.T) {
			l := read(message{body: launch, attributes: map[string]string{
				"RULE_ARN": "arn:aws:events:eu-west-1:123456789012:rule/" + tt.rule, "TARGET_ARN": tt.target,
				"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "denied",
			}})
			got := ""
			if err := l.buildInputs(t.Context(), rules, nil); err != nil {
				got = err.Error()
			}
			if got += lines(l); !strings.Contains(got, tt.want) {
				t.Errorf("read\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
	for _, l := range []*Letter{
		read(message{body: launch, attributes: map[string]string{"RULE_ARN": "odd"}}),
		read(message{body: "{}", attributes: map[string]string{"RULE_ARN": "arn:aws:events:eu-west-1:123456789012:rule/one"}}),
	} {
		if err := l.buildInputs(t.Context(), rules, nil); err != nil || l.Left == "" || len(l.inputs) > 0 {
			t.Errorf("%v: %s", err, lines(l))
		}
	}
}

// FuzzRead shows that whatever is in a queue is a letter, and that only what a notifier takes is
// handed to it.
func FuzzRead(f *testing.F) {
	f.Add(delivery, "")
	f.Add(later, "")
	f.Add(`{"requestPayload":`+delivery+`}`, "")
	f.Add(`{"recheck":{"watch":{"terminations":{}},"event":[]},"error":{"Error":1}}`, "")
	f.Add(launch, "arn:aws:events:eu-west-1:123456789012:rule/bus/one")
	f.Fuzz(func(t *testing.T, body, rule string) {
		l := read(message{body: body, attributes: map[string]string{"RULE_ARN": rule}})
		if l.Left == "" && len(l.inputs) == 0 && l.event == nil {
			t.Errorf("%q is neither left nor sent", body)
		}
		if l.Left != "" && len(l.inputs) > 0 {
			t.Errorf("%q is left and sent", body)
		}
		for _, in := range l.inputs {
			var known map[string]json.RawMessage
			if json.Unmarshal(in, &known) != nil {
				t.Errorf("%q is handed to a notifier as %q", body, in)
			}
		}
		if slices.ContainsFunc(l.What, func(s string) bool { return len(s) > 10_000 && rule == "" }) {
			t.Errorf("%d bytes are shown of %d", len(strings.Join(l.What, "")), len(body))
		}
		_, _ = readDefinition(body)
	})
}
