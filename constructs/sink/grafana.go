package sink

import (
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Grafana writes annotations: a moment, or for a deployment that ended the time
// from its start to its end.
type Grafana struct {
	// URL is where Grafana is, such as "https://grafana.example.com". The notifier
	// must reach it over the internet.
	//
	// Required.
	URL string

	// Token is the token of a service account that has the permission
	// annotations:create.
	//
	// Required.
	Token Secret

	// DashboardUID is the dashboard that is annotated.
	//
	// Default: none; the annotations are the organization's, found by their tags.
	DashboardUID string

	// PanelID is the panel of the dashboard that is annotated.
	//
	// Default: all panels.
	PanelID int

	// Tags are given to every annotation, besides those that say what happened.
	//
	// Default: none.
	Tags []string
}

var _ Sink = Grafana{}

// https://github.com/grafana/grafana/blob/main/pkg/services/sqlstore/migrations/tag_mig.go
var grafanaTag = binding.Kind{What: "tag", Names: "Tags", MaxLength: 100}

// Bind implements [Sink].
func (g Grafana) Bind(scope constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Grafana"}
	checkURL(&b, "sink.Grafana.URL", g.URL, "https")
	if strings.HasSuffix(strings.TrimRight(g.URL, "/"), "/api") {
		b.Problemf(binding.BadURL, "sink.Grafana.URL ends in /api, which the notifier adds; leave it out")
	}
	b.CheckText("sink.Grafana.DashboardUID", g.DashboardUID)
	if g.PanelID != 0 && g.DashboardUID == "" {
		b.Problemf(binding.BadPair, "sink.Grafana has the PanelID %d and no DashboardUID; name the panel's dashboard", g.PanelID)
	}
	if g.PanelID < 0 {
		b.Problemf(binding.BadSetting, "sink.Grafana.PanelID is %d; a panel's id is a positive number", g.PanelID)
	}
	if len(g.Tags) > 0 {
		b.CheckNames(scope, "sink.Grafana", grafanaTag, g.Tags)
	}
	b.Wire = &wire.Sink{Grafana: &wire.Grafana{
		URL: g.URL, Token: g.Token.bind(&b, "sink.Grafana.Token"), DashboardUID: g.DashboardUID, PanelID: g.PanelID, Tags: g.Tags,
	}}
	return b
}
