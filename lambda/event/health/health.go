// Package health reads the events of AWS Health.
package health

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Decoders are what reads the events of AWS Health, by detail-type.
var Decoders = event.Decoders{
	"AWS Health Event":       decodeEvent,
	"AWS Health Abuse Event": decodeEvent,
}

// Event is what AWS Health says about a service, or about an account's resources.
type Event struct {
	ARN      string
	Service  string // such as EC2
	Code     string // such as AWS_EC2_OPERATIONAL_ISSUE
	Category string // issue, investigation, scheduledChange or accountNotification
	// Abuse is true for a report that the account's resources are used for abuse, and Risk for
	// one that its credentials are exposed or somebody else uses it.
	Abuse, Risk bool

	Scope  string // PUBLIC or ACCOUNT_SPECIFIC
	Status string // open, upcoming or closed
	Region string // of what happens, not of the event; "global" for none
	// Account is the account that is affected. The events of an organization are sent to
	// another one.
	Account string
	// Description is AWS's own, in English if there is one.
	Description string
	// Affected are the affected resources with their statuses, of this page of the event.
	Affected           []string
	Page, Pages        string
	Begin, End, Update date
	Metadata           event.Fields
	Action             string // ACTION_REQUIRED, ACTION_MAY_BE_REQUIRED or INFORMATIONAL
	Personas           []string
	// Backup is true for the copy that is sent to a backup region.
	Backup bool
}

// decodeEvent reads "AWS Health Event" and "AWS Health Abuse Event".
//
// https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
func decodeEvent(e *event.Event, detail event.Fields) event.Subject {
	s := &Event{
		ARN:         detail.Text("eventArn"),
		Service:     detail.Text("service"),
		Code:        detail.Text("eventTypeCode"),
		Category:    detail.Text("eventTypeCategory"),
		Scope:       detail.Text("eventScopeCode"),
		Status:      strings.ToLower(detail.Text("statusCode")),
		Region:      cmp.Or(detail.Text("eventRegion"), e.Region),
		Account:     cmp.Or(detail.Text("affectedAccount"), e.Account),
		Description: inEnglish(detail.Objects("eventDescription")),
		Affected:    affected(detail.Objects("affectedEntities")),
		Page:        detail.Text("page"),
		Pages:       detail.Text("totalPages"),
		Begin:       readDate(detail, "startTime"),
		End:         readDate(detail, "endTime"),
		Update:      readDate(detail, "lastUpdatedTime"),
		Metadata:    detail.Object("eventMetadata"),
		Action:      detail.Text("actionability"),
		Personas:    detail.Texts("personas"),
		Backup:      strings.EqualFold(detail.Text("backupEvent"), "true"),
	}
	if s.Service == "" {
		s.Service = serviceOf(s.ARN, s.Code)
	}
	s.Abuse = s.Service == "ABUSE" || e.DetailType == "AWS Health Abuse Event" || strings.HasPrefix(s.Code, "AWS_ABUSE_")
	s.Risk = s.Service == "RISK" || strings.HasPrefix(s.Code, "AWS_RISK_")
	if s.Affected == nil {
		s.Affected = e.Resources
	}
	return s
}

// SkipReason leaves out the copy that AWS Health sends of every event to another region,
// for when the event's own is down.
//
// https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
func (s *Event) SkipReason(wire.Watch) string {
	if s.Backup {
		return "it is a copy that AWS Health sends to a backup region"
	}
	return ""
}

// Describe implements [event.Subject].
func (s *Event) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	over := s.over(e)
	n.Kind = notice.KindHealth
	n.Severity, n.Status = s.severity(over)
	n.Key = "health:" + strings.Join([]string{s.Account, s.Region, cmp.Or(s.ARN, e.ID)}, ":")
	title := s.title()
	if over {
		title += " is over"
	}
	title += event.Labeled(": ", s.what())
	n.Title = title
	if resource := s.resource(); resource != "" {
		n.Title += " (" + resource + ")"
	}
	n.Summary = "AWS Health: " + title + "." + s.more(over, now)
	s.addFacts(n, e, now)
	n.Link("AWS Health", event.HealthEvent(s.ARN))
}

// title is what the event is about, and where: "EC2 issue in eu-west-1".
func (s *Event) title() string {
	title := cmp.Or(s.Service, "AWS") + " " + cmp.Or(categories[s.Category], s.Category, "event")
	switch {
	case s.Risk:
		return "AWS account at risk" // wherever that was seen
	case s.Abuse:
		title = "AWS abuse report"
	}
	if s.Region != "" && s.Region != "global" {
		title += " in " + s.Region
	}
	return title
}

// more is the rest of the summary, after its first sentence.
func (s *Event) more(over bool, now time.Time) string {
	var more string
	if len(s.Affected) > 0 {
		more += " It affects " + event.FirstOf(s.Affected) + "."
	}
	if exposure := s.exposure(); s.Risk && exposure != "" {
		more += " " + event.Capital(exposure) + "."
	}
	if !over {
		more += event.Labeled(" ", actions[s.Action].sentence)
	}
	if s.Begin.After(now) {
		more += " It begins " + notice.Moment(s.Begin.Time, now) + "."
	}
	return more + event.Labeled(" AWS says: ", s.quote())
}

func (s *Event) addFacts(n *notice.Notice, e *event.Event, now time.Time) {
	n.Add("Service", cmp.Or(s.Service, "not given"), "")
	n.Add("Category", cmp.Or(categories[s.Category], s.Category, "not given"), "")
	n.Add("Event", s.Code, event.HealthEvent(s.ARN))
	n.Add("Status", s.Status, "")
	n.Add("Action", cmp.Or(actions[s.Action].name, s.Action), "")
	n.Add("Affected", event.Listed(s.Affected), "")
	n.Add("Region", s.Region, "")
	n.Add("Scope", cmp.Or(scopes[s.Scope], s.Scope), "")
	if s.Account != e.Account {
		n.Add("Affected account", s.Account, "")
	}
	n.Add("Begin", s.Begin.text(now), "")
	n.Add("End", s.End.text(now), "")
	n.Add("Updated", s.Update.text(now), "")
	if s.Begin.text(now) == "" {
		n.Add("Time", notice.Moment(e.Time, now), "")
	}
	n.Add("Details", event.Listed(s.details()), "")
	n.Add("For", strings.ToLower(strings.Join(s.Personas, ", ")), "")
	if s.Pages != "" && s.Pages != "1" {
		n.Add("Page", cmp.Or(s.Page, "one")+" of "+s.Pages+": the others come as events of their own", "")
	}
	n.Add("AWS says", s.Description, "")
}
