package evidence

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/retry"
)

const (
	// pause is how long an operation is not asked after it throttled.
	pause = 5 * time.Second
	// persistence is how many persistent calls in a row must have been in vain before. In a mass
	// failure some are, and the next is answered.
	persistence = 6
)

// errPaused is why an operation is not asked after it throttled.
var errPaused = errors.New("the operation throttled a moment ago")

// pauses are the operations that throttled, by account and Region. The zero value is ready.
type pauses struct {
	mu       sync.Mutex
	throttle map[paced]throttle
}

// paced is a call in a place.
type paced struct {
	place *place
	awsapi.Call
}

// throttle is how often an operation throttled in a row, whatever was tried, and when.
type throttle struct {
	times int
	at    time.Time
}

// send makes a call unless its operation throttled shortly before. What a severity depends on is
// asked all the same.
func (p *pauses) send(call paced, send func() error) error {
	if slices.Contains(decisiveOperations, call.Operation) {
		return send()
	}
	if p.paused(call) {
		return errPaused
	}
	err := send()
	var refused *awsapi.Error
	p.note(call, errors.As(err, &refused) && refused.Throttled())
	return err
}

func (p *pauses) paused(call paced) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	enough := 1
	if call.Persistent {
		enough = persistence
	}
	t := p.throttle[call]
	return t.times >= enough && within(t.at, retry.WallClock(), pause)
}

func (p *pauses) note(call paced, throttled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !throttled {
		delete(p.throttle, call)
		return
	}
	if p.throttle == nil {
		p.throttle = map[paced]throttle{}
	}
	p.throttle[call] = throttle{p.throttle[call].times + 1, retry.WallClock()}
}
