// Package watch says what can be seen: one file per watch.
//
// A watch is a plain literal. Names are matched exactly; a name may be a CDK
// token, such as *group.AutoScalingGroupName(), but not a list token.
package watch

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Watch is something that an Eye can see. The types of this package implement it;
// what Bind returns is the library's own.
type Watch interface {
	// Bind says what the watch asks of an Eye at this place in the tree. An Eye
	// calls it; users need not.
	Bind(scope constructs.Construct) binding.Watch
}

// orDefault returns the choices that a user made, or if there are none the defaults.
func orDefault[T any](choices, defaults []T) []T {
	if len(choices) == 0 {
		return defaults
	}
	return choices
}
