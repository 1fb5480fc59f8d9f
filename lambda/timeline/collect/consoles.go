package collect

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

const (
	// consolesKept is how long EC2 has the console output of an instance that was terminated.
	//
	// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
	consolesKept = time.Hour
	// maxConsoles is how many consoles are read.
	maxConsoles = 10
)

// readConsoles reads the last words of the instances that died last, while EC2 still has them.
func (r *reader) readConsoles(ctx context.Context) {
	var died []activity
	for _, a := range r.activities {
		at := instant(a.Start)
		if len(died) < maxConsoles && strings.HasPrefix(a.Description, terminating) && a.instance() != "" &&
			at.After(r.now.Add(-consolesKept)) && !at.Before(r.from) && !at.After(r.to) {
			died = append(died, a)
		}
	}
	var mu sync.Mutex
	r.consoles = map[string]event.Finding[autoscaling.Console]{}
	each(ctx, died, func(ctx context.Context, a activity) {
		found := r.lookups.Console(ctx, r.Region, a.instance(), instant(a.Start))
		mu.Lock()
		defer mu.Unlock()
		r.consoles[a.instance()] = found
	})
}
