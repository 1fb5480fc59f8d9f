package card

// layout says which fields of a sink's request matter, by their paths.
type layout struct {
	name        string   // of the destination
	pills       []string // what kind of message it is, in a word each
	title, text string
	rows        []labelled
}

// labelled is a field with its label.
type labelled struct{ label, path string }

// Where New Relic's change tracking has the change, and that of a deployment.
const (
	relic       = "variables.event."
	relicFields = relic + "categoryAndTypeData.categoryFields.deployment."
)

// layouts are the sinks whose requests are shown by their fields.
var layouts = map[string]layout{
	"pagerduty": {"PagerDuty", []string{"event_action", "payload.severity"}, "payload.summary", "", []labelled{
		{"Dedup key", "dedup_key"}, {"Source", "payload.source"}, {"Time", "payload.timestamp"}, {"Component", "payload.component"},
		{"Group", "payload.group"}, {"Class", "payload.class"}, {"Links", "links"}, {"Details", "payload.custom_details"},
	}},
	"newrelic": {"New Relic", []string{relic + "categoryAndTypeData.kind.category", relic + "categoryAndTypeData.kind.type"},
		relic + "shortDescription", relic + "description", []labelled{
			{"Entity", relic + "entitySearch.query"},
			{"Version", relicFields + "version"}, {"Commit", relicFields + "commit"}, {"Changelog", relicFields + "changelog"}, {"Link", relicFields + "deepLink"},
			{"Time", relic + "timestamp"}, {"By", relic + "user"}, {"Group", relic + "groupId"},
		}},
	"datadog": {"Datadog", []string{"alert_type"}, "title", "text", []labelled{
		{"Tags", "tags"}, {"Aggregation key", "aggregation_key"}, {"Time", "date_happened"},
	}},
	"grafana": {"Grafana", nil, "", "text", []labelled{
		{"Tags", "tags"}, {"From", "time"}, {"To", "timeEnd"}, {"Dashboard", "dashboardUID"}, {"Panel", "panelId"},
	}},
	"webhook": {"Webhook", []string{"type", "data.severity", "data.status"}, "data.title", "data.summary", []labelled{
		{"Time", "timestamp"}, {"Key", "data.key"}, {"Service", "data.service"}, {"Links", "data.links"}, {"Facts", "data.facts"},
	}},
	"amazonq": {"Amazon Q", []string{"metadata.eventType"}, "content.title", "content.description", []labelled{
		{"Next steps", "content.nextSteps"}, {"Keywords", "content.keywords"}, {"Thread", "metadata.threadId"}, {"Summary", "metadata.summary"},
		{"Resources", "metadata.relatedResources"}, {"Context", "metadata.additionalContext"}, {"Id", "id"},
	}},
}
