package health

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

// healthOf is an event of AWS Health with this detail.
func healthOf(detail string) *event.Event {
	return eventtest.Decode(Decoders, `{"source":"aws.health","detail-type":"AWS Health Event","account":"1","region":"eu-west-1",
		"time":"2024-06-01T12:00:00Z","id":"e-1","detail":`+detail+`}`, wire.Watch{})
}

func TestHealthSkipReason(t *testing.T) {
	for detail, wanted := range map[string]bool{
		`{"backupEvent":"true"}`:  false,
		`{"backupEvent":"True"}`:  false,
		`{"backupEvent":true}`:    false,
		`{"backupEvent":"false"}`: true,
		`{"backupEvent":false}`:   true,
		`{"backupEvent":null}`:    true,
		`{}`:                      true,
	} {
		if reason := healthOf(detail).SkipReason(); (reason == "") != wanted {
			t.Errorf("%s: SkipReason = %q", detail, reason)
		}
	}
}

func TestHealthJudgement(t *testing.T) {
	for _, tt := range []struct{ detail, want string }{
		{`{"eventTypeCategory":"issue","eventScopeCode":"ACCOUNT_SPECIFIC"}`, "error open"},
		{`{"eventTypeCategory":"issue","eventScopeCode":"PUBLIC"}`, "warning open"},
		{`{"eventTypeCategory":"issue","statusCode":"closed"}`, "info resolved"},
		{`{"eventTypeCategory":"issue","statusCode":"open","endTime":"Sat, 1 Jun 2024 12:00:00 GMT"}`, "info resolved"},
		{`{"eventTypeCategory":"issue","statusCode":"open","endTime":"Sat, 01 Jun 2024 12:00:01 GMT"}`, "error open"},
		{`{"eventTypeCategory":"investigation"}`, "warning open"},
		{`{"eventTypeCategory":"scheduledChange","statusCode":"upcoming"}`, "warning marker"},
		{`{"eventTypeCategory":"scheduledChange","statusCode":"closed"}`, "info marker"}, // which opened nothing
		{`{"eventTypeCategory":"accountNotification","statusCode":"closed","actionability":"ACTION_REQUIRED"}`, "info marker"},
		{`{"service":"ABUSE","eventTypeCategory":"issue","statusCode":"closed"}`, "info resolved"},
		{`{"eventTypeCategory":"accountNotification"}`, "info marker"},
		{`{"eventTypeCategory":"accountNotification","endTime":"Sat, 01 Jun 2024 11:00:00 GMT"}`, "info marker"},
		{`{"eventTypeCategory":"accountNotification","actionability":"ACTION_REQUIRED"}`, "warning marker"},
		{`{"service":"ABUSE","eventTypeCategory":"issue"}`, "critical open"},
		{`{"eventTypeCategory":"somethingNew"}`, "warning marker"},
		{`{}`, "warning marker"},
	} {
		n := healthOf(tt.detail).Notice(time.Now())
		if got := string(n.Severity) + " " + string(n.Status); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.detail, got, tt.want)
		}
	}
}

func TestHealthTitles(t *testing.T) {
	for detail, title := range map[string]string{
		`{}`: "AWS event in eu-west-1",
		`{"service":"ÉC2","eventTypeCategory":"new","eventRegion":"global"}`:                                        "ÉC2 new",
		`{"service":"EC2","eventTypeCategory":"issue","eventTypeCode":"AWS_EC2_OPERATIONAL_ISSUE"}`:                 "EC2 issue in eu-west-1: operational issue",
		`{"service":"RDS","eventTypeCategory":"issue","eventTypeCode":"AWS_RDS__X_","statusCode":"CLOSED"}`:         "RDS issue in eu-west-1 is over: x",
		`{"service":"S3","eventTypeCategory":"issue","eventTypeCode":"S3EVENT","eventRegion":"us-east-1"}`:          "S3 issue in us-east-1: s3event",
		`{"service":["EC2"],"eventTypeCategory":{},"eventTypeCode":7,"eventDescription":{},"affectedEntities":"x"}`: "AWS event in eu-west-1: 7",
	} {
		n := healthOf(detail).Notice(time.Now())
		if n.Title != title {
			t.Errorf("%s: title %q, want %q", detail, n.Title, title)
		}
		eventtest.Check(t, n)
	}
}

func TestHealthDescription(t *testing.T) {
	const ja, gb, us = `{"language":"ja_JP","latestDescription":"ja"}`, `{"language":"en_GB","latestDescription":"gb"}`, `{"language":"en_US","latestDescription":"us"}`
	long := strings.Repeat(strings.Repeat("long ", 100)+"line\n", 1000) + "end"
	for descriptions, want := range map[string]string{
		ja + "," + us + "," + gb: "us",
		ja + "," + gb:            "gb",
		us + `,{"language":"en_US","latestDescription":"another"}`: "us",
		ja: "ja",
		`{"language":"en_US","latestDescription":null},` + ja: "ja",
		`null,7,{}`: "",
		`{"latestDescription":"` + strings.ReplaceAll(long, "\n", `\n`) + `"}`: long,
	} {
		n := healthOf(`{"eventDescription":[` + descriptions + `]}`).Notice(time.Now())
		if got := eventtest.Fact(n, "AWS says"); got != want {
			t.Errorf("%.80s: description %.80q, want %.80q", descriptions, got, want)
		}
		if len(n.Summary) > 300 {
			t.Errorf("%.80s: a summary of %d characters", descriptions, len(n.Summary))
		}
	}
}

func TestHealthAffected(t *testing.T) {
	many := strings.Repeat(`{"entityValue":"i","status":"IMPAIRED"},`, 24) + `{"entityValue":"i"}`
	for entities, want := range map[string][2]string{
		`[]`:             {"", "AWS Health: AWS event in eu-west-1."},
		`[null,7,{}]`:    {"", "AWS Health: AWS event in eu-west-1."},
		`[` + many + `]`: {strings.Repeat("i (impaired)\n", 20) + "and 5 more", "AWS Health: AWS event in eu-west-1. It affects i (impaired) and 24 more."},
		`[{"entityValue":"arn:aws:ec2:r:1:instance/i-1"}]`: {"arn:aws:ec2:r:1:instance/i-1", "AWS Health: AWS event in eu-west-1. It affects arn:aws:ec2:r:1:instance/i-1."},
	} {
		n := healthOf(`{"affectedEntities":` + entities + `}`).Notice(time.Now())
		if got := eventtest.Fact(n, "Affected"); got != want[0] || n.Summary != want[1] {
			t.Errorf("%.80s: %q, %q, want %q", entities, got, n.Summary, want)
		}
	}
}

func TestHealthDates(t *testing.T) {
	want := time.Date(2026, 1, 27, 13, 44, 13, 0, time.UTC)
	for _, text := range []string{
		"Thu, 27 Jan 2026 13:44:13 GMT", // it was a Tuesday
		"Tue, 27 Jan 2026 13:44:13 GMT",
		"27 Jan, 27 Jan 2026 13:44:13 GMT",
		"2026-01-27T13:44:13Z",
		"Tue 27 Jan 2026 13: 44: 13 GMT", // recorded in December 2022
	} {
		raw, _ := json.Marshal(map[string]string{"t": text})
		f, _ := event.Object(raw)
		if got := readDate(f, "t"); !got.Equal(want) {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
	for _, raw := range []string{`{}`, `{"t":null}`, `{"t":12}`, `{"t":"Thu, 99 Jan 2026 13:44:13 GMT"}`, `{"t":"Tue, 27 Jan 2026 13:44:13 PST"}`} {
		f, _ := event.Object(json.RawMessage(raw))
		if got := readDate(f, "t"); !got.IsZero() {
			t.Errorf("%s is %v", raw, got)
		}
	}
}

// TestHealthAlwaysSays shows that the service, the category and a date are there, whatever AWS
// gives.
func TestHealthAlwaysSays(t *testing.T) {
	const code = `"eventTypeCode":"AWS_RDS_MAINTENANCE_SCHEDULED"`
	for _, tt := range []struct{ detail, service, category, begin, time string }{
		{`{}`, "not given", "not given", "", "2024-06-01 12:00:00 UTC (just now)"},
		{`{"service":"EC2","eventTypeCategory":"scheduledChange","startTime":"Sat, 01 Jun 2024 12:00:00 GMT"}`, "EC2", "scheduled change", "2024-06-01 12:00:00 UTC (just now)", ""},
		{`{"eventTypeCategory":"new",` + code + `}`, "RDS", "new", "", "2024-06-01 12:00:00 UTC (just now)"},
		{`{"eventArn":"arn:aws:health:r::event/S3/X/1",` + code + `}`, "S3", "not given", "", "2024-06-01 12:00:00 UTC (just now)"},
		{`{"startTime":"next week"}`, "not given", "not given", "next week", ""},
	} {
		n := healthOf(tt.detail).Notice(time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC))
		for label, want := range map[string]string{"Service": tt.service, "Category": tt.category, "Begin": tt.begin, "Time": tt.time} {
			if got := eventtest.Fact(n, label); got != want {
				t.Errorf("%s: %s is %q, want %q", tt.detail, label, got, want)
			}
		}
	}
}

// TestEventTypes has AWS's documented and recorded event types.
func TestEventTypes(t *testing.T) {
	const (
		concepts = "https://docs.aws.amazon.com/health/latest/ug/aws-health-concepts-and-terms.html"
		schema   = "https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html"
	)
	for _, tt := range []struct{ source, service, code, category, title, severity string }{
		{schema, "ABUSE", "AWS_ABUSE_DOS_REPORT", "issue", "AWS abuse report in eu-west-1: dos report (i-1)", "critical open"},
		{concepts, "ABUSE", "AWS_ABUSE_PII_CONTENT_REMOVAL_REPORT", "issue", "AWS abuse report in eu-west-1: pii content removal report (i-1)", "critical open"},
		{"an event without a service", "", "AWS_ABUSE_IOC_DETECTED", "accountNotification", "AWS abuse report in eu-west-1: ioc detected (i-1)", "critical open"},
		{"recorded in February 2025", "RISK", "AWS_RISK_CREDENTIALS_EXPOSED", "issue", "AWS account at risk: credentials exposed (i-1)", "critical open"},
		{"recorded in 2026", "RISK", "AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED", "issue", "AWS account at risk: credentials exposure suspected (i-1)", "critical open"},
		{"recorded in 2026", "RISK", "AWS_RISK_ACCOUNT_CONSOLE_COMPROMISE", "accountNotification", "AWS account at risk: account console compromise (i-1)", "critical open"},
		{"an event without a service", "", "AWS_RISK_CREDENTIALS_COMPROMISED", "issue", "AWS account at risk: credentials compromised (i-1)", "critical open"},
		{concepts, "EC2", "AWS_EC2_OPERATIONAL_ISSUE", "issue", "EC2 issue in eu-west-1: operational issue (i-1)", "error open"},
		{concepts, "EC2", "AWS_EC2_API_ISSUE", "issue", "EC2 issue in eu-west-1: api issue (i-1)", "error open"},
		{concepts, "EBS", "AWS_EBS_VOLUME_ATTACHMENT_ISSUE", "issue", "EBS issue in eu-west-1: volume attachment issue (i-1)", "error open"},
		{concepts, "EC2", "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED", "scheduledChange", "EC2 scheduled change in eu-west-1: instance retirement scheduled (i-1)", "warning marker"},
		{concepts, "SAGEMAKER", "AWS_SAGEMAKER_SCHEDULED_MAINTENANCE", "scheduledChange", "SAGEMAKER scheduled change in eu-west-1: scheduled maintenance (i-1)", "warning marker"},
		{concepts, "RDS", "AWS_RDS_PLANNED_LIFECYCLE_EVENT", "scheduledChange", "RDS scheduled change in eu-west-1: planned lifecycle event (i-1)", "warning marker"},
		{concepts, "S3", "AWS_S3_OPEN_ACCESS_BUCKET_NOTIFICATION", "accountNotification", "S3 notification in eu-west-1: open access bucket notification (i-1)", "info marker"},
		{concepts, "BILLING", "AWS_BILLING_SUSPENSION_NOTICE", "accountNotification", "BILLING notification in eu-west-1: suspension notice (i-1)", "info marker"},
		{"https://docs.aws.amazon.com/health/latest/APIReference/API_Event.html", "LAMBDA", "AWS_LAMBDA_OPERATIONAL_ISSUE", "investigation", "LAMBDA investigation in eu-west-1: operational issue (i-1)", "warning open"},
	} {
		n := healthOf(`{"service":"` + tt.service + `","eventTypeCode":"` + tt.code + `","eventTypeCategory":"` + tt.category + `","affectedEntities":[{"entityValue":"arn:aws:ec2:r:1:i-1"}]}`).Notice(time.Now())
		if got := string(n.Severity) + " " + string(n.Status); n.Title != tt.title || got != tt.severity {
			t.Errorf("%s: %s: %q, %s; want %q, %s", tt.source, tt.code, n.Title, got, tt.title, tt.severity)
		}
		eventtest.Check(t, n)
	}
}

// TestHealthCases has the events that people published.
func TestHealthCases(t *testing.T) {
	eventtest.Cases(t, Decoders, wire.Watch{Health: &wire.Health{}}, []eventtest.Case{
		{Event: "health-risk-credentials-exposed", Source: "recorded in February 2025", Title: "AWS account at risk: credentials exposed (AKIAIOSFODNN7EXAMPLE)"},
		{Event: "health-rds-odd-date", Source: "recorded in December 2022", Title: "RDS notification in eu-west-1: operational notification (database-training-0)"},
		{Event: "health-ec2-maintenance-scheduled", Source: "a sample of August 2023", Title: "EC2 scheduled change in us-east-1: maintenance scheduled (i-0123456789abcdef0)"},
		{Event: "health-ecs-task-patching", Source: "a sample of May 2026, without an ARN, a scope and a description", Title: "ECS scheduled change in us-east-1: task patching retirement (2 resources)"},
		{Event: "health-lambda-investigation", Source: "a sample of February 2024", Title: "LAMBDA investigation in ap-southeast-2: operational issue"},
	})
}

// TestResource shows how the title names what is affected.
func TestResource(t *testing.T) {
	for want, affected := range map[string][]string{
		"":                  {strings.Repeat("x", 61)},
		"i-1":               {"i-1"},
		"instance/i-1":      {"arn:aws:ec2:r:1:instance/i-1 (pending)"},
		"function:f":        {"arn:aws:lambda:r:1:function:f"},
		"arn:aws:ec2:r:1":   {"arn:aws:ec2:r:1"},
		"table \"a b\" 7.1": {"table \"a b\" 7.1 (unknown)"},
		"3 resources":       {"a", "b", "c"},
	} {
		if got := (&Event{Affected: affected}).resource(); got != want {
			t.Errorf("%q: %q, want %q", affected, got, want)
		}
	}
	if got := (&Event{}).resource(); got != "" {
		t.Errorf("no resource is %q", got)
	}
}

// TestHealthResolves checks that the end of an issue resolves it, and that another
// account's and another region's is another thing.
func TestHealthResolves(t *testing.T) {
	got := func(more string) *notice.Notice {
		return healthOf(`{"eventArn":"arn:aws:health:r::event/1","eventTypeCategory":"issue"` + more + `}`).Notice(time.Now())
	}
	open, closed := got(""), got(`,"statusCode":"closed"`)
	if open.Key != closed.Key || open.Status != notice.Open || closed.Status != notice.Resolved {
		t.Errorf("%s %s, then %s %s", open.Key, open.Status, closed.Key, closed.Status)
	}
	for _, other := range []*notice.Notice{got(`,"affectedAccount":"2"`), got(`,"eventRegion":"us-east-1"`)} {
		if other.Key == open.Key {
			t.Errorf("one key for two things: %s", other.Key)
		}
	}
}

func TestHealthLink(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:health:eu-west-1::event/EC2/A B/1":   "https://health.aws.amazon.com/health/home#/account/event-log?eventID=arn%3Aaws%3Ahealth%3Aeu-west-1%3A%3Aevent%2FEC2%2FA+B%2F1",
		"arn:aws-cn:health:cn-north-1::event/EC2/A/1": "",
		"": "",
	} {
		if got := event.HealthEvent(arn); got != want {
			t.Errorf("healthEvent(%q) = %q, want %q", arn, got, want)
		}
	}
}

func TestHealthFacts(t *testing.T) {
	n := healthOf(`{"page":"2","totalPages":3,"affectedAccount":"2","personas":["OPERATIONS","BILLING"],"actionability":"ACTION_MAY_BE_REQUIRED","eventScopeCode":"NONE"}`).Notice(time.Now())
	for label, want := range map[string]string{
		"Page":             "2 of 3: the others come as events of their own",
		"Affected account": "2",
		"For":              "operations, billing",
		"Action":           "may be required",
		"Scope":            "NONE",
	} {
		if got := eventtest.Fact(n, label); got != want {
			t.Errorf("%s is %q, want %q", label, got, want)
		}
	}
	if one := healthOf(`{"page":"1","totalPages":"1","affectedAccount":"1"}`).Notice(time.Now()); eventtest.Fact(one, "Page")+eventtest.Fact(one, "Affected account") != "" {
		t.Errorf("a single page and the event's own account are reported: %v", one.Facts)
	}
	if want := "AWS Health: AWS event in eu-west-1. You may have to act."; n.Summary != want {
		t.Errorf("summary %q, want %q", n.Summary, want)
	}
}

// TestHealthQuote checks that the summary quotes a sentence of AWS's, not its greeting.
func TestHealthQuote(t *testing.T) {
	for description, want := range map[string]string{
		"Hello,\n\nYour instance will be retired on Friday.\nMore.": "Your instance will be retired on Friday.",
		"Your instance will be retired.":                            "Your instance will be retired.",
		"Amazon EC2 retirement\nYour instance will retire.":         "Your instance will retire.",
		"Hello,": "Hello,",
		"":       "",
	} {
		if got := (&Event{Description: description}).quote(); got != want {
			t.Errorf("%q is quoted as %q, want %q", description, got, want)
		}
	}
}

// TestHealthDetails shows that the notice has what AWS says besides, without the account that it has
// anyway.
func TestHealthDetails(t *testing.T) {
	s := healthOf(`{"eventMetadata":{"userName":"alice","accountId":"1","exposedUrl":"","keys":[1],"deprecated":true}}`)
	n := s.Notice(time.Now())
	if got := s.Subject.(*Event).details(); !slices.Equal(got, []string{"deprecated: true", "userName: alice"}) {
		t.Errorf("%q, %v", got, n.Facts)
	}
}

// TestCounted shows in which words many are counted, and within what.
func TestCounted(t *testing.T) {
	for detail, want := range map[string]string{
		`{"service":"EC2","eventTypeCategory":"issue","affectedAccount":"2"}`: "AWS Health event of EC2, issue, health:2:eu-west-1:EC2",
		`{"eventTypeCategory":"new"}`:                                         "AWS Health event of AWS, new, health:1:eu-west-1:AWS",
	} {
		e := healthOf(detail)
		c := e.Subject.(*Event).Counted(e)
		if got := c.Noun + " " + c.Phrase + ", " + c.By[0].Value + ", " + c.Within; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
