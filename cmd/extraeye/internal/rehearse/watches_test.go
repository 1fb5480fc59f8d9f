package rehearse

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/notice"
)

// The golden files of the constructs: templates with every watch and every sink, and what
// each watch is granted.
const (
	watchesTemplate = "../../../../constructs/watch/testdata/watches.template.json"
	sinksTemplate   = "../../../../constructs/sink/testdata/sinks.template.json"
	watchesGrants   = "../../../../constructs/extraeye/testdata/grants.json"
)

// assemblyOf makes an assembly of one template.
func assemblyOf(t *testing.T, template []byte) string {
	t.Helper()
	return write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","environment":"aws://123456789012/eu-west-1","properties":{"templateFile":"S.json"}}}}`,
		"S.json":        string(template),
	})
}

// everyWatch makes an assembly of the template that the constructs' own tests compare
// with: a rule for every watch with all its options. Each rule gets a second target,
// whose watch has no options.
func everyWatch(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(watchesTemplate)
	if err != nil {
		t.Fatal(err)
	}
	var template struct{ Resources map[string]map[string]any }
	if err := json.Unmarshal(raw, &template); err != nil {
		t.Fatal(err)
	}
	for _, r := range template.Resources {
		if r["Type"] != "AWS::Events::Rule" {
			continue
		}
		properties := r["Properties"].(map[string]any)
		targets := properties["Targets"].([]any)
		properties["Targets"] = append(targets, withoutOptions(t, targets[0].(map[string]any)))
	}
	changed, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	return assemblyOf(t, changed)
}

// withoutOptions returns the target with a watch of the same kind that has no options.
func withoutOptions(t *testing.T, target map[string]any) map[string]any {
	t.Helper()
	transformer := target["InputTransformer"].(map[string]any)
	const event = "<aws.events.event.json>"
	var delivery map[string]any
	if err := json.Unmarshal([]byte(strings.Replace(transformer["InputTemplate"].(string), event, "0", 1)), &delivery); err != nil {
		t.Fatal(err)
	}
	watch := delivery["watch"].(map[string]any)
	for kind, options := range watch {
		if _, ok := options.(map[string]any); ok {
			watch[kind] = struct{}{}
		}
	}
	delete(delivery, "event")
	plain, err := json.Marshal(delivery)
	if err != nil {
		t.Fatal(err)
	}
	changed := maps.Clone(target)
	changed["Id"] = plainTarget
	changed["InputTransformer"] = map[string]any{"InputTemplate": strings.TrimSuffix(string(plain), "}") + `,"event":` + event + "}"}
	return changed
}

// plainTarget is the id of targets whose watch has no options.
const plainTarget = "Plain"

// Every watch has built-in events, none of which is unknown or fails. The golden file
// lists, for every watch and event, the outcome with all options and with none.
func TestEveryWatch(t *testing.T) {
	report, problems := rehearsal(t, Options{Assembly: everyWatch(t)})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	outcomes, sent := map[string][2]result.Outcome{}, map[string]bool{}
	for _, d := range report.Deliveries {
		delivery, i := deliveryOf(t, d), d.First()
		if i.Outcome == result.Failed {
			t.Errorf("%s failed: %s", i.File, i.Reason)
		}
		if kind := decode.Decode(delivery.Event, delivery.Watch).Notice(time.Now()).Kind; kind == notice.KindUnknown {
			t.Errorf("%s is unknown to the notifier", i.File)
		}
		row := delivery.Watch.Kind() + " " + i.File
		both := outcomes[row]
		if i.Target == plainTarget {
			both[1] = i.Outcome
		} else {
			both[0] = i.Outcome
			sent[delivery.Watch.Kind()] = sent[delivery.Watch.Kind()] || i.Outcome == result.Sent
		}
		outcomes[row] = both
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Watch]()) {
		if kind, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.Type.Kind() == reflect.Pointer && !sent[kind] {
			t.Errorf("nothing is sent for the watch %s: add an event to samples/events, and a rule to %s", kind, watchesTemplate)
		}
	}
	var rows strings.Builder
	for _, row := range slices.Sorted(maps.Keys(outcomes)) {
		fmt.Fprintf(&rows, "%s %s %s\n", row, outcomes[row][0], outcomes[row][1])
	}
	golden.File(t, "testdata/watches.golden.txt", rows.String())
	checkLookUps(t, report.Deliveries)
	checkRelease(t, report.Deliveries)
}

func deliveryOf(t *testing.T, d *inbox.Delivery) wire.Delivery {
	t.Helper()
	var read wire.Delivery
	if err := json.Unmarshal(d.Input, &read); err != nil {
		t.Fatalf("%s: %v in %s", d.First().File, err, d.Input)
	}
	return read
}

// checkLookUps checks that every watch calls what it is granted, that every call is
// answered, and that every answer is asked for.
func checkLookUps(t *testing.T, deliveries []*inbox.Delivery) {
	t.Helper()
	called, asked := map[string]bool{}, map[string][]string{}
	for _, d := range deliveries {
		kind, i := deliveryOf(t, d).Watch.Kind(), d.First()
		for _, c := range d.AWSCalls() {
			called[c.Service+"."+c.Operation] = true
			if action := c.Service + ":" + c.Operation; action != aliasOnce {
				asked[kind] = append(asked[kind], action)
			}
			if c.Status != 200 {
				t.Errorf("%s: %s %s is answered with %d: %s", i.File, c.Service, c.Operation, c.Status, c.Input)
			}
		}
		for _, f := range i.Facts {
			if f.Label == "Not looked up" {
				t.Errorf("%s: not looked up: %s", i.File, f.Value)
			}
		}
	}
	for kind, granted := range grants(t) {
		slices.Sort(asked[kind])
		if got := slices.Compact(asked[kind]); !slices.Equal(got, granted) {
			t.Errorf("%s calls\n%q\nand is granted\n%q", kind, got, granted)
		}
	}
	for _, operation := range fakeaws.Operations() {
		forSinks := operation == fakeaws.StartExecution || operation == fakeaws.AssumeRole || // for other accounts
			strings.HasPrefix(operation, "logs.") || // for a journal
			slices.Contains(fakeaws.SecretReads, operation) || slices.Contains(destination.AWSOperations(), operation)
		if !called[operation] && !forSinks && !slices.Contains(tagReads(), operation) {
			t.Errorf("nothing calls %s, which has an answer", operation)
		}
	}
}

// checkRelease checks that the built-in events are one story: a termination comes after the
// release that was reported before.
func checkRelease(t *testing.T, deliveries []*inbox.Delivery) {
	t.Helper()
	released, after := "", ""
	for _, d := range deliveries {
		read, i := deliveryOf(t, d), d.First()
		if i.File == "deployment-success" {
			released = decode.Decode(read.Event, read.Watch).Notice(time.Now()).Release.ID
		}
		for _, f := range i.Facts {
			if i.File == "termination-elb-health-check" && f.Label == notice.After {
				after = cmp.Or(after, f.Value)
			}
		}
	}
	if want := "6 minutes after deployment " + released; !strings.HasPrefix(after, want) {
		t.Errorf("the termination comes %q, want %q", after, want)
	}
}

// aliasOnce is an action that the notifier calls once, for whichever watch comes first.
const aliasOnce = "iam:ListAccountAliases"

// grants are the actions that the constructs grant for each watch.
func grants(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile(watchesGrants)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	always := slices.DeleteFunc(all["always"], func(action string) bool {
		return action == aliasOnce || strings.HasPrefix(action, "logs:") ||
			strings.HasPrefix(action, "sqs:") || strings.HasPrefix(action, "states:") // which no delivery calls that is sent
	})
	always = append(always, "ses:SendEmail") // every rule here sends a mail
	delete(all, "always")
	delete(all, "sinks") // which are not watches
	delete(all, "timeline")
	for kind := range all {
		later := all[kind+": Verdict"] // which nothing calls in a rehearsal: it has no later
		delete(all, kind+": Verdict")
		all[kind] = append(slices.DeleteFunc(all[kind], func(action string) bool { return slices.Contains(later, action) }), always...)
		slices.Sort(all[kind])
	}
	return all
}

// A delivery after a wait is as old as it would be.
func TestWaiting(t *testing.T) {
	now := time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC)
	delivery := func(fields, at string) []byte {
		return fmt.Appendf(nil, `{%s,"sinks":[{"email":{}}],"event":{"id":"e","time":%s}}`, fields, at)
	}
	cases := []struct {
		name, fields, at string
		want             string
		waited           time.Duration
	}{
		{"a younger event", `"watch":{"lifecycle":{"afterSeconds":600}},"afterSeconds":600`, `"2026-11-22T20:59:00Z"`, `"2026-11-22T20:50:00Z"`, 10 * time.Minute},
		{"an older event", `"watch":{"lifecycle":{"afterSeconds":600}},"afterSeconds":600`, `"2020-11-22T20:00:00Z"`, `"2026-11-22T20:50:00Z"`, 10 * time.Minute},
		{"an event without a time", `"watch":{"lifecycle":{"afterSeconds":600}},"afterSeconds":600`, `null`, `null`, 10 * time.Minute},
		{"another watch", `"watch":{"launches":{}}`, `"2026-11-22T20:59:00Z"`, `"2026-11-22T20:59:00Z"`, 0},
	}
	for _, c := range cases {
		later, waited := wait(delivery(c.fields, c.at), now)
		var got struct {
			Event struct{ Time json.RawMessage }
		}
		if err := json.Unmarshal(later, &got); err != nil || string(got.Event.Time) != c.want || waited != c.waited {
			t.Errorf("%s: got %s, %s, want %s, %s", c.name, got.Event.Time, waited, c.want, c.waited)
		}
	}
	for _, c := range []struct {
		reason string
		waited time.Duration
		want   string
	}{{"r", 0, "r"}, {"", 10 * time.Minute, "sent after 10 minutes, as long as the watch waits"}, {"r", time.Hour, "after 1 hour: r"}} {
		if got := after(c.reason, c.waited); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
