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

// Event is what AWS Health says of a service, or of what an account has of it.
type Event struct {
	ARN      string
	Service  string // such as EC2
	Code     string // such as AWS_EC2_OPERATIONAL_ISSUE
	Category string // issue, investigation, scheduledChange or accountNotification
	// Abuse says that AWS was told that the account's resources are used for abuse.
	Abuse  bool
	Scope  string // PUBLIC or ACCOUNT_SPECIFIC
	Status string // open, upcoming or closed
	Region string // of what happens, not of the event; "global" for none
	// Account is the one that is affected. An organization's events are sent to another.
	Account string
	// Description is AWS's own, in English if there is one.
	Description string
	// Affected are the affected resources with their statuses, as far as this page of
	// them goes.
	Affected           []string
	Page, Pages        string
	Begin, End, Update time.Time
	Action             string // ACTION_REQUIRED, ACTION_MAY_BE_REQUIRED or INFORMATIONAL
	Personas           []string
	// Backup says that this is the copy for a backup region.
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
		Region:      detail.Text("eventRegion"),
		Account:     cmp.Or(detail.Text("affectedAccount"), e.Account),
		Description: inEnglish(detail.Objects("eventDescription")),
		Affected:    affected(detail.Objects("affectedEntities")),
		Page:        detail.Text("page"),
		Pages:       detail.Text("totalPages"),
		Begin:       date(detail, "startTime"),
		End:         date(detail, "endTime"),
		Update:      date(detail, "lastUpdatedTime"),
		Action:      detail.Text("actionability"),
		Personas:    detail.Texts("personas"),
		Backup:      strings.EqualFold(detail.Text("backupEvent"), "true"),
	}
	s.Abuse = s.Service == "ABUSE" || e.DetailType == "AWS Health Abuse Event"
	if s.Region == "" {
		s.Region = e.Region
	}
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

func (s *Event) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	title := cmp.Or(s.Service, "AWS") + " " + cmp.Or(categories[s.Category], cmp.Or(s.Category, "event"))
	if s.Abuse {
		title = "AWS abuse report"
	}
	if s.Region != "" && s.Region != "global" {
		title += " in " + s.Region
	}
	over := s.over(e)

	n.Kind = notice.KindHealth
	n.Severity, n.Status = s.judge(over)
	n.Key = "health:" + strings.Join([]string{s.Account, s.Region, cmp.Or(s.ARN, e.ID)}, ":")
	n.Title = title
	n.Summary = "AWS Health: " + title
	if over {
		n.Title += " is over"
		n.Summary += " is over"
	}
	if what := s.what(); what != "" {
		n.Title += ": " + what
		n.Summary += ": " + what
	}
	n.Summary += "."
	if len(s.Affected) > 0 {
		n.Summary += " It affects " + event.FirstOf(s.Affected) + "."
	}
	if action := actions[s.Action]; action.sentence != "" && !over {
		n.Summary += " " + action.sentence
	}
	if s.Begin.After(now) {
		n.Summary += " It begins " + notice.Moment(s.Begin, now) + "."
	}

	if quote := s.quote(); quote != "" {
		n.Summary += " AWS says: " + quote
	}

	link := event.HealthEvent(s.ARN)
	n.Add("Service", s.Service, "")
	n.Add("Event", s.Code, link)
	n.Add("Status", s.Status, "")
	n.Add("Action", cmp.Or(actions[s.Action].words, s.Action), "")
	n.Add("Affected", event.Listed(s.Affected), "")
	n.Add("Region", s.Region, "")
	n.Add("Scope", cmp.Or(scopes[s.Scope], s.Scope), "")
	if s.Account != e.Account {
		n.Add("Affected account", s.Account, "")
	}
	n.Add("Begin", notice.Moment(s.Begin, now), "")
	n.Add("End", notice.Moment(s.End, now), "")
	n.Add("Updated", notice.Moment(s.Update, now), "")
	n.Add("For", strings.ToLower(strings.Join(s.Personas, ", ")), "")
	if s.Pages != "" && s.Pages != "1" {
		n.Add("Page", cmp.Or(s.Page, "one")+" of "+s.Pages+": the others come as events of their own", "")
	}
	n.Add("AWS says", s.Description, "")
	n.Link("AWS Health", link)
}
