package sink

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Teams posts an Adaptive Card to a channel or chat of Microsoft Teams, through a
// workflow that starts "when a Teams webhook request is received".
type Teams struct {
	// Webhook is the URL of the workflow, as Teams shows it. It is a secret: who has
	// it can post.
	//
	// Required.
	Webhook Secret
}

var _ Sink = Teams{}

// Bind implements [Sink].
func (t Teams) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Teams"}
	b.Wire = &wire.Sink{Teams: &wire.Teams{Webhook: t.Webhook.bind(&b, "sink.Teams.Webhook")}}
	return b
}
