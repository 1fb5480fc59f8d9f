package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// asDrill makes a drill of a delivery, whose journal is to stay empty.
func asDrill(payload, options string) string {
	payload = strings.Replace(payload, `,"event":`, `,"journal":"group","event":`, 1)
	payload = strings.Replace(payload, `"source":"aws.autoscaling"`, `"source":"extraeye.drill"`, 1)
	payload = strings.Replace(payload, `"source": "aws.autoscaling"`, `"source":"extraeye.drill"`, 1)
	return strings.Replace(payload, `"AutoScalingGroupName"`, `"extraeyeDrill":`+options+`,"AutoScalingGroupName"`, 1)
}

// TestDrill shows that a drill goes to the sinks that it is for, says everywhere that it is one,
// asks AWS nothing and is not followed.
func TestDrill(t *testing.T) {
	const byPager = `{"pagerduty":{"routingKey":{"arn":"` + secretARN + `","field":"key"}}}`
	const source = `"source":"aws.autoscaling"`
	for name, tt := range map[string]struct{ options, want string }{
		"all":           {`{` + source + `}`, "email slack; topic"},
		"pagers, too":   {`{` + source + `,"page":true}`, "email slack pagerduty; topic"},
		"one sink":      {`{` + source + `,"sinks":["slack"]}`, "slack; skipped"},
		"a pager alone": {`{` + source + `,"sinks":["pagerduty"]}`, "skipped; skipped"},
		"a service":     {`{` + source + `,"service":"other"}`, "skipped; topic"},
		"a watch":       {`{` + source + `,"watches":["launches"]}`, "skipped; skipped"},
		"nothing known": {`"odd"`, "email slack; topic"},
		"odd options":   {`{"source":7,"page":"yes"}`, "email slack; topic"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, false)
			r := d.invoke(t, asDrill(withOrders(deliver(t, terminations, byMail+","+bySlack+","+byPager, killed),
				`{"watch":{"service":"other","terminations":{"causes":["spot"]}},"sinks":[`+byTopic+`]}`), tt.options))
			var got []string
			messages := 0
			for _, o := range r.Orders {
				var sinks []string
				for _, s := range o.Sinks {
					if s.Outcome != notice.Sent {
						t.Errorf("%s: %s: %s", s.Sink, s.Outcome, s.Reason)
					}
					sinks = append(sinks, s.Sink)
				}
				if messages += len(sinks); o.Skipped != "" {
					sinks = []string{"skipped"}
				}
				got = append(got, strings.Join(sinks, " "))
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("it went to %s, want %s", text, tt.want)
			}
			for _, text := range d.texts {
				if !strings.Contains(text, "DRILL: ") || !strings.Contains(text, "This is a drill: nothing happened.") {
					t.Errorf("it does not say that it is a drill:\n%s", text)
				}
			}
			if calls := d.calls["messages"]; calls != messages || len(d.calls) > 1 || len(d.later) > 0 {
				t.Errorf("%d messages of %d; it called %v and later %v", calls, messages, d.calls, d.later)
			}
		})
	}
}

// TestDrillTouchesNothingReal shows that a drill has keys and a severity of its own.
func TestDrillTouchesNothingReal(t *testing.T) {
	payload := deliver(t, terminations, byMail, killed)
	of := func(payload string) *notice.Notice { return newDesk(t, true).invoke(t, payload).Orders[0].Notice }
	actual, drill := of(payload), of(asDrill(payload, `{"source":"aws.autoscaling"}`))
	loud := of(asDrill(payload, `{"source":"aws.autoscaling","page":true}`))
	if drill.Key != "drill:"+actual.Key || drill.GroupKey != "drill:"+actual.GroupKey || actual.GroupKey == "" {
		t.Errorf("the keys are %s and %s", drill.Key, drill.GroupKey)
	}
	if drill.Severity != notice.Info || loud.Severity == notice.Info {
		t.Errorf("the severities are %s and %s", drill.Severity, loud.Severity)
	}
	if !slices.ContainsFunc(drill.Facts, func(f notice.Fact) bool { return f.Label == "Drill" }) || drill.Kind != actual.Kind {
		t.Errorf("the facts of a %s are %s", drill.Kind, fmt.Sprint(drill.Facts))
	}
}

// TestDrillIsAlone shows that a drill is neither followed, nor compared with, nor counted among what
// is real.
func TestDrillIsAlone(t *testing.T) {
	h := newDesk(t, false).handler
	for _, isDrill := range []bool{false, true} {
		o := &order{
			over: 1, sinks: []opened{h.clients.open(wire.Sink{Topic: &wire.Topic{ARN: "arn:aws:sns:eu-west-1:123456789012:t"}})},
			watch: wire.Watch{Terminations: &wire.Terminations{}},
		}
		payload := deliver(t, terminations, byMail, killed)
		if isDrill {
			payload = asDrill(payload, `{"source":"aws.autoscaling"}`)
		}
		var d wire.Delivery
		if err := json.Unmarshal([]byte(payload), &d); err != nil {
			t.Fatal(err)
		}
		o.raw = d.Event
		h.decide(o)
		b := &batch{handler: h}
		if alone := strings.HasPrefix(b.belongsTo(o), "event:"); alone != isDrill {
			t.Errorf("drill %t: it is by itself: %t", isDrill, alone)
		}
		o.notice.Status, o.notice.Release = notice.Open, &notice.Release{State: wire.DeploymentSucceeded}
		o.watch = wire.Watch{Deployments: &wire.Deployments{Verdict: &wire.Verdict{}}}
		if of, _ := o.released(); (len(of.Sinks) == 0) != isDrill {
			t.Errorf("drill %t: a verdict is asked for %v", isDrill, of.Sinks)
		}
	}
}
