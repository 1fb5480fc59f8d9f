package watch

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// required checks what a watch names, as strings and as CDK's own objects, and returns
// the names of both. At least one of the two lists is given, unless the watch may see
// everything.
func required[R awscdk.IResource](b *binding.Watch, scope constructs.Construct, kind binding.Kind, names []string, refs []R, name func(R) *string) []string {
	if names == nil && refs == nil {
		if binding.SeesEverything(scope) {
			return nil
		}
		b.Problemf(binding.NoNames, "%s names no %s; set %s or %s", b.Name, kind.What, kind.Names, kind.Refs)
		return nil
	}
	return optional(b, scope, kind, names, refs, name)
}

// optional is required for what may be left out. An empty list is not left out: a list
// that a program computed may be empty by mistake.
func optional[R awscdk.IResource](b *binding.Watch, scope constructs.Construct, kind binding.Kind, names []string, refs []R, name func(R) *string) []string {
	if names != nil {
		b.CheckNames(scope, b.Name, kind, names)
	}
	if refs != nil && len(refs) == 0 {
		b.Problemf(binding.NoNames, "%s.%s is empty; give it at least one %s, or leave it out", b.Name, kind.Refs, kind.What)
	}
	all := slices.Clone(names)
	for i, ref := range refs {
		switch {
		case any(ref) == nil:
			b.Problemf(binding.BadRef, "%s.%s[%d] is nil; remove it", b.Name, kind.Refs, i)
		case binding.IsElsewhere(ref, scope):
			b.Problemf(binding.BadRef, "%s.%s[%d] %s is in another account or region, whose events do not arrive here; watch it in a stack there", b.Name, kind.Refs, i, *ref.Node().Path())
		case slices.Contains(all, *name(ref)):
			b.Problemf(binding.DuplicateName, "%s.%s[%d] %s is named twice; remove one", b.Name, kind.Refs, i, *ref.Node().Path())
		default:
			all = append(all, *name(ref))
		}
	}
	return all
}
