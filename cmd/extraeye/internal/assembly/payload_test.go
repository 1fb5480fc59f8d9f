package assembly

import (
	"encoding/json"
	"strings"
	"testing"
)

const deployment = `{
	"version": "0", "id": "e1", "detail-type": "Some Change", "source": "aws.some", "account": "111122223333",
	"time": "2026-01-02T03:04:05Z", "region": "eu-west-1", "resources": ["arn:one", "arn:two"],
	"detail": {
		"id": "0a787ecb-4015", "payload": {"acc_id": "0a78", "n": 1.50}, "one": ["HIGH"], "two": ["ACTIVE", "INACTIVE"],
		"valid": true, "count": 5, "nothing": null, "words": "say \"hi\"\nthere", "a/b_c-d": "odd",
		"list": [{"x": 1}, {"x": 2}, {"y": 3}]
	}
}`

var someRule = Rule{LogicalID: "Rule", Name: "some-rule", ARN: "arn:aws:events:eu-west-1:111122223333:rule/some-rule"}

func transform(template string) Target {
	return Target{ID: "T", Transformer: &Transformer{Template: template, Paths: map[string]string{
		"id": "$.detail.id", "payload": "$.detail.payload", "one": "$.detail.one", "two": "$.detail.two", "gone": "$.detail.gone.deeper",
		"valid": "$.detail.valid", "count": "$.detail.count", "nothing": "$.detail.nothing", "words": "$.detail.words",
		"first": "$.resources[0]", "type": "$.detail-type",
	}}}
}

func inputPath(p string) Target { return Target{ID: "T", InputPath: p} }

func TestPayload(t *testing.T) {
	constant := `{"fixed": "<id>"}`
	for _, c := range []struct {
		name   string
		target Target
		want   string
	}{
		{"nothing", Target{}, deployment},
		{"constant", Target{Input: &constant}, constant},

		{"path: object", inputPath("$.detail.payload"), `{"acc_id":"0a78","n":1.50}`},
		{"path: string", inputPath("$.detail.id"), `"0a787ecb-4015"`},
		{"path: null", inputPath("$.detail.nothing"), `null`},
		{"path: index", inputPath("$.resources[1]"), `"arn:two"`},
		{"path: in an element", inputPath("$.detail.list[1].x"), `2`},
		{"path: dashes, slashes and underscores", inputPath("$.detail.a/b_c-d"), `"odd"`},
		{"path: all elements", inputPath("$.detail.list[*].x"), `[1,2]`},
		{"path: all members", inputPath("$.detail.payload.*"), `["0a78",1.50]`},
		{"path: all of nothing", inputPath("$.detail.gone[*]"), `[]`},

		// Recorded from EventBridge by LocalStack: test_events_inputs.snapshot.json.
		{"recorded: value and text", transform(`{"path": "users/<id>", "body": <payload>}`), `{"path": "users/0a787ecb-4015", "body": {"acc_id":"0a78","n":1.50}}`},
		{"recorded: string without quotes", transform(`{"id" : <id>}`), `{"id" : "0a787ecb-4015"}`},
		{"recorded: string with quotes", transform(`{"id" : "<id>"}`), `{"id" : "0a787ecb-4015"}`},
		{"recorded: in an array", transform(`{"b": [<id>, "hard"]}`), `{"b": ["0a787ecb-4015", "hard"]}`},
		{"recorded: deep", transform(`{"a": {"b": {"c": "users/<id>"} } }`), `{"a": {"b": {"c": "users/0a787ecb-4015"} } }`},
		{"recorded: twice", transform(`{"m": "users/<id>/second/<id>"}`), `{"m": "users/0a787ecb-4015/second/0a787ecb-4015"}`},
		{"recorded: list as a value", transform(`{"l": <one>}`), `{"l": ["HIGH"]}`},
		{"recorded: missing as a value", transform(`{"c": <gone>}`), `{"c": ""}`},
		{"recorded: missing in a text", transform(`"info <gone>"`), `"info "`},
		{"recorded: object in a text loses its quotes", transform(`"Payload of <payload> and <id>"`), `"Payload of {acc_id:0a78,n:1.50} and 0a787ecb-4015"`},
		{"recorded: lists in a text", transform(`"<one> and <two>"`), `"[HIGH] and [ACTIVE,INACTIVE]"`},
		{"recorded: several texts", transform("\"<one> a\"\n\"<id> b\""), "\"[HIGH] a\"\n\"0a787ecb-4015 b\""},
		{"recorded: true in a text", transform(`"Command is <valid>!"`), `"Command is true!"`},
		{"recorded: odd first characters", transform(`"{[/Check <type>"`), `"{[/Check Some Change"`},
		{"recorded: reserved in a text", transform(`"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"`), `"arn:aws:events:eu-west-1:111122223333:rule/some-rule some-rule 2026-01-02T03:04:05Z"`},
		{"recorded: the event without detail", transform(`{"e": <aws.events.event>}`), `{"e": {"id":"e1","account":"111122223333","detailType":"Some Change","time":"2026-01-02T03:04:05Z","source":"aws.some","region":"eu-west-1","resources":["arn:one", "arn:two"],"version":"0"}}`},

		// From the user guide: eb-transform-target-input.
		{"guide: mixed array", transform(`{"i": <id>, "s": [ 9, <count>, true ], "t": "Yes"}`), `{"i": "0a787ecb-4015", "s": [ 9, 5, true ], "t": "Yes"}`},
		{"guide: escaped quotes", transform(`"<id> is in state \"<type>\""`), `"0a787ecb-4015 is in state \"Some Change\""`},
		{"guide: escaped quotes in JSON", transform(`{"s": "<id> is \"<type>\"", "n": <count>}`), `{"s": "0a787ecb-4015 is \"Some Change\"", "n": 5}`},
		{"guide: a string is not escaped in a text", transform(`"<words>"`), "\"say \"hi\"\nthere\""},

		{"string as a value keeps its escapes", transform(`{"w": <words>}`), `{"w": "say \"hi\"\nthere"}`},
		{"number in quotes", transform(`{"n": "<count>"}`), `{"n": "5"}`},
		{"null as a value", transform(`{"n": <nothing>}`), `{"n": ""}`},
		{"null in quotes", transform(`{"n": "a<nothing>b"}`), `{"n": "ab"}`},
		{"element of an array", transform(`{"r": <first>}`), `{"r": "arn:one"}`},
		{"value alone", transform(` <payload> `), ` {"acc_id":"0a78","n":1.50} `},
		{"less-than alone", transform(`{"a": "1 < 2", "b": <id>}`), ``},
		{"less-than without an end", transform(`{"a": "1 < 2"}`), `{"a": "1 < 2"}`},
		{"backslash before a placeholder", transform(`"\\<id>"`), `"\\0a787ecb-4015"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.target.Payload([]byte(deployment), someRule)
			if c.want == "" {
				if err == nil || !strings.Contains(err.Error(), "invalid placeholder") {
					t.Errorf("error = %v, want one about the placeholder", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestPayloadDelivery builds what extraeye's own targets send.
func TestPayloadDelivery(t *testing.T) {
	target := transform(`{"watch":{"deployments":{}},"sinks":[{"email":{"from":"a@b.c"}}],"event":<aws.events.event.json>}`)
	got, err := target.Payload([]byte(deployment), someRule)
	if err != nil {
		t.Fatal(err)
	}
	var delivery struct{ Event json.RawMessage }
	if err := json.Unmarshal(got, &delivery); err != nil {
		t.Fatal(err)
	}
	if want := compact(t, deployment); string(delivery.Event) != want {
		t.Errorf("event %s\nwant  %s", delivery.Event, want)
	}
}

func compact(t *testing.T, s string) string {
	t.Helper()
	v, err := lookUp([]byte(s), "$")
	if err != nil {
		t.Fatal(err)
	}
	return string(v)
}

func TestPayloadErrors(t *testing.T) {
	long := strings.Repeat("x", 8193)
	many := Target{Transformer: &Transformer{Template: "{}", Paths: map[string]string{}}}
	for i := range 101 {
		many.Transformer.Paths[strings.Repeat("v", i+1)] = "$.id"
	}
	named := func(name, p string) Target {
		return Target{Transformer: &Transformer{Template: "{}", Paths: map[string]string{name: p}}}
	}
	for _, c := range []struct {
		name   string
		target Target
		event  string
		want   string
	}{
		{"unknown placeholder", transform(`"<notdefined>"`), deployment, "target T of rule Rule: the input template contains the invalid placeholder <notdefined>"},
		{"object in quotes", transform(`{"p": "<payload>", "l": "<one>"}`), deployment, "<payload>, <one> in quotes holds an object"},
		{"line break in quotes", transform(`{"w": "<words>"}`), deployment, "EventBridge drops it; take the quotes away"},
		{"text without quotes", transform(`<id> is here`), deployment, "texts must be in quotes"},
		{"placeholder as a name", transform(`{<id>: 1}`), deployment, "only in values"},
		{"placeholder in a name", transform(`{"a<id>" : 1}`), deployment, "only in values"},
		{"whole event in quotes", transform(`{"e": "<aws.events.event.json>"}`), deployment, "<aws.events.event.json> in quotes"},
		{"empty template", transform(""), deployment, "0 characters long, EventBridge allows 1 to 8192"},
		{"long template", transform(long), deployment, "8193 characters long"},
		{"long input", Target{Input: &long}, deployment, "8193 characters long"},
		{"many variables", many, deployment, "101 variables, EventBridge allows 100"},
		{"variable name", named("a.b", "$.id"), deployment, `the variable "a.b" is not allowed`},
		{"variable path", named("a", "detail"), deployment, `variable a: "detail" must begin with $`},
		{"brackets", inputPath("$['detail']"), deployment, "dot notation"},
		{"open bracket", inputPath("$.resources[0"), deployment, "dot notation"},
		{"recursive", inputPath("$..id"), deployment, "only names of letters"},
		{"filter", inputPath("$.detail.list[?(@.x)]"), deployment, "dot notation"},
		{"blank", inputPath("$.detail x"), deployment, `" " is out of place`},
		{"missing path", inputPath("$.detail.gone"), deployment, "nothing at the input path $.detail.gone"},
		{"index too large", inputPath("$.resources[99999999999999999999]"), deployment, "nothing at the input path"},
		{"two inputs", Target{Input: &long, InputPath: "$"}, deployment, "only one of Input, InputPath and InputTransformer"},
		{"event is a list", Target{}, `[]`, "not a JSON object"},
		{"event is null", Target{}, `null`, "not a JSON object"},
		{"event is empty", Target{}, ``, "not a JSON object"},
		{"event repeated", transform(`[` + strings.Repeat(`<aws.events.event.json>,`, 300) + `1]`), `{"a": "` + strings.Repeat("x", 100_000) + `"}`, "the payload is longer than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.target.Payload([]byte(c.event), someRule)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q in it", err, c.want)
			}
		})
	}
}

func FuzzPayload(f *testing.F) {
	f.Add(`{"id" : "<v>", "e": <aws.events.event>}`, "$.detail.list[*].x", []byte(deployment))
	f.Add(`"<v> \"<v>\""`, "$.detail", []byte(`{"time": 5, "detail": null}`))
	f.Fuzz(func(t *testing.T, template, path string, event []byte) {
		target := Target{Transformer: &Transformer{Template: template, Paths: map[string]string{"v": path}}}
		out, err := target.Payload(event, someRule)
		if err == nil && !strings.HasPrefix(strings.TrimSpace(template), `"`) && !json.Valid(out) {
			t.Errorf("payload %q is not valid JSON", out)
		}
		_, _ = Target{InputPath: path}.Payload(event, someRule) // it must not panic
	})
}
