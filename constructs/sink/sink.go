// Package sink says who can be notified, and how: one file per destination.
//
// A sink is a plain literal. The same literal may be given to any number of watches. What
// it needs to get in is a [Secret], made by [FromSecretsManager] or [FromParameter], of
// which the template has nothing but the name.
package sink

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Sink is a destination that an Eye can notify. The types of this package implement
// it; what Bind returns is the library's own.
type Sink interface {
	// Bind says what the sink asks of an Eye at this place in the tree. An Eye
	// calls it; users need not.
	Bind(scope constructs.Construct) binding.Sink
}
