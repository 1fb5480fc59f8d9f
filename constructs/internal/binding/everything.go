package binding

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// everything is the key of a scope's context.
const everything = "extraeye:everything"

// SetSeesEverything says of a scope, which has no children yet, that watches in it that name
// nothing see everything of their kind in the account and Region.
func SetSeesEverything(scope constructs.IConstruct) {
	scope.Node().SetContext(jsii.String(everything), true)
}

// SeesEverything reports whether watches in a scope need not name anything.
func SeesEverything(scope constructs.IConstruct) bool {
	is, _ := scope.Node().TryGetContext(jsii.String(everything)).(bool)
	return is
}
