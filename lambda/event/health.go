package event

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Health is what AWS Health says of a service, or of what an account has of it.
type Health struct {
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

// decodeHealth reads "AWS Health Event" and "AWS Health Abuse Event".
//
// https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
func decodeHealth(e *Event, detail fields) Subject {
	s := &Health{
		ARN:         detail.text("eventArn"),
		Service:     detail.text("service"),
		Code:        detail.text("eventTypeCode"),
		Category:    detail.text("eventTypeCategory"),
		Scope:       detail.text("eventScopeCode"),
		Status:      strings.ToLower(detail.text("statusCode")),
		Region:      detail.text("eventRegion"),
		Account:     or(detail.text("affectedAccount"), e.Account),
		Description: inEnglish(detail.objects("eventDescription")),
		Affected:    affected(detail.objects("affectedEntities")),
		Page:        detail.text("page"),
		Pages:       detail.text("totalPages"),
		Begin:       detail.date("startTime"),
		End:         detail.date("endTime"),
		Update:      detail.date("lastUpdatedTime"),
		Action:      detail.text("actionability"),
		Personas:    detail.texts("personas"),
		Backup:      strings.EqualFold(detail.text("backupEvent"), "true"),
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

// unwanted leaves out the copy that AWS Health sends of every event to another region,
// for when the event's own is down.
//
// https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
func (s *Health) unwanted(wire.Watch) string {
	if s.Backup {
		return "it is a copy that AWS Health sends to a backup region"
	}
	return ""
}

func (s *Health) tell(n *notice.Notice, e *Event, now time.Time) {
	title := or(s.Service, "AWS") + " " + or(healthNouns[s.Category], or(s.Category, "event"))
	if s.Abuse {
		title = "AWS abuse report"
	}
	if s.Region != "" && s.Region != "global" {
		title += " in " + s.Region
	}
	over := s.over(e)

	n.Kind = notice.KindHealth
	n.Severity, n.Status = s.judge(over)
	n.Key = "health:" + strings.Join([]string{s.Account, s.Region, or(s.ARN, e.ID)}, ":")
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
		n.Summary += " It affects " + first(s.Affected) + "."
	}
	if action := healthActions[s.Action]; action.sentence != "" && !over {
		n.Summary += " " + action.sentence
	}
	if s.Begin.After(now) {
		n.Summary += " It begins " + notice.Moment(s.Begin, now) + "."
	}

	if quote := s.quote(); quote != "" {
		n.Summary += " AWS says: " + quote
	}

	link := healthEvent(s.ARN)
	n.Add("Service", s.Service, "")
	n.Add("Event", s.Code, link)
	n.Add("Status", s.Status, "")
	n.Add("Action", or(healthActions[s.Action].words, s.Action), "")
	n.Add("Affected", listed(s.Affected), "")
	n.Add("Region", s.Region, "")
	n.Add("Scope", or(healthScopes[s.Scope], s.Scope), "")
	if s.Account != e.Account {
		n.Add("Affected account", s.Account, "")
	}
	n.Add("Begin", notice.Moment(s.Begin, now), "")
	n.Add("End", notice.Moment(s.End, now), "")
	n.Add("Updated", notice.Moment(s.Update, now), "")
	n.Add("For", strings.ToLower(strings.Join(s.Personas, ", ")), "")
	if s.Pages != "" && s.Pages != "1" {
		n.Add("Page", or(s.Page, "one")+" of "+s.Pages+": the others come as events of their own", "")
	}
	n.Add("AWS says", s.Description, "")
	n.Link("AWS Health", link)
}
