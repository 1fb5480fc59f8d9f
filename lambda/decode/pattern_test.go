package decode

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestPatternNotices(t *testing.T) {
	for _, tt := range []struct {
		name, event string
		pattern     wire.Pattern
	}{
		{"pattern-info", "asg-terminate-elb-health-check", wire.Pattern{
			Title: "{$.detail.EC2InstanceId} left {$.detail.AutoScalingGroupName}",
			Facts: []wire.PatternFact{
				{Label: "Zone", Path: `$.detail.Details["Availability Zone"]`},
				{Label: "Details", Path: "detail.Details"},
				{Label: "Reason", Path: "$.detail.reason"},
			},
		}},
		{"pattern-error", "ec2-state-stopped", wire.Pattern{
			Title: "{$.detail.instance-id} is {$.detail.state}", Severity: wire.SeverityError,
			Facts: []wire.PatternFact{{Label: "Instance", Path: "$.resources[0]"}, {Path: "$.detail"}, {Label: "Wrong", Path: "$.detail["}},
		}},
		{"pattern-empty", "health-ec2-retirement", wire.Pattern{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := recorded(t, tt.event, wire.Watch{Pattern: &tt.pattern})
			n := e.Notice(e.Time.Add(time.Minute))
			eventtest.Check(t, n)
			golden.JSON(t, "testdata/"+tt.name+".notice.json", n)
		})
	}
}

func TestPatternTitles(t *testing.T) {
	const event = `{"detail-type":"Build","detail":{"n":"<b>\r\nx","o":{"a": [1, 2]},"i":12345678901234567890,"z":null,"e":"","t":true}}`
	for template, want := range map[string]string{
		"Build {$.detail.n} {$.detail.i}":        "Build <b> x 12345678901234567890",
		"{$.detail.o}, {$.detail.o.a[1]}":        `{"a":[1,2]}, 2`,
		"{$.detail.z} {$.detail.t}":              "null true",
		"{$.detail.no} {$.detail.n.x}":           "? ?",
		"{$.detail.o.a[2]} {$.detail[0]} {$[0]}": "? ? ?",
		"{$.detail.e}":                           "Build",
		"":                                       "Build",
		"{detail.n} {} ${x}":                     "{detail.n} {} ${x}",
		"{$.detail.n":                            "{$.detail.n",
	} {
		n := Decode(json.RawMessage(event), wire.Watch{Pattern: &wire.Pattern{Title: template}}).Notice(time.Now())
		if n.Title != want {
			t.Errorf("%s: title %q, want %q", template, n.Title, want)
		}
		eventtest.Check(t, n)
	}
}

func TestPatternFacts(t *testing.T) {
	big := strings.Repeat("x", 100_000)
	raw := json.RawMessage(`{"detail":{"a.b":{"c \"d\"":[{"e":"f"},[]]},"big":"` + big + `","empty":""},"resources":["r0","r1"]}`)
	for path, want := range map[string]string{
		`$.detail["a.b"]["c \"d\""][0].e`: "f",
		`$.detail['a.b']['c "d"'][1]`:     "[]",
		`detail["a.b"]`:                   `{"c \"d\"":[{"e":"f"},[]]}`,
		`$.resources[1]`:                  "r1",
		`$.resources[2]`:                  "not in the event",
		`$.resources.r0`:                  "not in the event",
		`$.detail.big`:                    big,
		`$.detail.empty`:                  "empty",
	} {
		n := Decode(raw, wire.Watch{Pattern: &wire.Pattern{Facts: []wire.PatternFact{{Label: "F", Path: path}}}}).Notice(time.Now())
		if got := eventtest.Fact(n, "F"); got != want {
			t.Errorf("%s is %.80q, want %.80q", path, got, want)
		}
	}
}

// TestInvisibleCharacters shows that what nobody can see, and what turns text around, gets
// into no notice.
func TestInvisibleCharacters(t *testing.T) {
	raw := json.RawMessage(`{"detail":{"name":"pay\u200bments\u202e \ufeffx","log":"a\u2066\nb"}}`)
	n := Decode(raw, wire.Watch{Pattern: &wire.Pattern{
		Title: "{$.detail.name}", Facts: []wire.PatternFact{{Label: "Name", Path: "$.detail.name"}, {Label: "Log", Path: "$.detail.log"}},
	}}).Notice(time.Now())
	for what, got := range map[string][2]string{
		"title": {n.Title, "payments x"}, "name": {eventtest.Fact(n, "Name"), "payments x"}, "log": {eventtest.Fact(n, "Log"), "a\nb"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %q, want %q", what, got[0], got[1])
		}
	}
}

func TestPatternJudgement(t *testing.T) {
	for severity, want := range map[wire.Severity]string{
		"": "info marker", wire.SeverityInfo: "info marker", wire.SeverityWarning: "warning open", wire.SeverityError: "error open", wire.SeverityCritical: "critical open", "loud": "info marker",
	} {
		n := Decode(json.RawMessage(`{}`), wire.Watch{Pattern: &wire.Pattern{Severity: severity}}).Notice(time.Now())
		if got := string(n.Severity) + " " + string(n.Status); got != want || n.Kind != notice.KindPattern {
			t.Errorf("%q: %s %s, want %s", severity, n.Kind, got, want)
		}
	}
}

// TestPatternKey checks that a key does not hang on the order of the resources, and
// that two things have two keys.
func TestPatternKey(t *testing.T) {
	key := func(name, resources string) string {
		raw := `{"account":"1","region":"r","detail":{"name":"` + name + `"},"resources":` + resources + `}`
		return Decode(json.RawMessage(raw), wire.Watch{Pattern: &wire.Pattern{Title: "{$.detail.name} failed"}}).Notice(time.Now()).Key
	}
	if got, want := key("job", `["b","a"]`), "pattern:1:r:job failed:a"; got != want {
		t.Errorf("key %q, want %q", got, want)
	}
	for _, other := range []string{key("other", `["a","b"]`), key("job", `["c"]`), key("job", `[]`)} {
		if other == key("job", `["a","b"]`) {
			t.Errorf("one key for two things: %s", other)
		}
	}
}
