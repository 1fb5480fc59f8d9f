package newrelic

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxText bounds a description and a changelog, in characters, as every
	// attribute's value.
	//
	// https://docs.newrelic.com/docs/more-integrations/open-source-telemetry-integrations/opentelemetry/best-practices/opentelemetry-best-practices-attributes
	maxText = 4095
	// maxName, maxValue and maxURL bound what New Relic documents no other limit for, so
	// that a description has room for every sort of thing.
	maxName  = 255
	maxValue = 1500
	maxURL   = 800
)

// mutation creates a change. Names and types are those of New Relic's own client.
//
// https://github.com/newrelic/newrelic-client-go/blob/main/pkg/changetracking/changetracking_api.go
const mutation = `mutation($event: ChangeTrackingCreateEventInput!) { changeTrackingCreateEvent(changeTrackingEvent: $event) { changeTrackingEvent { changeTrackingId } messages } }`

type request struct {
	Query     string    `json:"query"`
	Variables variables `json:"variables"`
}

type variables struct {
	Event event `json:"event"`
}

// event is a ChangeTrackingCreateEventInput. Its custom attributes are not used:
// New Relic documents them as a literal of the query only, which is not JSON.
//
// https://github.com/newrelic/newrelic-client-go/blob/main/pkg/changetracking/types.go
type event struct {
	Category     category `json:"categoryAndTypeData"`
	EntitySearch struct {
		Query string `json:"query"`
	} `json:"entitySearch"`
	ShortDescription string `json:"shortDescription,omitempty"`
	Description      string `json:"description,omitempty"`
	GroupID          string `json:"groupId,omitempty"`
	Timestamp        int64  `json:"timestamp,omitempty"` // milliseconds
	User             string `json:"user,omitempty"`
}

type category struct {
	Kind   kind    `json:"kind"`
	Fields *fields `json:"categoryFields,omitempty"`
}

// kind is a category and a type that New Relic knows.
//
// https://docs.newrelic.com/docs/change-tracking/config/nerdgraph#standard-categories-types
type kind struct {
	Category string `json:"category"`
	Type     string `json:"type"`
}

type fields struct {
	Deployment deployment `json:"deployment"`
}

type deployment struct {
	Version   string `json:"version"`
	Changelog string `json:"changelog,omitempty"`
	Commit    string `json:"commit,omitempty"`
	DeepLink  string `json:"deepLink,omitempty"`
}

// Body is the request for a notice.
func Body(n *notice.Notice, cfg wire.NewRelic) []byte {
	e := event{
		Category:         category{Kind: kind{"OPERATIONAL", "OTHER"}},
		ShortDescription: name(n.Title),
		Description:      describe(n),
		GroupID:          name(n.Group()),
	}
	if e.EntitySearch.Query = cfg.EntitySearch; cfg.EntityGUID != "" {
		e.EntitySearch.Query = "id = '" + cfg.EntityGUID + "'"
	}
	if !n.Time.IsZero() {
		e.Timestamp = n.Time.UnixMilli()
	}
	if r := n.Release; r != nil {
		e.Category = categoryOf(r)
		e.GroupID, e.User = name(cmp.Or(r.ID, n.Group())), name(r.By)
	}
	return notice.JSON(request{mutation, variables{e}})
}

// categoryOf is that of a deployment. New Relic requires a version, which CodeDeploy may
// not know.
func categoryOf(r *notice.Release) category {
	if r.State == wire.DeploymentStarted || r.State == wire.DeploymentReady {
		return category{Kind: kind{"DEPLOYMENT_LIFECYCLE", "ARTIFACT_DEPLOYMENT"}}
	}
	d := deployment{
		Version:   cmp.Or(name(r.Version), name(r.Commit), name(r.ID), "unknown"),
		Changelog: notice.Cut(notice.Block(r.Description), maxText),
		Commit:    name(r.Commit),
	}
	if notice.IsWeb(r.URL) && len(r.URL) <= maxURL {
		d.DeepLink = r.URL
	}
	return category{Kind: kind{"DEPLOYMENT", "BASIC"}, Fields: &fields{d}}
}

// describe is the summary, the facts and the links, as far as there is room. Long
// values are cut first, and there is always room for a link to the whole.
func describe(n *notice.Notice) string {
	asIs := func(label string) string { return label }
	return notice.CutBefore(strings.TrimSpace(n.Lines(maxValue)), notice.LinkLines(n.Links, asIs), maxText)
}

func name(s string) string { return notice.Cut(notice.Line(s), maxName) }
