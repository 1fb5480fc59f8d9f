package evidence

import (
	"context"

	"github.com/extraeye/extraeye/lambda/event"
)

func (l *Lookups) fleet(ctx context.Context, region, group string) event.Finding[event.Fleet] {
	return event.Finding[event.Fleet]{}
}

func (l *Lookups) history(ctx context.Context, region, group string) event.Finding[event.History] {
	return event.Finding[event.History]{}
}

func (l *Lookups) refresh(ctx context.Context, region, group, id string) event.Finding[event.RefreshInfo] {
	return event.Finding[event.RefreshInfo]{}
}

// lifecycleState returns an instance's state in its Auto Scaling group, "" if it is
// in none.
func (l *Lookups) lifecycleState(ctx context.Context, region, instance string) event.Finding[string] {
	return event.Finding[string]{}
}

func (l *Lookups) hook(ctx context.Context, region, group, hook string) event.Finding[event.HookInfo] {
	return event.Finding[event.HookInfo]{}
}
