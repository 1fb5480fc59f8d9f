package collect

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxPages is how many pages of one record are read.
const maxPages = 100

// names are the services as people write them.
var names = map[string]string{
	"autoscaling": "Auto Scaling", "cloudtrail": "CloudTrail", "codedeploy": "CodeDeploy", "ecs": "ECS", "logs": "CloudWatch Logs",
	"monitoring": "CloudWatch",
}

// call names an operation.
func call(service, operation string) awsapi.Call {
	return awsapi.Call{Service: service, Operation: operation}
}

// query asks a service that answers in XML.
func (r *reader) query(ctx context.Context, call awsapi.Call, version string, in url.Values, out any) error {
	return r.paces[call.Service].send(ctx, func() error { return r.API.Query(ctx, call, version, in, out) })
}

// json asks a service that answers in JSON. A member of another type than documented is left
// empty; the rest is read.
func (r *reader) json(ctx context.Context, call awsapi.Call, target string, in, out any) error {
	var whole json.RawMessage
	if err := r.paces[call.Service].send(ctx, func() error { return r.API.JSON(ctx, call, target, in, &whole) }); err != nil {
		return err
	}
	_ = json.Unmarshal(whole, out)
	return nil
}

// refusedParameter reports whether AWS does not take what it is asked for, in this Region or yet.
func refusedParameter(err error) bool {
	var refused *awsapi.Error
	return errors.As(err, &refused) && refused.Status == http.StatusBadRequest && !refused.Retryable()
}

// pages reads page after page, which returns the token of the next one, "" after the last. What
// is about is said of a problem: "activities of web". whole is false if not all could be read.
func (r *reader) pages(ctx context.Context, call awsapi.Call, about string, page func(ctx context.Context, token string) (next string, err error)) (whole bool) {
	token := ""
	for n := range maxPages {
		next, err := page(ctx, token)
		if err != nil {
			if n > 0 {
				about += ", after " + notice.Count(n, "page")
			}
			r.failedCall(call, about, err)
			return false
		}
		if next == "" || next == token {
			return true
		}
		token = next
	}
	r.problemf("%s: there are more than %d pages, and the rest was not read; ask for less time", about, maxPages)
	return false
}

func (r *reader) failedCall(call awsapi.Call, about string, err error) {
	r.problemf("%s: %s", about, evidence.Explain(call, names[call.Service], err))
}

// atOnce is how many things of one record are asked about side by side.
const atOnce = 4

// each asks about several things, a few of them side by side.
func each[T any](ctx context.Context, all []T, ask func(context.Context, T)) {
	var running sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for _, one := range all {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			if ctx.Err() == nil {
				ask(ctx, one)
			}
		})
	}
	running.Wait()
}

// envelope is an event as EventBridge sends it.
type envelope struct {
	ID         string    `json:"id"`
	Source     string    `json:"source"`
	DetailType string    `json:"detail-type"`
	Account    string    `json:"account"`
	Region     string    `json:"region"`
	Time       time.Time `json:"time"`
	Resources  []string  `json:"resources"`
	Detail     any       `json:"detail"`
}

// event is the event of a record, decoded as the notifier does it. Its id is AWS's id of what
// happened.
func (r *reader) event(of envelope) *event.Event {
	of.Account, of.Region = r.Account, r.Region
	raw, _ := plainjson.Marshal(of) // it is made of texts and of JSON
	return decode.Decode(raw, wire.Watch{Service: r.scope.Service})
}
