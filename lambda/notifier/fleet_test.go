package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

// withFleet gives a desk a table of two teams: checkout owns the group of the event.
func withFleet(t *testing.T, d *desk, owned string, others ...wire.Sink) {
	t.Helper()
	to := func(name string) []wire.Sink {
		return []wire.Sink{{Email: &wire.Email{From: "ops@example.com", To: []string{name + "@example.com"}}}, {Topic: &wire.Topic{ARN: "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:" + name}}}
	}
	withTable(t, d.handler, owned, &wire.Table{TeamTag: "team", Others: others, Teams: []wire.Team{{Name: "checkout", Sinks: to("checkout")}, {Name: "search", Sinks: to("search"), Accounts: []string{"999999999999"}}}})
}

// withTable gives a handler a table whose first team owns a group.
func withTable(t *testing.T, h *handler, owned string, all *wire.Table) {
	t.Helper()
	text, err := all.Write([]wire.Owned{{Thing: wire.Thing{Kind: wire.AutoScalingGroup, Name: owned}, Service: "cart"}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "table.jsonl")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	h.fleet = openFleet(file, slog.New(slog.DiscardHandler))
	h.lookups.Roles = h.fleet.lookUps
}

// toFleet is a delivery for the teams of a fleet.
func toFleet(payload string) string {
	return strings.Replace(payload, `,"event":`, `,"fleet":true,"event":`, 1)
}

const groupOfKilled = "staging"

// TestFleet checks that the team is notified whose the group is, and that notices and the log
// say how that was decided.
func TestFleet(t *testing.T) {
	d := newDesk(t, true)
	withFleet(t, d, groupOfKilled)
	r := d.invoke(t, toFleet(deliver(t, terminations, "", killed)))
	o := r.Orders[0]
	if len(o.Sinks) != 2 || o.Sinks[0].Sink != "email" || o.Sinks[1].Sink != "topic" || o.Notice.Service != "cart" || o.Team != "checkout, by the name of the Auto Scaling group" {
		t.Errorf("the receipt is %+v, of the service %q", o, o.Notice.Service)
	}
	all := strings.Join(d.texts, "\n")
	for _, want := range []string{"checkout@example.com", "arn:aws:sns:eu-west-1:123456789012:checkout", "checkout, by the name of the Auto Scaling group"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not sent:\n%s", want, all)
		}
	}
	if !strings.Contains(d.log.String(), `"team":"checkout, by the name of the Auto Scaling group"`) || d.calls["DescribeTags"] > 0 {
		t.Errorf("%d questions for tags, and the log says %s", d.calls["DescribeTags"], d.log.String())
	}
}

// TestFleetOfNobody checks what becomes of an event of no team.
func TestFleetOfNobody(t *testing.T) {
	const why = "of no team (its tag team is not known: autoscaling:DescribeTags was denied; the notifier's role has no permission for it)"
	d := newDesk(t, false)
	withFleet(t, d, "another")
	r := d.invoke(t, toFleet(deliver(t, terminations, "", killed)))
	if want := "it is " + why + ", and the fleet has nobody to notify about that"; r.Orders[0].Skipped != want || len(d.texts) > 0 {
		t.Errorf("skipped: %q, want %q; sent %q", r.Orders[0].Skipped, want, d.texts)
	}
	if !strings.Contains(d.log.String(), why) {
		t.Errorf("the log says %s", d.log.String())
	}

	d = newDesk(t, false)
	withFleet(t, d, "another", wire.Sink{Email: &wire.Email{From: "ops@example.com", To: []string{"others@example.com"}}})
	r = d.invoke(t, toFleet(deliver(t, terminations, "", killed)))
	if all := strings.Join(d.texts, "\n"); len(r.Orders[0].Sinks) != 1 || !strings.Contains(all, "others@example.com") || !strings.Contains(all, why) {
		t.Errorf("sent %s", all)
	}
	if d.calls["DescribeTags"] != 1 {
		t.Errorf("asked %d times for tags", d.calls["DescribeTags"])
	}
}

// TestFleetDrill checks which team is notified of a drill. Nothing is asked for it.
func TestFleetDrill(t *testing.T) {
	for options, want := range map[string]string{
		`{"source":"aws.autoscaling"}`:                 "checkout@example.com: checkout, by the name of the Auto Scaling group",
		`{"source":"aws.autoscaling","team":"search"}`: "search@example.com: search, as the drill asks",
		`{"source":"aws.autoscaling","team":"serach"}`: "others@example.com: of no team (the drill asks for serach, which is none)",
	} {
		d := newDesk(t, true)
		withFleet(t, d, groupOfKilled, wire.Sink{Email: &wire.Email{From: "ops@example.com", To: []string{"others@example.com"}}})
		r := d.invoke(t, toFleet(asDrill(deliver(t, terminations, "", killed), options)))
		to, how, _ := strings.Cut(want, ": ")
		if all := strings.Join(d.texts, "\n"); !strings.Contains(all, to) || r.Orders[0].Team != how || d.calls["DescribeTags"] > 0 {
			t.Errorf("%s: %q is notified after %d questions for tags; sent %s", options, r.Orders[0].Team, d.calls["DescribeTags"], all)
		}
	}
}

// TestFleetAndSinks checks that other watches of the same delivery keep their own sinks.
func TestFleetAndSinks(t *testing.T) {
	d := newDesk(t, false)
	withFleet(t, d, groupOfKilled)
	payload := toFleet(withOrders(deliver(t, terminations, byMail, killed), `{"watch":{"terminations":{}},"sinks":[],"fleet":true}`))
	r := d.invoke(t, strings.Replace(payload, `,"fleet":true,"event"`, `,"event"`, 1))
	if len(r.Orders) != 2 || len(r.Orders[0].Sinks) != 1 || len(r.Orders[1].Sinks) != 2 {
		t.Errorf("the receipt is %+v", r)
	}
}

// TestFleetWithoutTable checks that the delivery is refused for good, so that it is found in the
// dead-letter queue.
func TestFleetWithoutTable(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "table.jsonl")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, f := range map[string]*fleet{
		"the function has no table of them": openFleet(filepath.Join(t.TempDir(), "none"), slog.New(slog.DiscardHandler)),
		"it must be made by extraeye":       openFleet(broken, slog.New(slog.DiscardHandler)),
		"is a directory":                    openFleet(t.TempDir(), slog.New(slog.DiscardHandler)),
	} {
		d := newDesk(t, false)
		d.handler.fleet = f
		_, err := d.handler.Invoke(t.Context(), []byte(toFleet(deliver(t, terminations, "", killed))))
		var failure interface{ Error() string }
		if !errors.As(err, &failure) || !strings.Contains(failure.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
