package health

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
)

var _ event.Countable = (*Event)(nil)

// Counted implements [event.Countable].
func (s *Event) Counted(e *event.Event) event.Counted {
	service := cmp.Or(s.Service, "AWS")
	return event.Counted{
		Noun: "AWS Health event", Phrase: "of " + service, Label: "Events", Thing: cmp.Or(s.Code, s.ARN),
		By: []event.CountedBy{
			{Label: "Category", Value: cmp.Or(categories[s.Category], s.Category, "not given")},
			{Label: "Region", Value: s.Region}, {Label: "Status", Value: s.Status},
		},
		Within: "health:" + strings.Join([]string{s.Account, e.Region, service}, ":"),
	}
}
