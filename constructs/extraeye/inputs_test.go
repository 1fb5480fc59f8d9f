package extraeye_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// TestOneMoreSink checks that one more sink, of any kind and in any place, changes the targets
// of the rule, what is granted, and nothing else. A grouped one adds its queue.
func TestOneMoreSink(t *testing.T) {
	define := func(kind, place int) (template map[string]any, added string, kinds int) {
		stack := cdktest.Stack(t)
		all := cdktest.Given(cdktest.FullSinks(t, stack))
		sinks := []sink.Sink{chat, sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Archive"), nil)}, pager}
		if place >= 0 {
			sinks = slices.Insert(sinks, place, all[kind])
			added = fmt.Sprintf("%T in place %d", all[kind], place)
		}
		cdktest.Send(stack, sinks...)
		cdktest.Correct(t, stack)
		return cdktest.Synthesize(t, stack)["Resources"].(map[string]any), added, len(all)
	}
	before, _, kinds := define(0, -1)
	for kind := range kinds {
		for _, place := range []int{0, 1, 2, 3} {
			after, added, _ := define(kind, place)
			moved := slices.DeleteFunc(moved(t, before, after), func(what string) bool { return strings.Contains(what, " of ExtraeyeNotifierGrouped90s") })
			if len(moved) != 1 || !strings.HasPrefix(moved[0], "Targets of EyeDeploymentsRule1") {
				t.Errorf("%s changes %q", added, moved)
			}
		}
	}
}

// moved are the properties that differ between the resources of two templates, except for what
// is granted.
func moved(t *testing.T, before, after map[string]any) (all []string) {
	t.Helper()
	for id := range merged(before, after) {
		was, _ := before[id].(map[string]any)
		is, _ := after[id].(map[string]any)
		kind := fmt.Sprint(was["Type"], is["Type"])
		if strings.Contains(kind, "Policy") || strings.Contains(kind, "::Role") || strings.Contains(id, "NotifierGrouped") {
			continue // the last is the queue of the first sink that is grouped
		}
		old, _ := was["Properties"].(map[string]any)
		properties, _ := is["Properties"].(map[string]any)
		for name := range merged(old, properties) {
			if cdktest.Encode(t, old[name]) != cdktest.Encode(t, properties[name]) {
				all = append(all, name+" of "+id)
			}
		}
		if fmt.Sprint(was["DependsOn"]) != fmt.Sprint(is["DependsOn"]) {
			all = append(all, "DependsOn of "+id)
		}
	}
	slices.Sort(all)
	return all
}

func merged(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, b)
	return all
}

// longMail is a mail to so many recipients of 100 characters that its input has about as many times
// 103 characters.
func longMail(name string, recipients int) sink.Sink {
	return sink.Email{From: "ops@example.com", To: cdktest.Names(recipients, name+strings.Repeat("x", 84-len(name))+"%04d@example.com")}
}

// TestLongInputs checks that sinks are spread over several inputs if one would be too long:
// over as few as possible, whatever the order of the sinks, and so that one more of the short
// ones moves none of the long ones.
func TestLongInputs(t *testing.T) {
	sent := func(sinks ...sink.Sink) (inputs []string) {
		stack := cdktest.Stack(t)
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: sinks})
		eye.Watch(watch.Launches{AutoScalingGroupNames: []string{"g"}})
		cdktest.Correct(t, stack)
		total := 0
		for _, r := range cdktest.Rules(t, stack, eye) {
			for _, target := range r.Properties["Targets"].([]any) {
				target := target.(map[string]any)
				template := target["InputTransformer"].(map[string]any)["InputTemplate"].(string)
				if n := utf8.RuneCountInString(template); n > 8192 {
					t.Errorf("an input has %d characters", n)
				}
				names := []string{target["Id"].(string)}
				for _, d := range r.Deliveries[len(inputs)%5 : len(inputs)%5+1] {
					for _, s := range d.Sinks {
						names = append(names, s.Email.To[0][:1])
						total++
					}
				}
				slices.Sort(names[1:])
				inputs = append(inputs, strings.Join(names, " "))
			}
		}
		if total != len(sinks) {
			t.Errorf("%d of %d sinks are sent to", total, len(sinks))
		}
		return inputs
	}
	a, b, c, d := longMail("a", 45), longMail("b", 40), longMail("c", 35), longMail("d", 30)
	for _, tt := range []struct {
		sinks []sink.Sink
		want  []string
	}{
		{[]sink.Sink{a, d}, []string{"Notifier a d"}},
		{[]sink.Sink{a, b, c, d}, []string{"Notifier a d", "Notifier2 b c"}},
		{[]sink.Sink{d, c, b, a}, []string{"Notifier a d", "Notifier2 b c"}},
		{[]sink.Sink{longMail("e", 2), d, c, b, a}, []string{"Notifier a d e", "Notifier2 b c"}},
		{[]sink.Sink{a, longMail("e", 10), b, c, d}, []string{"Notifier a d", "Notifier2 b c", "Notifier3 e"}},
	} {
		if got := sent(tt.sinks...); !slices.Equal(got, tt.want) {
			t.Errorf("%d sinks are sent to by %q, want %q", len(tt.sinks), got, tt.want)
		}
	}
	var many []sink.Sink
	for _, name := range cdktest.Names(8, "%d") {
		many = append(many, longMail(name, 45))
	}
	if got := sent(many...); len(got) != 8 || got[5] != "Notifier6 5" {
		t.Errorf("8 long sinks are sent to by %q", got)
	}
}

// TestLongInputsOfSharedRules checks that each input has the watches of its sinks.
func TestLongInputsOfSharedRules(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	groups := []string{"g"}
	eye.Watch(watch.Terminations{AutoScalingGroupNames: groups}, longMail("a", 45), longMail("b", 20))
	eye.Watch(watch.Terminations{AutoScalingGroupNames: groups, Causes: []watch.Cause{watch.CauseSpot}}, longMail("c", 40), longMail("d", 20))
	cdktest.Correct(t, stack)
	rules := cdktest.Rules(t, stack, eye)
	if len(rules) != 1 {
		t.Fatalf("%d rules, want 1", len(rules))
	}
	var got []string
	for _, d := range rules[0].Deliveries {
		for _, o := range d.Orders() {
			for _, s := range o.Sinks {
				got = append(got, fmt.Sprint(s.Email.To[0][:1], len(o.Watch.Terminations.Causes)))
			}
		}
		got = append(got, "|")
	}
	if text := strings.Join(got, " "); text != "a0 b0 | c1 d1 |" && text != "a0 d1 | b0 c1 |" {
		t.Errorf("the deliveries are %s", text)
	}
}

// TestReleasesSpreadSinks checks that sinks are spread once their input is too long because of
// releases that come to be known later.
func TestReleasesSpreadSinks(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	terminations := eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}}, longMail("a", 39), longMail("b", 38))
	if n := len(cdktest.Rules(t, stack, eye)[0].Deliveries); n != 1 {
		t.Fatalf("%d deliveries before the releases, want 1", n)
	}
	eye.Watch(watch.Deployments{CodeDeployApplications: cdktest.Names(5, strings.Repeat("x", 90)+"%d")}, cdktest.Mail)
	cdktest.Correct(t, stack)
	rules := cdktest.Rules(t, stack, eye)
	if len(terminations.Rules()) != 1 || len(rules[0].Deliveries) != 2 {
		t.Errorf("%d rules, and %d deliveries in the first, want 2", len(rules), len(rules[0].Deliveries))
	}
	for _, d := range rules[0].Deliveries {
		if len(d.Sinks) != 1 || d.Watch.Terminations.Releases == nil {
			t.Errorf("the notifier gets %s", cdktest.Encode(t, d.Watch))
		}
	}
}

// padded is a mail to an address of so many characters more than it needs.
func padded(name string, characters int) sink.Sink {
	return sink.Email{From: "ops@example.com", To: []string{name + strings.Repeat("x", characters) + "@example.com"}}
}

// inputsOf are how many characters the inputs of a watch's first rule have.
func inputsOf(stack awscdk.Stack, w *extraeye.Watched) (characters []int) {
	for _, target := range stack.Resolve(w.Rules()[0].Targets()).([]any) {
		input := target.(map[string]any)["inputTransformer"].(map[string]any)["inputTemplate"].(string)
		characters = append(characters, utf8.RuneCountInString(input))
	}
	return characters
}

// TestInputsAtTheirLimit checks that an input has up to as many characters as EventBridge allows.
func TestInputsAtTheirLimit(t *testing.T) {
	const most = 8192
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "s"})
	watched := 0
	inputs := func(sinks ...sink.Sink) []int {
		watched++
		return inputsOf(stack, eye.Watch(watch.Launches{AutoScalingGroupNames: []string{fmt.Sprint("g", watched)}}, sinks...))
	}
	one, two := most-inputs(padded("a", 0))[0], most-inputs(padded("a", 0), padded("b", 0))[0] // so much room is left
	a, b, full := padded("a", two/2), padded("b", two-two/2), padded("c", one)
	for _, tt := range []struct {
		sinks         []sink.Sink
		inputs, first int
	}{
		{[]sink.Sink{full}, 1, most},
		{[]sink.Sink{a, b}, 1, most},
		{[]sink.Sink{a, padded("b", two-two/2+1)}, 2, most - one + two - two/2 + 1},
		{[]sink.Sink{a, b, full}, 2, most},
	} {
		if got := inputs(tt.sinks...); len(got) != tt.inputs || got[0] != tt.first {
			t.Errorf("%d sinks get inputs of %d characters, want %d, the first of %d", len(tt.sinks), got, tt.inputs, tt.first)
		}
	}
	if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
		t.Errorf("up to the limit: %q", texts)
	}
	eye.Watch(watch.Launches{AutoScalingGroupNames: []string{"more"}}, padded("a", one+1))
	if codes, texts := cdktest.Reported(stack); !slices.Equal(codes, []string{"E306"}) || !strings.Contains(texts[0], "can have 8193 characters") {
		t.Errorf("beyond the limit: %q", texts)
	}
}

// TestReleasesUpToTheLimit checks the same of an input that grows with the releases that come to be known.
func TestReleasesUpToTheLimit(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	stack := cdktest.Stack(t)
	define := func(id string, characters int) []int {
		eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{Service: "s"})
		w := eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{id}}, padded("a", characters), padded("b", 5000))
		eye.Watch(watch.Deployments{CodeDeployApplications: []string{id}}, cdktest.Mail)
		return inputsOf(stack, w)
	}
	room := 8192 - define("Eye1", 5001)[0] + 5001
	if got := define("Eye2", room); got[0] != 8192 {
		t.Errorf("inputs of %d characters", got)
	}
	if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
		t.Errorf("up to the limit: %q", texts)
	}
	define("Eye3", room+1)
	if codes, texts := cdktest.Reported(stack); !slices.Equal(codes, []string{"E306"}) {
		t.Errorf("beyond the limit: %q", texts)
	}
}
