package extraeye_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/golden"
)

// orders is a metric that a user names.
var orders = func() awscloudwatch.IMetric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: jsii.String("Shop"), MetricName: jsii.String("Orders"), Statistic: jsii.String("Sum"),
		DimensionsMap: &map[string]*string{"Env": jsii.String("prod")},
	})
}

// everyTimeline is a timeline of every watch, some of which come later.
func everyTimeline(t *testing.T, stack awscdk.Stack) *extraeye.Timeline {
	t.Helper()
	watches := cdktest.FullWatches(t)
	eye := cdktest.Watch(stack, watches[:len(watches)/2]...)
	timeline := extraeye.NewTimeline(stack, "Timeline", &extraeye.TimelineProps{
		Eyes: []*extraeye.Eye{eye}, DashboardName: "shop",
		Metrics: []extraeye.TimelineMetric{{Metric: orders(), Label: "Orders", Worse: extraeye.WorseLower}},
	})
	for _, w := range watches[len(watches)/2:] {
		eye.Watch(w)
	}
	return timeline
}

// dashboard is the body of the only dashboard.
func dashboard(t *testing.T, all cdktest.Template) (body any, text string) {
	t.Helper()
	found := all.Resources("AWS::CloudWatch::Dashboard")
	if len(found) != 1 {
		t.Fatalf("%d dashboards", len(found))
	}
	text = cdktest.Flat(found[0].Properties["DashboardBody"])
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return body, text
}

// TestTimeline compares the dashboard of every watch.
func TestTimeline(t *testing.T) {
	stack := cdktest.Stack(t)
	timeline := everyTimeline(t, stack)
	body, _ := dashboard(t, cdktest.Synthesize(t, stack))
	golden.JSON(t, "testdata/dashboard.json", body)
	if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
		t.Error(texts)
	}
	if d := timeline.Dashboard(); d == nil || *d.DashboardName() != "shop" {
		t.Error("no dashboard that is called shop")
	}
}

// TestTimelineOfTokens shows that names that are known only at deployment are in the dashboard.
func TestTimelineOfTokens(t *testing.T) {
	stack := cdktest.Stack(t)
	group := awscdk.NewCfnParameter(stack, jsii.String("Group"), nil).ValueAsString()
	imported := awsautoscaling.AutoScalingGroup_FromAutoScalingGroupName(stack, jsii.String("Asg"), group)
	eye := cdktest.Watch(stack, watch.Terminations{AutoScalingGroupRefs: []awsautoscaling.IAutoScalingGroup{imported}})
	extraeye.NewTimeline(stack, "Timeline", &extraeye.TimelineProps{Eyes: []*extraeye.Eye{eye}, Service: "shop"})
	_, text := dashboard(t, cdktest.Synthesize(t, stack))
	for _, want := range []string{`"groups":["${Group}"]`, `"service":"some-service"`, `"title":"shop"`, `["AWS/EC2","CPUUtilization","AutoScalingGroupName","${Group}"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

// TestTimelineOfSeveralEyes shows that a timeline is of all its Eyes, and called as they are.
func TestTimelineOfSeveralEyes(t *testing.T) {
	stack := cdktest.Stack(t)
	var eyes []*extraeye.Eye
	for _, name := range []string{"b", "a", "b"} {
		eyes = append(eyes, extraeye.NewEye(stack, fmt.Sprint("Eye", len(eyes)), &extraeye.EyeProps{
			Service: name, AutoScalingGroupNames: []string{fmt.Sprint("g", len(eyes))}, Sinks: []sink.Sink{cdktest.Mail},
		}))
	}
	extraeye.NewTimeline(stack, "Timeline", &extraeye.TimelineProps{Eyes: eyes})
	_, text := dashboard(t, cdktest.Synthesize(t, stack))
	if strings.Contains(text, `"service":`) {
		t.Errorf("it is of one service: %s", text)
	}
	for _, want := range []string{`"groups":["g0","g1","g2"]`, `"title":"b, a"`, `"title":"CPU, %"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(text, "Memory") { // which nothing that is watched has a metric of
		t.Errorf("an empty graph in %s", text)
	}
}

// TestTitleOfManyServices shows that a timeline is called as the services of its Eyes, or as the first and how
// many more, if that has too many characters for a title.
func TestTitleOfManyServices(t *testing.T) {
	for last, want := range map[int]string{63: strings.Repeat("x", 63) + ", " + strings.Repeat("y", 63), 64: strings.Repeat("x", 63) + " and 1 more"} {
		stack := cdktest.Stack(t)
		var eyes []*extraeye.Eye
		for _, name := range []string{strings.Repeat("x", 63), strings.Repeat("y", last)} {
			eyes = append(eyes, extraeye.NewEye(stack, name[:1], &extraeye.EyeProps{Service: name, AutoScalingGroupNames: []string{name}, Sinks: []sink.Sink{cdktest.Mail}}))
		}
		extraeye.NewTimeline(stack, "Timeline", &extraeye.TimelineProps{Eyes: eyes})
		if _, text := dashboard(t, cdktest.Synthesize(t, stack)); !strings.Contains(text, `"title":"`+want+`"`) {
			t.Errorf("no title %s in %s", want, text)
		}
	}
}

// timelineActions are what the notifier may do for the timeline of every watch, beyond what the
// watches need.
func timelineActions(t *testing.T) []string {
	t.Helper()
	stack := cdktest.Stack(t)
	queue := cdktest.Queue(stack) // for which nothing is looked up
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{queue}, Journal: extraeye.NewJournal(stack, "Journal", nil)})
	for _, w := range cdktest.FullWatches(t) {
		eye.Watch(w)
	}
	extraeye.NewTimeline(stack, "Timeline", &extraeye.TimelineProps{Eyes: []*extraeye.Eye{eye}})
	return slices.DeleteFunc(cdktest.Synthesize(t, stack).Actions(), func(a string) bool { return slices.Contains(always, a) })
}
