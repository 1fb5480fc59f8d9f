package watch

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Health sees what AWS Health reports about the region and about what the account has
// there. Events of services that belong to no region, such as IAM, arrive in us-east-1,
// outside of China and GovCloud. Copies that arrive in a backup region are left out.
//
// AWS Health sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-health.html
type Health struct {
	// Services are the services that are reported, as AWS Health names them, such as "EC2",
	// "RDS" or, for reports of abuse, "ABUSE".
	//
	// Default: all.
	Services []string

	// Categories are the categories of events that are reported.
	//
	// Default: HealthIssue, which reports of abuse are of, HealthInvestigation and
	// HealthScheduledChange.
	Categories []HealthCategory
}

var _ Watch = Health{}

// HealthCategory is the category of an event of AWS Health.
type HealthCategory string

// The categories of AWS Health's events.
//
// https://docs.aws.amazon.com/health/latest/APIReference/API_Event.html
const (
	HealthIssue               HealthCategory = "issue"
	HealthInvestigation       HealthCategory = "investigation"
	HealthScheduledChange     HealthCategory = "scheduledChange"
	HealthAccountNotification HealthCategory = "accountNotification"
)

// AllHealthCategories returns all categories of AWS Health's events.
func AllHealthCategories() []HealthCategory {
	return []HealthCategory{HealthIssue, HealthInvestigation, HealthScheduledChange, HealthAccountNotification}
}

// https://docs.aws.amazon.com/health/latest/APIReference/API_Event.html
var healthService = binding.Kind{What: "service", Names: "Services", MaxLength: 30}

// Bind implements [Watch].
func (h Health) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "Health",
		Wire:        wire.Watch{Health: &wire.Health{}},
		Source:      "aws.health",
		DetailTypes: []string{"AWS Health Event", "AWS Health Abuse Event"},
	}
	if h.Services != nil {
		b.CheckNames(scope, "Health", healthService, h.Services)
	}
	binding.CheckChoices(&b.Problems, "Health.Categories", h.Categories, AllHealthCategories())
	if len(h.Services) > 0 {
		b.Fields = []binding.Field{{Path: "detail.service", Values: healthService.Values(h.Services)}}
	}
	b.Fields = append(b.Fields, binding.Field{Path: "detail.eventTypeCategory", Values: binding.Choices(orDefault(h.Categories, []HealthCategory{HealthIssue, HealthInvestigation, HealthScheduledChange}))})
	return b
}
