package cloudwatch

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

func TestAlarmRecoveriesOnly(t *testing.T) {
	watch := wire.Watch{Alarms: &wire.Alarms{RecoveriesOnly: true}}
	for _, tt := range []struct {
		now, before string
		watch       wire.Watch
		wanted      bool
	}{
		{"OK", "ALARM", watch, true},
		{"OK", "INSUFFICIENT_DATA", watch, false},
		{"OK", "OK", watch, false},
		{"OK", "", watch, true},
		{"ALARM", "OK", watch, true},
		{"INSUFFICIENT_DATA", "OK", watch, true},
		{"OK", "INSUFFICIENT_DATA", wire.Watch{Alarms: &wire.Alarms{}}, true},
		{"OK", "INSUFFICIENT_DATA", wire.Watch{}, true},
	} {
		a := &Alarm{Now: alarmState{Value: tt.now}, Previous: alarmState{Value: tt.before}}
		if reason := a.SkipReason(tt.watch); (reason == "") != tt.wanted {
			t.Errorf("%s after %q: SkipReason = %q", tt.now, tt.before, reason)
		}
	}
}

// alarmOf is an event of an alarm with this detail.
func alarmOf(detail string) *event.Event {
	return eventtest.Decode(Decoders, `{"source":"aws.cloudwatch","detail-type":"CloudWatch Alarm State Change","account":"1","region":"eu-west-1",
		"time":"2024-01-15T10:20:30Z","resources":["arn:aws:cloudwatch:eu-west-1:1:alarm:a: b/ü"],"detail":`+detail+`}`, wire.Watch{})
}

func TestAlarmText(t *testing.T) {
	for _, tt := range []struct{ detail, title, summary string }{
		{`{}`, "Alarm a: b/ü is in state unknown", "Alarm a: b/ü is in state unknown."},
		{`{"alarmName":"x","state":{"value":"alarm"}}`, "Alarm x is in alarm", "Alarm x is in alarm."},
		{`{"alarmName":"x","state":{"value":"OK"},"previousState":null}`, "Alarm x is OK", "Alarm x is OK."},
		{`{"alarmName":"x","state":{"value":"OK"},"previousState":{"value":"ALARM"}}`, "Alarm x is OK again", "Alarm x is OK again after it was in alarm."},
		{`{"alarmName":"x","state":{"value":"ALARM"},"previousState":{"value":"ALARM"}}`, "Alarm x is in alarm", "Alarm x is in alarm after it was in alarm."},
		{`{"alarmName":"x","state":{"value":"SLEEPING"},"previousState":{"value":"DREAMING"}}`,
			"Alarm x is in state SLEEPING", "Alarm x is in state SLEEPING after it was DREAMING."},
		{`{"alarmName":"x","state":{"value":"ALARM","reason":"testing only","timestamp":"2024-01-15T10:20:30.000+0000","reasonData":"{\"a\":"},
			"previousState":{"value":"OK","timestamp":"2024-01-15T11:15:30.000+0100"}}`,
			"Alarm x is in alarm: testing only", "Alarm x is in alarm after it was OK for 5 minutes: testing only."},
		{`{"alarmName":"x","state":{"value":"ALARM","reasonData":{"recentDatapoints":["a",null,{}],"threshold":[]}}}`,
			"Alarm x is in alarm: the newest value is a", "Alarm x is in alarm: the newest value is a."},
		{`{"alarmName":"x","state":{"value":"ALARM","reasonData":"{\"recentDatapoints\":[1,123456.789],\"threshold\":0.00012345}"}}`,
			"Alarm x is in alarm: the newest value is 123457, the threshold 0.0001234", "Alarm x is in alarm: the newest value is 123457, the threshold 0.0001234."},
		{`{"alarmName":"x","state":{"value":"ALARM","reasonData":"{\"recentDatapoints\":[2],\"recentUpperThresholds\":[0.5,1.5]}"}}`,
			"Alarm x is in alarm: the newest value is 2, expected is at most 1.5", "Alarm x is in alarm: the newest value is 2, expected is at most 1.5."},
		{`{"alarmName":"x","state":{"value":"ALARM","reasonData":"{\"triggeringAlarms\":[{\"arn\":\"arn:aws:cloudwatch:r:1:alarm:b\"},null,{\"arn\":7,\"state\":[]}]}"}}`,
			"Alarm x is in alarm: triggered by b and 7", "Alarm x is in alarm: triggered by b and 7."},
		{`{"alarmName":"x","state":{"value":"ALARM","reasonData":"{\"recentDatapoints\":[2]}"},"configuration":{"metrics":[
			{"returnData":false,"label":"no"},{"returnData":true,"metricStat":{"metric":{"name":"Errors"}}}]}}`,
			"Alarm x is in alarm: Errors is 2", "Alarm x is in alarm: Errors is 2."},
		{`{"alarmName":{"a":1},"state":"ALARM","configuration":[],"muteDetail":7}`, "Alarm a: b/ü is in state unknown", "Alarm a: b/ü is in state unknown."},
	} {
		n := alarmOf(tt.detail).Notice(time.Now())
		if n.Title != tt.title || n.Summary != tt.summary {
			t.Errorf("%s:\ngot  %q, %q\nwant %q, %q", tt.detail, n.Title, n.Summary, tt.title, tt.summary)
		}
		eventtest.Check(t, n)
	}
}

func TestAlarmMetrics(t *testing.T) {
	many := strings.Repeat(`{"expression":"m"},`, 29) + `{"expression":"m"}`
	for metrics, want := range map[string]string{
		`{}`:              "",
		`[null,7,{},"x"]`: "",
		`[` + many + `]`:  strings.Repeat("m\n", 20) + "and 10 more",
		`[{"metricStat":{"metric":{"name":"N","namespace":"A B","dimensions":{"b":"2","a":"<1>","c":null}},"stat":"p99","period":"60"},"label":"L"}]`: "L: p99 of N in A B, a <1>, b 2, c, every 1 minute",
		`[{"expression":"m","period":"0"}]`:                                                     "m",
		`[{"expression":"SELECT AVG(C) FROM \"AWS/DynamoDB\" GROUP BY TableName","period":60}]`: `SELECT AVG(C) FROM "AWS/DynamoDB" GROUP BY TableName, every 1 minute`,
	} {
		n := alarmOf(`{"alarmName":"x","configuration":{"metrics":` + metrics + `}}`).Notice(time.Now())
		if got := eventtest.Fact(n, "Metric"); got != want {
			t.Errorf("%s: metric %q, want %q", metrics, got, want)
		}
	}
}

// TestAlarmResolves checks that an alarm that is OK resolves what it opened, and that
// one without data does neither.
func TestAlarmResolves(t *testing.T) {
	var reported []string
	for _, state := range []string{"ALARM", "INSUFFICIENT_DATA", "OK"} {
		n := alarmOf(`{"alarmName":"x","state":{"value":"` + state + `"}}`).Notice(time.Now())
		reported = append(reported, fmt.Sprint(n.Key, " ", n.Severity, " ", n.Status))
	}
	const key = "cloudwatch:1:eu-west-1:x "
	if got, want := strings.Join(reported, "\n"), key+"error open\n"+key+"warning marker\n"+key+"info resolved"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAlarmFacts(t *testing.T) {
	n := alarmOf(`{"alarmName":"x","state":{"value":"ALARM","evaluationState":"PARTIAL_DATA","reasonData":"{\"recentDatapoints\":[1,2]}"}}`).
		Notice(time.Date(2024, 1, 15, 10, 21, 30, 0, time.UTC))
	for label, want := range map[string]string{
		"Evaluation": "PARTIAL_DATA",
		"Values":     "2, 1",
		"Since":      "2024-01-15 10:20:30 UTC (1 minute ago)", // the event's time, as the state has none
	} {
		if got := eventtest.Fact(n, label); got != want {
			t.Errorf("%s is %q, want %q", label, got, want)
		}
	}
}

// TestHugeAlarmReason shows that the summary does not repeat all that an alarm may say.
func TestHugeAlarmReason(t *testing.T) {
	n := alarmOf(`{"alarmName":"x","state":{"value":"ALARM","reason":"` + strings.Repeat("ü ", 9999) + `"}}`).Notice(time.Now())
	if len([]rune(n.Summary)) > event.MaxQuoted+100 || !strings.HasSuffix(n.Summary, "…") {
		t.Errorf("a summary of %d bytes", len(n.Summary))
	}
}

func TestRounded(t *testing.T) {
	for number, want := range map[string]string{
		"99.50160229693434": "99.5", "0.020599444741798756": "0.0206", "45628.0": "45628", "-12345.6": "-12346", "0.0": "0",
		"1000": "1000", "999.96": "1000", "1.0E-7": "1e-07", "999999999999999": "999999999999999", "1.0E15": "1e+15", "123456789012345678": "1.235e+17", "true": "true", "": "",
	} {
		if got := rounded(number); got != want {
			t.Errorf("rounded(%q) = %q, want %q", number, got, want)
		}
	}
}

func TestAlarmLink(t *testing.T) {
	const want = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/a:%20b%2F%C3%BC"
	if n := alarmOf(`{}`).Notice(time.Now()); len(n.Links) != 1 || n.Links[0].URL != want {
		t.Errorf("links %v, want %s", n.Links, want)
	}
}

// TestAlarmValues shows that one value is called one.
func TestAlarmValues(t *testing.T) {
	for values, want := range map[string][2]string{`[1]`: {"1", ""}, `[1,2,3]`: {"", "3, 2, 1"}, `[]`: {"", ""}} {
		n := alarmOf(`{"alarmName":"x","state":{"value":"ALARM","reasonData":{"recentDatapoints":` + values + `}}}`).Notice(time.Now())
		if got := [2]string{eventtest.Fact(n, "Value"), eventtest.Fact(n, "Values")}; got != want {
			t.Errorf("%s: %q, want %q", values, got, want)
		}
	}
}

// TestAlarmsOfOneService shows that alarms whose names begin with the same word belong together.
func TestAlarmsOfOneService(t *testing.T) {
	for name, want := range map[string]string{
		"web-5xx": "web", "web/latency": "web", "web": "web", "-web": "-web", "web api": "web", "": "e-1",
	} {
		c := (&Alarm{Name: name, Now: alarmState{Value: "ALARM"}}).Counted(&event.Event{ID: "e-1"})
		if got, want := c.Within, "cloudwatch:::"+want+":alarms"; got != want {
			t.Errorf("%s is within %s, want %s", name, got, want)
		}
		if c.Phrase != "of alarm "+cmp.Or(name, "without a name") || c.By[0].Value != "ALARM" {
			t.Errorf("%+v", c)
		}
	}
}
