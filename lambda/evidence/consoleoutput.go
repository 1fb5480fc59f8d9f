package evidence

import (
	"context"

	"github.com/extraeye/extraeye/lambda/event"
)

// lastWords returns the lines of an instance's console output that say why it died.
func (l *Lookups) lastWords(ctx context.Context, region, id string) event.Finding[[]string] {
	return event.Finding[[]string]{}
}
