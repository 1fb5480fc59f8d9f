package extraeye

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// TimelineProps configures a [Timeline].
type TimelineProps struct {
	// Eyes are those whose watched groups, applications, services and alarms the timeline
	// is of, those of later calls of Watch included, and whose journals it shows: their
	// lines about the service, or, if the Eyes are of several services, all lines. The
	// notifier of the first Eye reads all of it.
	//
	// Required.
	Eyes []*Eye

	// Metrics are shown and compared before and after each release, at most 20. They come
	// before those of load balancers, Auto Scaling groups and ECS services, which are found.
	//
	// Default: none.
	Metrics []TimelineMetric

	// Service is what the timeline is called.
	//
	// Default: the service of the Eyes.
	Service string

	// DashboardName is the name of the dashboard: letters, digits, - and _.
	//
	// Default: CloudFormation makes one.
	DashboardName string
}

// Timeline is a CloudWatch dashboard of what happened to a service: the page of "extraeye
// timeline" as a custom widget, which follows the dashboard's time range, and graphs.
//
// The page is made by the notifier, invoked with the permissions of whoever looks at the
// dashboard: they need lambda:InvokeFunction on it. A dashboard costs $3 a month beyond the
// first three, and the metrics that a page reads $0.01 for each thousand:
// https://aws.amazon.com/cloudwatch/pricing/
type Timeline struct {
	constructs.Construct
	dashboard awscloudwatch.CfnDashboard
	notifier  *Notifier
	of        wire.Timeline
	graphs    []graph // of the metrics
	full      bool    // it is reported that it names too much
}

// NewTimeline defines a Timeline. It panics if scope or props is nil; whatever else is wrong is
// reported on the construct.
func NewTimeline(scope constructs.Construct, id string, props *TimelineProps) *Timeline {
	if scope == nil {
		panic(fmt.Errorf("extraeye.NewTimeline(%q): scope is nil; give it the stack", id))
	}
	if props == nil {
		panic(fmt.Errorf("extraeye.NewTimeline(%q): props are nil; give it &extraeye.TimelineProps{…}", id))
	}
	t := &Timeline{}
	constructs.NewConstruct_Override(t, scope, jsii.String(id))
	eyes := slices.DeleteFunc(slices.Clone(props.Eyes), func(e *Eye) bool { return e == nil })
	report(t, props.check(eyes)...)
	t.addMetrics(props.Metrics)
	t.of.Title = props.Service
	if len(eyes) == 0 {
		return t
	}
	t.notifier = eyes[0].Notifier()
	if binding.IsElsewhere(t.notifier.function, t) {
		report(t, problemf(binding.Elsewhere, "TimelineProps.Eyes[0] has a notifier in another account or Region, whose records are not those of this dashboard; define the Timeline in a stack there")...)
		return t
	}
	t.name(eyes)
	for _, e := range eyes {
		t.addJournal(e)
		for _, b := range e.bound {
			t.add(e, b)
		}
		e.timelines = append(e.timelines, t)
	}
	t.dashboard = awscloudwatch.NewCfnDashboard(t, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardBody: awscdk.Lazy_UncachedString(&lateDashboard{t}, nil),
	})
	if props.DashboardName != "" {
		t.dashboard.SetDashboardName(jsii.String(props.DashboardName))
	}
	return t
}

// Dashboard is the dashboard; nil if the props are wrong.
func (t *Timeline) Dashboard() awscloudwatch.CfnDashboard { return t.dashboard }

func (p *TimelineProps) check(eyes []*Eye) (problems binding.Problems) {
	if len(eyes) == 0 || len(eyes) < len(p.Eyes) {
		problems.Problemf(binding.BadSetting, "TimelineProps.Eyes is empty or has a nil; give it the Eyes that the timeline is of")
	}
	problems = append(problems, checkText("TimelineProps.Service", p.Service, maxService)...)
	if name := p.DashboardName; !binding.IsToken(name) && (len(name) > maxDashboardName || strings.Trim(name, dashboardCharacters) != "") {
		problems.Problemf(binding.BadName, "TimelineProps.DashboardName %.300q has more than %d characters, or others than letters, digits, - and _", name, maxDashboardName)
	}
	if len(p.Metrics) > wire.MaxTimelineMetrics {
		problems.Problemf(binding.BadSetting, "TimelineProps.Metrics has %d metrics, and a page has room for %d", len(p.Metrics), wire.MaxTimelineMetrics)
	}
	return problems
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
const (
	maxDashboardName    = 255
	dashboardCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// name calls the timeline as the services of the Eyes.
func (t *Timeline) name(eyes []*Eye) {
	var names []string
	for _, e := range eyes {
		if !slices.Contains(names, e.service) {
			names = append(names, e.service)
		}
	}
	if len(names) == 1 {
		t.of.Service = names[0]
	}
	if t.of.Title == "" {
		t.of.Title = strings.Join(names, ", ")
	}
	if utf8.RuneCountInString(t.of.Title) > maxService {
		t.of.Title = fmt.Sprintf("%s and %d more", names[0], len(names)-1)
	}
}

// addJournal adds an Eye's journal, and lets the notifier read it.
func (t *Timeline) addJournal(e *Eye) {
	if e.journal == nil {
		return
	}
	unite(&t.of.Journals, []string{*e.journal.logGroup.LogGroupName()})
	t.notifier.grants.grant(e, binding.Grant{Actions: []string{"logs:FilterLogEvents"}, Resources: []string{*e.journal.logGroup.LogGroupArn()}})
}

// add adds what a watch of an Eye is of, and lets the notifier read its records.
func (t *Timeline) add(e *Eye, b *boundWatch) {
	t.notifier.grants.grant(e, b.Recorded.Grants...)
	s := b.Recorded.Scope
	unite(&t.of.Groups, s.Groups)
	unite(&t.of.Applications, s.Applications)
	unite(&t.of.ECSServices, s.ECSServices)
	unite(&t.of.Alarms, s.Alarms)
	if most := max(len(t.of.Groups), len(t.of.Applications), len(t.of.ECSServices), len(t.of.Alarms)); most > wire.MaxTimelineNames && !t.full {
		t.full = true
		report(t, problemf(binding.BadSetting, "the Eyes of the Timeline watch %d things of one sort, and a page has room for %d; make several Timelines", most, wire.MaxTimelineNames)...)
	}
}

// unite adds what is not in a list yet.
func unite[T comparable](all *[]T, more []T) {
	for _, one := range more {
		if !slices.Contains(*all, one) {
			*all = append(*all, one)
		}
	}
}

// lateDashboard is the body of a dashboard, written at synthesis, when all watches are known.
type lateDashboard struct{ timeline *Timeline }

// Produce implements [awscdk.IStringProducer].
func (l *lateDashboard) Produce(awscdk.IResolveContext) *string {
	return awscdk.Stack_Of(l.timeline).ToJsonString(l.timeline.body(), nil)
}
