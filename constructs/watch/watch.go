// Package watch says what can be seen: one file per watch.
//
// A watch is a plain literal, given to an Eye. It names what it watches in one or both of
// two ways: by names, in fields such as AutoScalingGroupNames, and by CDK's own objects,
// in fields that end in Refs. Names are matched exactly; a name may be a CDK token, but
// not a list token. Objects may be of any stack in the same account and region, imported
// ones included.
//
// Choices, such as states and causes, are constants that begin with what they are of:
// [CauseScaleIn], [DeploymentFailed], [StopOutOfMemory]. A field that is left out has the
// default that its comment says; functions such as [AllCauses] return all choices.
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

// convert writes choices of one type as choices of another.
func convert[To, From ~string](choices []From) []To {
	var converted []To
	for _, c := range choices {
		converted = append(converted, To(c))
	}
	return converted
}
