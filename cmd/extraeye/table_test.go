package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/golden"
)

// played is the result of an event at one target.
type played struct{ event, rule, sink, text string }

// items makes items of results. The outcome is the one that the text begins with, if any.
func items(all []played) []inbox.Item {
	var items []inbox.Item
	for n, p := range all {
		r := result.Result{File: p.event, EventID: p.event, Rule: p.rule, Sink: p.sink, Outcome: result.Sent, Title: p.text}
		if p.event == "" { // the same event as before
			r.File, r.EventID = items[n-1].File, items[n-1].EventID
		}
		for _, o := range result.Outcomes {
			if reason, ok := strings.CutPrefix(p.text, string(o)+": "); ok {
				r.Outcome, r.Title, r.Reason = o, "", reason
			}
		}
		i := inbox.Item{Result: r}
		if reason, ok := strings.CutPrefix(p.text, "late: "); ok {
			i.Reason, i.Attempts = reason, make([]inbox.Attempt, 2)
		}
		items = append(items, i)
	}
	return items
}

// tables are what the golden files show.
func tables() map[string][]inbox.Item {
	const notAsked = "skipped: the cause is scale-in, which the watch does not ask for"
	service := items([]played{
		{"termination-elb-health-check", "service/Eye/Terminations/Rule1", "email", "ELB health check killed some-service-production-1"},
		{"", "service/Eye/Terminations/Rule1", "slack", "ELB health check killed some-service-production-1"},
		{"", "service/Eye/Terminations/Rule1", "pagerduty", "ELB health check killed some-service-production-1"},
		{"", "service/Eye/Terminations/Rule1", "queue", "The event as it is, for platform-EventsD32975C2"},
		{"termination-scale-in", "service/Eye/Terminations/Rule1", "email", notAsked},
		{"", "service/Eye/Terminations/Rule1", "slack", notAsked},
		{"", "service/Eye/Terminations/Rule1", "pagerduty", notAsked},
		{"", "service/Eye/Terminations/Rule1", "queue", "The event as it is, for platform-EventsD32975C2"},
		{"termination-elb-health-check-while-slack-is-down", "service/Eye/Terminations/Rule1", "email", "ELB health check killed some-service-production-1"},
		{"", "service/Eye/Terminations/Rule1", "slack", "late: 15 minutes late: Slack answered 503 Service Unavailable"},
		{"", "service/Eye/Terminations/Rule1", "pagerduty", "ELB health check killed some-service-production-1"},
		{"deployment-failure", "service/Eye/Deployments/Rule1", "email", "Deployment failed: some-service-1.4.2 to production"},
		{"", "service/Eye/Deployments/Rule1", "slack", "failed: slack: the channel does not exist (channel_not_found)"},
		{"", "service/Eye/Deployments/Rule1", "pagerduty", "Deployment failed: some-service-1.4.2 to production"},
		{"recorded/2026-11-27/some-other-group-was-scaled-in.json", "", "", `unmatched: detail.AutoScalingGroupName is "staging", the rule asks for "some-service-production" (the nearest rule is service/Eye/Terminations/Rule1)`},
	})
	oncall := items([]played{
		{"deployment-start", "oncall/Eye/Deployments/Rule1", "slack", "Deployment started: some-service-1.4.2 to production"},
		{"deployment-success", "oncall/Eye/Deployments/Rule1", "slack", "Deployed: some-service-1.4.2 to production"},
		{"", "oncall/Eye/Deployments2/Rule1", "pagerduty", "Deployed: some-service-1.4.2 to production"},
		{"", "oncall/Eye/Deployments3/Rule1", "newrelic", "Deployed: some-service-1.4.2 to production"},
		{"termination-scale-in", "oncall/Eye/Terminations/Rule1", "slack", "Scale-in removed some-service-1"},
		{"", "oncall/Eye/Terminations2/Rule1", "pagerduty", notAsked},
	})
	var platform []played
	for n := range 28 {
		platform = append(platform,
			played{"termination-elb-health-check", fmt.Sprintf("platform/Eye/Terminations/Rule%d", n+1), "email", fmt.Sprintf("ELB health check killed some-service-of-team-%d-1 (platform)", n)},
			played{"", fmt.Sprintf("platform/Eye/Terminations/Rule%d", n+1), "queue", "The event as it is, for platform-EventsD32975C2"})
	}
	platform[40].text = "failed: ses: the sender is not verified (MessageRejected)"
	names := items([]played{
		{"lambda/event/testdata/asg-terminate-elb-health-check.json", "observability-of-the-shop/EyeOfTeamCheckout/Terminations/Rule1", "email", "ELB health check killed checkout-1"},
		{"", "observability-of-the-shop/EyeOfTeamBasket/Terminations/Rule1", "email", "ELB health check killed checkout-1"},
		{"", "observability-of-the-shop/EyeOfTeamSearchAndRecommendations/Terminations/Rule1", "step functions state machine", "Input of its own for one"},
		{"made-up-acm-certificate-approaching-expiration-of-a-region-far-away", "observability-of-the-shop/EyeOfTeamSearchAndRecommendations/CertificatesOfAllRegions/Rule1", "email", "A certificate expires"},
		{"start.json", "", "", "unmatched: " + strings.Repeat("why ", 40)},
		{"odd\x1b[2J.json", "observability-of-the-shop/EyeOfTeamCheckout/Terminations/Rule1", "email", "failed: two\nlines"},
		{"some-\u202eecivres\u2069.json", "observability-of-the-shop/EyeOfTeam\u200bCheckout/Terminations/Rule1", "em\u00adail\U000e0041", "Deployed \u2066some-service\u202e\x9b2J"},
		{"two.json", "observability-of-the-shop/EyeOfTeamCheckout/Terminations/Rule1", "email", strings.Repeat("Grüße ", 30)},
	})
	fleet := items([]played{
		{"deployment-success", "fleet/Fleet/Default/Deployments/Rule1", "slack", "Deployed: cart-1.4.2 to production"},
		{"", "fleet/Fleet/Default/Deployments/Rule1", "email", "Deployed: cart-1.4.2 to production"},
		{"termination-failed", "fleet/Fleet/Default/Terminations/Rule1", "pagerduty", "Auto Scaling could not terminate some-service-1"},
		{"", "fleet/Fleet/Default/Terminations/Rule1", "email", "Auto Scaling could not terminate some-service-1 (search)"},
		{"termination-scale-in", "fleet/Fleet/Default/Terminations/Rule1", "those of the team", notAsked},
		{"launch-no-capacity", "fleet/Fleet/Default/Launches/Rule1", "email", "Launch failed in other-service"},
	})
	for n, team := range []string{"checkout, by the name of the CodeDeploy application", "checkout, by the name of the CodeDeploy application", "search, by its tag", "search, by its tag", "search, by its tag",
		"of no team (its tag team is not known: autoscaling:DescribeTags was denied; the notifier's role has no permission for it\u202e)"} {
		fleet[n].Team = team
	}
	return map[string][]inbox.Item{"fleet": fleet, "service": service, "oncall": oncall, "platform": items(platform), "names": names}
}

// Look at the golden files as a person would look at a terminal of this width.
func TestTable(t *testing.T) {
	for name, items := range tables() {
		for _, columns := range []int{80, 120} {
			var out bytes.Buffer
			table{out: &out, columns: columns}.print(items)
			golden.File(t, filepath.Join("testdata", "table", fmt.Sprintf("%s-%d.txt", name, columns)), out.String())
		}
	}
}

// No line is wider than the terminal, no event steers it, and every event, every failure
// and every sink is there.
func TestTableFits(t *testing.T) {
	for name, items := range tables() {
		for _, columns := range []int{minColumns, 60, 80, 120, 200} {
			var out bytes.Buffer
			table{out: &out, columns: columns, color: true}.print(items)
			text := out.String()
			for _, color := range []string{"0", "1", "2", "31", "32", "33"} {
				text = strings.ReplaceAll(text, "\x1b["+color+"m", "")
			}
			if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) }); i >= 0 {
				t.Errorf("%s: an event steers the terminal, or shows what cannot be seen: %q", name, text[i:])
			}
			rows, failures, _ := strings.Cut(strings.TrimPrefix(text, "\n"), "\n\n")
			for l := range strings.Lines(rows) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(l, "\n")); n > columns {
					t.Errorf("%s: a line of %d columns on a terminal of %d: %s", name, n, columns, l)
				}
			}
			failed := 0
			for _, i := range items {
				if i.Outcome == result.Failed {
					failed++
				}
			}
			if got := strings.Count(failures, "failed: "); got != failed || strings.Count(rows, "✗") != failed {
				t.Errorf("%s: %d failures and %d crosses, want %d:\n%s", name, got, strings.Count(rows, "✗"), failed, text)
			}
		}
	}
}

func TestColumns(t *testing.T) {
	t.Setenv("COLUMNS", "")
	if got := tableColumns(&bytes.Buffer{}); got != defaultColumns {
		t.Errorf("%d columns for what is not a terminal", got)
	}
	t.Setenv("COLUMNS", "72")
	if got := tableColumns(&bytes.Buffer{}); got != 72 {
		t.Errorf("%d columns, want those of COLUMNS", got)
	}
	t.Setenv("COLUMNS", "3")
	if got := newTable(&bytes.Buffer{}); got.columns != minColumns || got.color {
		t.Errorf("a table of %d columns, color %t", got.columns, got.color)
	}
}

// What distinguishes names stays visible.
func TestCut(t *testing.T) {
	for _, c := range []struct{ cut, end, middle string }{
		{"short", "short", "short"},
		{"exactly-10", "exactly-10", "exactly-10"},
		{"Terminations/Rule21", "Terminati…", "Ter…Rule21"},
		{"Grüße an alle", "Grüße an …", "Grü…n alle"},
	} {
		if got := cutEnd(c.cut, 10); got != c.end {
			t.Errorf("%q is cut to %q, want %q", c.cut, got, c.end)
		}
		if got := cutMiddle(c.cut, 10); got != c.middle {
			t.Errorf("%q is cut to %q, want %q", c.cut, got, c.middle)
		}
	}
	if cutEnd("abc", 0) != "…" || cutMiddle("abc", 1) != "…" {
		t.Error("no room at all")
	}
}

func TestRuleLabels(t *testing.T) {
	for _, c := range []struct{ rules, want []string }{
		{[]string{"s/Eye/Terminations/Rule1"}, []string{"Terminations/Rule1"}},
		{[]string{"s/Eye/Terminations/Rule1", "s/Eye/Deployments/Rule1"}, []string{"Terminations", "Deployments"}},
		{[]string{"s/Eye/Terminations/Rule1", "s/Eye/Terminations/Rule2"}, []string{"Terminations/Rule1", "Terminations/Rule2"}},
		{[]string{"s/Eye/Terminations/Rule1", "s/Other/Terminations/Rule1"}, []string{"Eye/Terminations", "Other/Terminations"}},
		{[]string{"s/Eye/Terminations/Rule1", "s/HandMade"}, []string{"s/Eye/Terminations/Rule1", "s/HandMade"}},
		{[]string{"LogicalId1", "s/Eye/Terminations/Rule1"}, []string{"LogicalId1", "s/Eye/Terminations/Rule1"}},
		{[]string{"One", "One"}, []string{"One", "One"}},
		{[]string{"", "a/Rule"}, []string{"", "a/Rule"}},
	} {
		var items []inbox.Item
		for _, r := range c.rules {
			items = append(items, inbox.Item{Result: result.Result{Rule: r}})
		}
		labels := ruleLabels(items)
		for i, r := range c.rules {
			if labels[r] != c.want[i] {
				t.Errorf("of %q, %q is called %q, want %q", c.rules, r, labels[r], c.want[i])
			}
		}
	}
}
