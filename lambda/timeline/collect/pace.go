package collect

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/retry"
)

// pace keeps the calls of one service apart.
type pace struct {
	every time.Duration

	mu   sync.Mutex
	next time.Time
}

// The paces, well below what AWS allows, because others call it, too: CloudTrail allows 2 calls a
// second, CloudWatch 20 of DescribeAlarmHistory. The others do not say; CodeDeploy is known to
// throttle early.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
var paces = map[string]time.Duration{
	"autoscaling": 100 * time.Millisecond,
	"cloudtrail":  550 * time.Millisecond,
	"codedeploy":  200 * time.Millisecond,
	"ecs":         100 * time.Millisecond,
	"logs":        250 * time.Millisecond,
	"monitoring":  100 * time.Millisecond,
}

// send makes a call at its time, and again while AWS throttles it, more and more slowly, until the
// context ends.
func (p *pace) send(ctx context.Context, call func() error) error {
	var err error
	for {
		if late := p.wait(ctx); late != nil {
			return cmp.Or(err, late)
		}
		err = call()
		if refused := (*awsapi.Error)(nil); !errors.As(err, &refused) || !refused.Throttled() {
			return err
		}
		p.slower()
	}
}

// slower doubles the time between calls, up to a few seconds.
func (p *pace) slower() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.every = min(2*p.every, 5*time.Second)
	p.next = time.Now().Add(p.every)
}

// wait returns when the next call may be made, or the context's error.
func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.every)
	p.mu.Unlock()
	if !retry.Sleep(ctx, at.Sub(now)) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}
