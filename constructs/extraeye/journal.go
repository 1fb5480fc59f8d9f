package extraeye

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// JournalProps configures a [Journal].
type JournalProps struct {
	// Retention is how long the journal is kept.
	//
	// Default: one year.
	Retention awslogs.RetentionDays
}

// Journal is where a notifier writes down every event that an Eye's watches decided on, notified
// or not and why, as one line of JSON: a log group, with saved queries for CloudWatch Logs
// Insights. "extraeye timeline" reads it, for what AWS keeps no record of.
//
//	journal := extraeye.NewJournal(stack, "Journal", nil)
//	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Journal: journal, …})
//
// Several Eyes may share one. The log group stays when the stack is deleted. A line is about a
// kilobyte long. docs/timeline.md describes its fields.
type Journal struct {
	constructs.Construct
	logGroup awslogs.LogGroup
}

// NewJournal defines a Journal. props may be nil. It panics if scope is nil; whatever else is wrong
// is reported on the construct.
func NewJournal(scope constructs.Construct, id string, props *JournalProps) *Journal {
	if scope == nil {
		panic(fmt.Errorf("extraeye.NewJournal(%q): scope is nil; give it the stack", id))
	}
	j := &Journal{}
	constructs.NewConstruct_Override(j, scope, jsii.String(id))
	retention := awslogs.RetentionDays_ONE_YEAR
	if props != nil && props.Retention != "" {
		retention = props.Retention
	}
	if !slices.Contains(retentions, retention) {
		report(j, problemf(binding.BadSetting, "JournalProps.Retention %q is not known; use a constant such as awslogs.RetentionDays_ONE_YEAR", string(retention))...)
		retention = awslogs.RetentionDays_ONE_YEAR
	}
	j.logGroup = awslogs.NewLogGroup(j, jsii.String("LogGroup"), &awslogs.LogGroupProps{
		Retention:     retention,
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
	acceptCheckov(j.logGroup.Node().DefaultChild().(awslogs.CfnLogGroup),
		finding{"CKV_AWS_158", "CloudWatch Logs encrypts it with a key of its own, and no secret is ever in a notice."},
		finding{"CKV_AWS_338", "How long it is kept is up to the app; by default it is a year."})
	for _, q := range queries {
		j.save(q)
	}
	return j
}

// LogGroup holds the journal.
func (j *Journal) LogGroup() awslogs.LogGroup { return j.logGroup }

// query is a saved query of CloudWatch Logs Insights.
type query struct {
	id, name string
	lines    []string
	// parameter is what people fill in; nil: nothing.
	parameter *awslogs.CfnQueryDefinition_QueryParameterProperty
}

// queries are saved with each journal. A line has why only if a sink did not get the notice.
var queries = []query{
	{
		id: "Service", name: "Everything about a service",
		lines: []string{
			"fields time, kind, severity, status, title, notified, why",
			"| filter service like /(?i){{service}}/",
			"| sort @timestamp desc",
			"| limit 1000",
		},
		parameter: &awslogs.CfnQueryDefinition_QueryParameterProperty{
			Name: jsii.String("service"), DefaultValue: jsii.String(".*"), Description: jsii.String("The service, or a part of its name"),
		},
	},
	{
		id: "Deaths", name: "Deaths by cause and hour",
		lines: []string{
			"fields datefloor(@timestamp, 1h) as hour",
			`| filter kind in ["termination", "task"] and status = "open"`,
			"| stats count_distinct(event) as deaths by hour, service, cause",
			"| sort hour desc, deaths desc",
		},
	},
	{
		id: "Releases", name: "Releases",
		lines: []string{
			"filter ispresent(release.id)",
			"| fields time, service, release.application, release.version, release.state, release.by, title",
			"| sort @timestamp desc",
			"| limit 1000",
		},
	},
	{
		id: "Before", name: "The 30 minutes before a time (choose them as the time range)",
		lines: []string{
			"fields time, service, kind, severity, title, notified, why",
			"| sort @timestamp asc",
			"| limit 1000",
		},
	},
	{
		id: "NotNotified", name: "What was not notified, and why",
		lines: []string{
			"filter ispresent(why)",
			"| fields time, service, watch, severity, title, notified, why",
			"| sort @timestamp desc",
			"| limit 1000",
		},
	},
}

// save saves a query, in a folder by the path of the journal in the app.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-querydefinition.html
func (j *Journal) save(q query) {
	const longest = 255 // of the name
	folder := []rune("extraeye/" + *j.Node().Path())
	p := &awslogs.CfnQueryDefinitionProps{
		Name:          jsii.String(string(folder[:min(len(folder), longest-1-len(q.name))]) + "/" + q.name),
		QueryString:   jsii.String(strings.Join(q.lines, "\n")),
		LogGroupNames: &[]any{j.logGroup.LogGroupName()},
	}
	if q.parameter != nil {
		p.Parameters = []any{q.parameter}
	}
	awslogs.NewCfnQueryDefinition(j, jsii.String(q.id), p)
}

// grant is what a notifier may do with the journal.
func (j *Journal) grant() binding.Grant {
	return binding.Grant{
		Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources: []string{*j.logGroup.LogGroupArn()},
	}
}

// checkJournal reports a journal that the Eye's notifier cannot write to, and leaves it out.
func (e *Eye) checkJournal() {
	if e.journal != nil && binding.IsElsewhere(e.journal.logGroup, e) {
		report(e, problemf(binding.Elsewhere, "EyeProps.Journal %s is in another account or Region, where the notifier cannot write to it; give the Eye one in its own", *e.journal.Node().Path())...)
		e.journal = nil
	}
}
