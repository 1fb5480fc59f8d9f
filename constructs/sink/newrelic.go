package sink

import (
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// NewRelic marks deployments on the charts of an entity, with change tracking.
// Whatever else is watched becomes an operational event there.
//
// Exactly one of EntityGUID and EntitySearch is set.
type NewRelic struct {
	// APIKey is a user key ("NRAK-…").
	//
	// Required.
	APIKey Secret

	// EntityGUID is the entity that is marked.
	//
	// Default: none; then set EntitySearch.
	EntityGUID string

	// EntitySearch finds the entity that is marked, such as
	// "name = 'some-service' AND domain = 'APM'". It must find exactly one.
	//
	// Default: none; then set EntityGUID.
	EntitySearch string

	// EU says that the account is in New Relic's EU data center.
	//
	// Default: the US data center.
	EU bool
}

var _ Sink = NewRelic{}

// Bind implements [Sink].
func (n NewRelic) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "NewRelic"}
	switch {
	case n.EntityGUID == "" && n.EntitySearch == "":
		b.Problemf(binding.BadPair, "sink.NewRelic has neither EntityGUID nor EntitySearch; set one of them")
	case n.EntityGUID != "" && n.EntitySearch != "":
		b.Problemf(binding.BadPair, "sink.NewRelic has both EntityGUID and EntitySearch; set one of them")
	}
	if !binding.IsToken(n.EntityGUID) && strings.ContainsFunc(n.EntityGUID, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`'"\`, r) }) {
		b.Problemf(binding.BadSetting, "sink.NewRelic.EntityGUID %q is not a GUID, which is base64; copy it from the entity's metadata, or set EntitySearch", n.EntityGUID)
	}
	b.CheckText("sink.NewRelic.EntitySearch", n.EntitySearch)
	b.Wire = &wire.Sink{NewRelic: &wire.NewRelic{
		APIKey: n.APIKey.bind(&b, "sink.NewRelic.APIKey"), EntityGUID: n.EntityGUID, EntitySearch: n.EntitySearch, EU: n.EU,
	}}
	return b
}
