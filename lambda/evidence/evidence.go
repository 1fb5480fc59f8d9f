// Package evidence looks up what an event does not say: one file per AWS service, which
// begins with what is looked up about the subjects of that service.
//
// A look-up that fails leaves a few words in place of what was not found. It never fails the
// notice.
package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"runtime/debug"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/plainxml"
)

// maxTime is how long all look-ups for one event may take together.
const maxTime = 5 * time.Second

// Lookups asks AWS about the subjects of events.
type Lookups struct {
	API *awsapi.Client
	Log *slog.Logger
	// Unshared is set if what AWS answers to one event means nothing for others, because each has
	// a fake AWS of its own.
	Unshared bool
	// Roles are who asks in other accounts and Regions. Nil, or if it returns nil: there are none.
	Roles func(context.Context) *wire.LookUps

	account account // the function's own
	places  places
	recent  recent
	pauses  pauses
	tags    tags
}

// lookup asks AWS and writes what it found into the event that it was made for.
type lookup func(context.Context)

// services list the look-ups for an event of each service, none for those of another.
var services = []func(*Lookups, *event.Event) []lookup{
	(*Lookups).forAutoScaling,
	(*Lookups).forCodeDeploy,
	(*Lookups).forEC2,
	(*Lookups).forECS,
}

// Gather adds what can be found to events, such as one that several watches see. It asks in each
// event's own account and Region, and the same question there once. It takes at most half of the
// time that the context leaves, so that the sinks have the rest.
func (l *Lookups) Gather(ctx context.Context, events ...*event.Event) {
	limit := maxTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/2)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	if len(events) > 1 {
		ctx = once(ctx)
	}
	bySpot := map[spot][]*event.Event{}
	own, _ := awsapi.Own(ctx)
	for _, e := range events {
		e.Here = wire.Here{Partition: own.Partition, Region: own.Region, Account: own.AccountID}
		bySpot[spotOf(e)] = append(bySpot[spotOf(e)], e)
	}
	var lookups []lookup
	for s, events := range bySpot {
		lookups = append(lookups, func(ctx context.Context) { l.gatherAt(l.at(ctx, s), events) })
	}
	l.sideBySide(ctx, lookups)
}

// gatherAt adds what can be found to events of one account and Region.
func (l *Lookups) gatherAt(ctx context.Context, events []*event.Event) {
	lookups := []lookup{func(ctx context.Context) {
		alias := l.alias(ctx)
		for _, e := range events {
			e.Alias = alias
		}
	}}
	for _, e := range events {
		for _, of := range services {
			lookups = append(lookups, of(l, e)...)
		}
	}
	l.sideBySide(ctx, lookups)
}

// sideBySide runs look-ups at the same time, the last one in the goroutine that it is called in:
// another's stack would have to grow for it. One that panics finds nothing.
func (l *Lookups) sideBySide(ctx context.Context, lookups []lookup) {
	var all sync.WaitGroup
	for i, look := range lookups {
		if i < len(lookups)-1 {
			all.Go(func() { l.safely(ctx, look) })
		} else {
			l.safely(ctx, look)
		}
	}
	all.Wait()
}

// safely runs a look-up, and logs a panic.
func (l *Lookups) safely(ctx context.Context, look lookup) {
	defer func() {
		if p := recover(); p != nil {
			l.Log.Error("panic in a look-up", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	look(ctx)
}

// send makes a call in the context's place, unless its operation throttled there shortly before.
func (l *Lookups) send(ctx context.Context, call awsapi.Call, send func(*awsapi.Client) error) error {
	p := placeOf(ctx)
	there := func() error { return send(l.API) }
	if p != nil {
		there = func() error { return p.send(send) }
	}
	if l.Unshared {
		return there()
	}
	return l.pauses.send(paced{p, call}, there)
}

// query asks a service that answers in XML, which is read into out. What is shared is read once.
func (l *Lookups) query(ctx context.Context, call awsapi.Call, version string, in url.Values, out any) error {
	if !shares(ctx) {
		_, err := l.queryAlone(ctx, call, version, in, out)
		return err
	}
	target := reflect.ValueOf(out).Elem()
	shared, err := l.ask(ctx, question{placeOf(ctx), call, in.Encode(), target.Type()}, func(ctx context.Context) (reply, error) {
		value := reflect.New(target.Type())
		size, err := l.queryAlone(ctx, call, version, in, value.Interface())
		return reply{value.Elem().Interface(), size}, err
	})
	if err == nil {
		target.Set(reflect.ValueOf(shared.value))
	}
	return err
}

// queryAlone is [Lookups.query] without sharing. It returns how many bytes the answer has.
func (l *Lookups) queryAlone(ctx context.Context, call awsapi.Call, version string, in url.Values, out any) (size int, err error) {
	if err := placeOf(ctx).problem(); err != nil {
		return 0, err
	}
	err = l.send(ctx, call, func(api *awsapi.Client) error {
		return api.Query(ctx, call, version, in, func(answer []byte) error {
			size = len(answer)
			if err := plainxml.Unmarshal(answer, out); err != nil {
				return fmt.Errorf("%s: the answer is not the expected XML: %w", call, err)
			}
			return nil
		})
	})
	return size, err
}

// json asks a service for an answer that must have a member required, and returns what the
// problem was, if there was one. A member of another type than documented is left empty; the
// rest is read.
func (l *Lookups) json(ctx context.Context, call awsapi.Call, service, target string, in any, required string, out any) (problem string) {
	var members map[string]json.RawMessage
	parameters, err := plainjson.Marshal(in)
	if err != nil {
		return l.problem(call, service, err)
	}
	q := question{placeOf(ctx), call, string(parameters), nil}
	shared, err := l.ask(ctx, q, func(ctx context.Context) (reply, error) {
		var whole json.RawMessage
		err := l.send(ctx, call, func(api *awsapi.Client) error {
			return api.JSON(ctx, call, target, json.RawMessage(parameters), &whole)
		})
		return reply{whole, len(whole)}, err
	})
	whole, _ := shared.value.(json.RawMessage)
	if err == nil {
		err = json.Unmarshal(whole, &members)
	}
	if member := members[required]; err == nil && (len(member) == 0 || string(member) == "null") {
		err = errors.New("no " + required)
	}
	if err != nil {
		l.recent.forget(q)
		return l.problem(call, service, err)
	}
	// What is JSON can only be of another type.
	_ = json.Unmarshal(whole, out)
	return ""
}
