package ecs

import (
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// Things implements [event.Ownable].
func (t *Task) Things() []wire.Thing { return things(t.Cluster, t.Service) }

// Things implements [event.Ownable].
func (d *Deployment) Things() []wire.Thing { return things(d.Cluster, d.Service) }

// Things implements [event.Ownable].
func (h *Hook) Things() []wire.Thing { return things(h.Cluster, h.Service) }

// Things implements [event.Ownable].
func (s *Service) Things() []wire.Thing { return things(s.Cluster, s.Service) }

// things are a service, if there is one, and its cluster.
func things(cluster, service string) []wire.Thing {
	switch {
	case cluster == "":
		return nil
	case service == "":
		return event.Thing(wire.ECSCluster, cluster)
	}
	return append(event.Thing(wire.ECSService, cluster+"/"+service), event.Thing(wire.ECSCluster, cluster)...)
}
