package evidence

import (
	"errors"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
)

// pause is how long an operation is not asked after it throttled.
const pause = 5 * time.Second

// errPaused is why an operation is not asked after it throttled.
var errPaused = errors.New("the operation throttled a moment ago")

// pauses are the operations that throttled, by Region, and when. The zero value is ready.
type pauses struct {
	mu sync.Mutex
	at map[awsapi.Call]time.Time
}

// send makes a call unless its operation throttled shortly before. What a severity depends on
// is asked all the same.
func (p *pauses) send(call awsapi.Call, send func() error) error {
	if call.Persistent {
		return send()
	}
	if p.paused(call) {
		return errPaused
	}
	err := send()
	var refused *awsapi.Error
	if errors.As(err, &refused) && refused.Throttled() {
		p.begin(call)
	}
	return err
}

func (p *pauses) paused(call awsapi.Call) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.at[call]
	return ok && within(at, wallClock(), pause)
}

func (p *pauses) begin(call awsapi.Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[awsapi.Call]time.Time{}
	}
	p.at[call] = wallClock()
}
