package deadletters

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
)

func TestReadBus(t *testing.T) {
	for arn, want := range map[string]Bus{
		"arn:aws:events:eu-west-1:111122223333:event-bus/extraeye":           {Region: "eu-west-1", Account: "111122223333", Name: "extraeye"},
		"arn:aws-us-gov:events:us-gov-west-1:111122223333:event-bus/a.b_c-d": {Region: "us-gov-west-1", Account: "111122223333", Name: "a.b_c-d"},
		"arn:aws:sqs:eu-west-1:111122223333:event-bus/extraeye":              {},
		"arn:aws:events:eu-west-1:111122223333:rule/extraeye":                {},
		"arn:aws:events:eu-west-1.example.com/:111122223333:event-bus/x":     {},
		"arn:aws:events:eu-west-1:1111:event-bus/x":                          {},
		"arn:aws:events:eu-west-1:111122223333:event-bus/x y":                {},
		"": {},
	} {
		got, ok := readBus(arn)
		if want.Name != "" {
			want.ARN = arn
		}
		if got != want || ok != (want.Name != "") {
			t.Errorf("%q is %+v, %t; want %+v", arn, got, ok, want)
		}
	}
}

// TestForwarded makes deliveries of an event that did not get onto a bus, out of the rules there.
func TestForwarded(t *testing.T) {
	const bus = "arn:aws:events:eu-west-1:111122223333:event-bus/extraeye"
	rule := func(pattern, input string) assembly.Rule {
		return assembly.Rule{Name: "r", Pattern: json.RawMessage(pattern), Targets: []assembly.Target{{ID: "t", ARN: functionARN, Transformer: &assembly.Transformer{Template: input}}}}
	}
	const template, launches = `{"watch":{"launches":{}},"sinks":null,"fleet":true,"event":<aws.events.event.json>}`, `{"source":["aws.autoscaling"]}`
	for name, tt := range map[string]struct {
		rules []assembly.Rule
		err   error
		want  string
	}{
		"one rule":      {rules: []assembly.Rule{rule(launches, template), rule(`{"source":["aws.ecs"]}`, template)}, want: `to ["the team whose it is"]`},
		"two rules":     {rules: []assembly.Rule{rule(launches, template), rule(launches, strings.Replace(template, "launches", "terminations", 1))}, want: `"terminations"`},
		"no rule":       {want: `left "no rule of the Fleet's matches it, so that nobody would be notified"`},
		"odd pattern":   {rules: []assembly.Rule{rule(`{"source":"x"}`, template)}, want: `left "its delivery cannot be made: rule r: event pattern`},
		"odd input":     {rules: []assembly.Rule{rule(launches, `{"a":<b>}`)}, want: `left "its delivery cannot be made: target t of rule`},
		"no delivery":   {rules: []assembly.Rule{rule(launches, `{"a":1}`)}, want: `left "no rule of the Fleet's matches it`},
		"unknown Fleet": {err: NoFleetError("name it"), want: "what [\"EC2 Instance Launch Successful\"]\nto [\"" + bus + "\"]\nwhy \"NO_PERMISSIONS\"\nleft \"name it\""},
		"not known":     {err: errors.New("down"), want: "down"},
	} {
		t.Run(name, func(t *testing.T) {
			l := read(message{body: launch, attributes: map[string]string{
				"RULE_ARN": "arn:aws:events:eu-west-1:123456789012:rule/extraeye-1", "TARGET_ARN": bus, "ERROR_CODE": "NO_PERMISSIONS",
			}})
			got := ""
			err := l.buildInputs(t.Context(), nil, func(_ context.Context, b Bus) (*Fleet, error) {
				if b.ARN != bus {
					t.Errorf("asked for %+v", b)
				}
				return &Fleet{rules: tt.rules}, tt.err
			})
			if err != nil {
				got = err.Error()
			}
			if got += lines(l); !strings.Contains(got, tt.want) || (l.Left == "" && err == nil) != (len(l.inputs) > 0) {
				t.Errorf("read\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
