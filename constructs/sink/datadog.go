package sink

import (
	"regexp"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Datadog posts events.
type Datadog struct {
	// APIKey is an API key of the organization.
	//
	// Required.
	APIKey Secret

	// Site is the Datadog site that the organization is on, such as "datadoghq.eu"
	// or "us5.datadoghq.com".
	//
	// Default: datadoghq.com.
	Site string

	// Tags are given to every event, besides those that say what happened, such as
	// "team:web".
	//
	// Default: none.
	Tags []string
}

var _ Sink = Datadog{}

// https://docs.datadoghq.com/getting_started/site/
const defaultSite = "datadoghq.com"

// https://docs.datadoghq.com/getting_started/tagging/#define-tags
var datadogTag = binding.Kind{What: "tag", Names: "Tags", MaxLength: 200}

// site is what the name of a site looks like. Sites are added now and then, so
// they are not listed here.
var site = regexp.MustCompile(`^([a-z0-9-]+\.)+[a-z]{2,}$`)

// Bind implements [Sink].
func (d Datadog) Bind(scope constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Datadog"}
	w := &wire.Datadog{APIKey: d.APIKey.bind(&b, "sink.Datadog.APIKey"), Site: d.Site, Tags: d.Tags}
	switch {
	case d.Site == "":
		w.Site = defaultSite
	case binding.IsToken(d.Site):
	case !site.MatchString(d.Site) || strings.HasPrefix(d.Site, "app.") || strings.HasPrefix(d.Site, "api."):
		b.Problemf(binding.BadSetting, "sink.Datadog.Site %q is not a site; write its parameter in https://docs.datadoghq.com/getting_started/site/, such as datadoghq.eu", d.Site)
	}
	if len(d.Tags) > 0 {
		b.CheckNames(scope, "sink.Datadog", datadogTag, d.Tags)
	}
	b.Wire = &wire.Sink{Datadog: w}
	return b
}
