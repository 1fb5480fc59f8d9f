package collect

import (
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// Scope is what belongs to a service, and what else does that is not read.
type Scope struct {
	wire.Scope
	// Unrecorded is what else belongs to it and is not read, with the reason: "EC2 state changes
	// (AWS keeps no record)".
	Unrecorded []string `json:"unrecorded,omitempty"`
}

// nameOf names a service of ECS.
func nameOf(s wire.ClusterService) string { return s.Cluster + "/" + s.Name }

// Empty reports whether nothing belongs to the service.
func (s Scope) Empty() bool {
	return len(s.Groups)+len(s.Applications)+len(s.ECSServices)+len(s.Alarms)+len(s.Journals) == 0
}

// open reports whether a name stands for several.
func open(name string) bool { return strings.Contains(name, "*") }

// Matches reports whether a name is one that a pattern with * stands for.
func Matches(pattern, name string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	name, ok := strings.CutPrefix(name, first)
	if !ok || !wild {
		return ok && name == ""
	}
	parts := strings.Split(rest, "*")
	last := parts[len(parts)-1]
	for _, part := range parts[:len(parts)-1] {
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name = name[at+len(part):]
	}
	return strings.HasSuffix(name, last)
}
