package evidence

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/retry"
)

const (
	// fresh is how long an answer is used for other events. Events of a mass failure come by the
	// hundred, and most of what they ask is the same.
	fresh = 10 * time.Second
	// round is to what the times in a question are rounded, so that events that are minutes apart
	// ask the same.
	round = 5 * time.Minute
	// maxRecent and maxRecentBytes bound the answers that are kept. The largest are pages of
	// activities, of 90 KB.
	maxRecent      = 100
	maxRecentBytes = 4 << 20
)

// recent are the answers of the last seconds. The zero value is ready.
type recent struct {
	// failures is set if a question that failed is not asked again either.
	failures bool

	mu      sync.Mutex
	answers map[question]*recentAnswer
	bytes   int
}

// question is a call, where it is made, its parameters, encoded, and as what its answer is read.
type question struct {
	place      *place
	call       awsapi.Call
	parameters string
	as         reflect.Type
}

// reply is an answer as it was read, which nobody changes, and how many bytes it had.
type reply struct {
	value any
	size  int
}

// recentAnswer is an answer, or will be one once done is closed.
type recentAnswer struct {
	asked time.Time
	done  chan struct{}
	reply reply
	err   error
	size  int // of the reply, once it counts for the bound
}

// The context's keys of what [Lookups.reusing] and [once] set.
type (
	reuseKey struct{}
	onceKey  struct{}
)

// reusing lets the look-ups of a context use answers to other events, if they were asked for
// at a time or later: what happened by then is in them.
func (l *Lookups) reusing(ctx context.Context, since time.Time) context.Context {
	if l.Unshared {
		return ctx
	}
	return context.WithValue(ctx, reuseKey{}, since)
}

// once lets the look-ups of a context ask the same question only once.
func once(ctx context.Context) context.Context {
	return context.WithValue(ctx, onceKey{}, &recent{failures: true})
}

// shares reports whether the look-ups of a context share answers with others.
func shares(ctx context.Context) bool {
	return ctx.Value(reuseKey{}) != nil || ctx.Value(onceKey{}) != nil
}

// ask asks AWS, or returns an answer that the context lets it share.
func (l *Lookups) ask(ctx context.Context, q question, send func(context.Context) (reply, error)) (reply, error) {
	if err := placeOf(ctx).problem(); err != nil {
		return reply{}, err
	}
	if since, ok := ctx.Value(reuseKey{}).(time.Time); ok {
		ask := send
		send = func(ctx context.Context) (reply, error) { return l.recent.ask(ctx, q, since, ask) }
	}
	if asked, ok := ctx.Value(onceKey{}).(*recent); ok {
		return asked.ask(ctx, q, time.Time{}, send)
	}
	return send(ctx)
}

// readOnce returns what read returns, which is asked for and read once for all who share it.
func readOnce[T any](ctx context.Context, l *Lookups, call awsapi.Call, parameters string, read func(context.Context) (found T, size int, err error)) (T, error) {
	shared, err := l.ask(ctx, question{placeOf(ctx), call, parameters, reflect.TypeFor[T]()}, func(ctx context.Context) (reply, error) {
		found, size, err := read(ctx)
		return reply{found, size}, err
	})
	found, _ := shared.value.(T)
	return found, err
}

// within reports whether a time is that recent. A clock that was set back makes nothing recent.
func within(at, now time.Time, long time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < long
}

// ask asks AWS, or returns an answer that was asked for at a time or later.
func (r *recent) ask(ctx context.Context, q question, since time.Time, send func(context.Context) (reply, error)) (reply, error) {
	for {
		if ctx.Err() != nil {
			return reply{}, context.Cause(ctx)
		}
		a, own := r.find(q, since)
		if own {
			r.fill(ctx, q, a, send)
			return a.reply, a.err
		}
		select {
		case <-a.done:
		case <-ctx.Done():
			return reply{}, context.Cause(ctx)
		}
		if a.err == nil || r.failures {
			return a.reply, a.err
		}
		if !retry.OutOfTime(a.err) {
			return reply{}, a.err
		} // else the time of the one who asked was over, and ours is not
	}
}

// find returns an answer that is recent enough. If there is none, own is true, and the caller
// has to fill the answer in.
func (r *recent) find(q question, since time.Time) (a *recentAnswer, own bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := retry.WallClock()
	if a := r.answers[q]; a != nil && within(a.asked, now, fresh) && !a.asked.Before(since) {
		return a, false
	}
	r.remove(q, r.answers[q])
	a = &recentAnswer{asked: now, done: make(chan struct{})}
	if r.answers == nil {
		r.answers = map[question]*recentAnswer{}
	}
	r.answers[q] = a
	return a, true
}

// fill asks AWS for an answer. An error is passed on to those who wait for it, and not kept.
func (r *recent) fill(ctx context.Context, q question, a *recentAnswer, send func(context.Context) (reply, error)) {
	a.err = errors.New("the look-up panicked")
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		defer close(a.done)
		if a.err != nil && !r.failures {
			r.remove(q, a)
			return
		}
		if r.answers[q] == a {
			a.size = a.reply.size
			r.bytes += a.size
			r.evict()
		}
	}()
	a.reply, a.err = send(ctx)
}

// forget drops an answer that could not be read.
func (r *recent) forget(q question) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remove(q, r.answers[q])
}

// remove drops an answer, unless another has taken its place.
func (r *recent) remove(q question, a *recentAnswer) {
	if a == nil || r.answers[q] != a {
		return
	}
	r.bytes -= a.size
	delete(r.answers, q)
}

// evict drops what is no longer fresh, and then the oldest until the rest is within its bounds.
func (r *recent) evict() {
	now := retry.WallClock()
	for q, a := range r.answers {
		if !within(a.asked, now, fresh) {
			r.remove(q, a)
		}
	}
	for len(r.answers) > maxRecent || r.bytes > maxRecentBytes {
		r.removeOldest()
	}
}

func (r *recent) removeOldest() {
	var oldest question
	for q, a := range r.answers {
		if o := r.answers[oldest]; o == nil || a.asked.Before(o.asked) {
			oldest = q
		}
	}
	r.remove(oldest, r.answers[oldest])
}
