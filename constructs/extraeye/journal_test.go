package extraeye_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// TestJournal checks that every delivery names the journal, and that the notifier may write to it
// and do nothing else with it.
func TestJournal(t *testing.T) {
	stack := cdktest.Stack(t)
	journal := extraeye.NewJournal(stack, "Journal", nil)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Journal: journal, Sinks: []sink.Sink{cdktest.Mail, cdktest.Queue(stack)}})
	eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}})
	eye.Watch(watch.Lifecycle{AutoScalingGroupNames: []string{"g"}}) // which waits
	all := cdktest.Synthesize(t, stack)
	group := *awscdk.Stack_Of(journal).GetLogicalId(journal.LogGroup().Node().DefaultChild().(awslogs.CfnLogGroup))
	deliveries := 0
	for _, r := range all.Resources("AWS::Events::Rule") {
		for _, target := range r.Properties["Targets"].([]any) {
			transformer, ok := target.(map[string]any)["InputTransformer"].(map[string]any)
			if !ok {
				continue
			}
			deliveries++
			var d wire.Delivery
			text := strings.Replace(cdktest.Flat(transformer["InputTemplate"]), "<aws.events.event.json>", "null", 1)
			if err := json.Unmarshal([]byte(text), &d); err != nil || !strings.Contains(d.Journal, group) {
				t.Errorf("the journal is %q, %v: %s", d.Journal, err, text)
			}
		}
	}
	if deliveries != 2 {
		t.Errorf("%d deliveries", deliveries)
	}
	granted := 0
	for _, s := range all.Statements() {
		if !strings.Contains(cdktest.Flat(s["Resource"]), group) {
			continue
		}
		granted++
		if got := cdktest.ActionsOf(s); !slices.Equal(got, []string{"logs:CreateLogStream", "logs:PutLogEvents"}) {
			t.Errorf("with the journal, the notifier may %q", got)
		}
	}
	if granted != 1 {
		t.Errorf("%d statements are about the journal", granted)
	}
}

// TestRawSinksNeedNoJournal shows that nothing is granted for what is not decided on.
func TestRawSinksNeedNoJournal(t *testing.T) {
	stack := cdktest.Stack(t)
	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Journal: extraeye.NewJournal(stack, "Journal", nil)}).Watch(watch.Health{}, cdktest.Queue(stack))
	for _, s := range cdktest.Synthesize(t, stack).Statements() {
		if strings.Contains(cdktest.Flat(s["Resource"]), "Journal") {
			t.Errorf("%v is granted", s)
		}
	}
}

// TestQueries checks the saved queries against the limits of CloudWatch Logs, and that a parameter
// stands in its query.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
func TestQueries(t *testing.T) {
	for _, id := range []string{"Journal", strings.Repeat("x", 240)} {
		stack := cdktest.Stack(t)
		extraeye.NewJournal(stack, id, &extraeye.JournalProps{Retention: awslogs.RetentionDays_TEN_YEARS})
		names := map[string]bool{}
		for _, r := range cdktest.Synthesize(t, stack).Resources("AWS::Logs::QueryDefinition") {
			name, query := r.Properties["Name"].(string), r.Properties["QueryString"].(string)
			names[name] = true
			if len(name) > 255 || len(query) > 10_000 || !strings.HasPrefix(name, "extraeye/") {
				t.Errorf("%q: %s", name, query)
			}
			used := regexp.MustCompile(`\{\{(\w+)\}\}`).FindAllStringSubmatch(query, -1)
			given, _ := r.Properties["Parameters"].([]any)
			if len(used) != len(given) || len(given) == 1 && given[0].(map[string]any)["Name"] != used[0][1] {
				t.Errorf("%q has the parameters %v, and uses %v", name, given, used)
			}
		}
		if len(names) != 5 {
			t.Errorf("%d queries: %v", len(names), names)
		}
	}
}

// TestJournalAcrossStacks shows that Eyes of several stacks share a journal, with a notifier of
// their own or that of a third stack.
func TestJournalAcrossStacks(t *testing.T) {
	app := cdktest.App(t)
	stack := func(id string) awscdk.Stack { return awscdk.NewStack(app, jsii.String(id), nil) }
	journal := extraeye.NewJournal(stack("shared"), "Journal", nil)
	third := extraeye.NewNotifier(stack("third"), "Notifier", nil)
	for i, notifier := range []*extraeye.Notifier{nil, third} {
		extraeye.NewEye(stack(fmt.Sprint("service", i)), "Eye", &extraeye.EyeProps{
			AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{cdktest.Mail}, Journal: journal, Notifier: notifier,
		})
	}
	cdktest.Must(t, func() { app.Synth(nil) })
}
