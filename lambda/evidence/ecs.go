package evidence

import (
	"context"

	"github.com/extraeye/extraeye/lambda/event"
)

func (l *Lookups) service(ctx context.Context, region, cluster, service string) event.Finding[event.ServiceInfo] {
	return event.Finding[event.ServiceInfo]{}
}
