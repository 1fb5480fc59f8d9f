package samples

import (
	"maps"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// names are those of the setting's things: of each kind the one whose turn it is.
func (at Setting) names(turn int) names {
	kinds := map[string][]names{} // by the placeholder that they share
	for _, thing := range at.Things {
		kind, n := namesOf(thing)
		kinds[kind] = append(kinds[kind], n)
	}
	all := names{}
	for _, list := range kinds {
		maps.Copy(all, list[turn%len(list)])
	}
	return all
}

// namesOf are the names of a thing.
func namesOf(thing wire.Thing) (placeholder string, n names) {
	switch thing.Kind {
	case wire.AutoScalingGroup:
		return group, names{group: thing.Name}
	case wire.CodeDeployApplication:
		return application, names{application: thing.Name}
	case wire.ECSCluster:
		return cluster, names{cluster: thing.Name}
	case wire.ECSService:
		of, name, _ := strings.Cut(thing.Name, "/")
		return cluster, names{cluster: of, service: name}
	}
	return alarm, names{alarm: thing.Name}
}
