package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/later"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
	"github.com/extraeye/extraeye/lambda/timeline/compare"
)

// askVerdicts hands over that it is to be found out later how the releases did whose success is
// reported. It returns a function that waits.
func (h *handler) askVerdicts(ctx context.Context, orders []*order) (wait func()) {
	return h.askLater(ctx, "no verdict", orders, func(i int, o *order) func(context.Context) error {
		of, verdict := o.released()
		if len(of.Sinks) == 0 {
			return nil
		}
		return func(ctx context.Context) error {
			return later.Verdict(ctx, h.clients.aws, of, verdict.AfterSeconds, strconv.Itoa(i))
		}
	})
}

// released is the success that a verdict is wanted of, for no sinks if there is none.
func (o *order) released() (of wire.Released, verdict *wire.Verdict) {
	of = wire.Released{Order: wire.Order{Watch: o.watch}, Event: o.raw, Journal: o.journal}
	verdict = o.watch.Verdict()
	if verdict == nil || o.skip != "" || o.event.Drill != nil || !isRelease(o.notice) {
		return of, verdict
	}
	for _, s := range o.sinks {
		if s.err == nil {
			of.Sinks = append(of.Sinks, s.sink)
		}
	}
	return of, verdict
}

// isRelease reports whether a notice says that something was deployed. What Auto Scaling deploys to an
// instance releases nothing.
func isRelease(n *notice.Notice) bool {
	return n != nil && n.Release != nil && n.Release.State == wire.DeploymentSucceeded && !slices.Contains(wire.NoisyCreators(), wire.Creator(n.Release.By))
}

// verdict finds out how a release did, and notifies the sinks if something got worse.
func (h *handler) verdict(ctx context.Context, r wire.Released) (none notice.Receipt, err error) {
	started := time.Now()
	orders, err := h.orders(ctx, &wire.Delivery{Order: r.Order, Event: r.Event, Journal: r.Journal})
	if err != nil {
		return none, h.refused(started, err)
	}
	o := orders[0]
	o.event = decode.Decode(o.raw, o.watch)
	h.lookups.Gather(ctx, o.event)
	o.notice = o.event.Notice(started)
	if o.watch.Verdict() == nil || !isRelease(o.notice) {
		return none, h.refused(started, errors.New("the input asks how a release did that is none"))
	}
	found, problems := h.compared(ctx, o)
	if o.skip = unworthy(found, o.watch.Verdict().Always); o.skip != "" {
		o.skip += withProblems(problems)
		h.logSkipped(o, started)
		return receipt(orders, nil), nil
	}
	now := time.Now()
	compare.Describe(o.notice, found, now)
	o.notice.Add("Not looked up", notice.Cut(strings.Join(problems, "\n"), maxReason), "")
	return h.report(ctx, orders, o.sendings(0, now))
}

// compared compares the order's release, in the time that is left but for what sending takes. It asks
// in the account and Region of the release.
func (h *handler) compared(ctx context.Context, o *order) (found timeline.Comparison, problems []string) {
	c := &collect.Collector{Account: o.event.Account, Region: o.event.Region, Brief: true}
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline)
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, left*2/3)
		defer cancel()
		c.Limit = left / 3
	}
	var err error
	if c.API, err = h.lookups.Client(ctx, o.event); err != nil {
		return timeline.Comparison{Release: *o.notice.Release, At: o.event.Time, Verdict: timeline.Unclear, Why: err.Error()}, nil
	}
	return compare.One(ctx, c, *o.notice.Release, o.watch.ECSDeployments != nil, o.event.Time)
}

// collector reads AWS's records of the function's own account and Region.
func (h *handler) collector(ctx context.Context) (*collect.Collector, error) {
	own, _ := awsapi.Own(ctx)
	if own.Region == "" {
		return nil, errors.New("the function does not know its own ARN, and so not its account and Region")
	}
	return &collect.Collector{API: h.clients.aws, Account: own.AccountID, Region: own.Region}, nil
}

// unworthy says why a verdict is not reported, "" if it is.
func unworthy(c timeline.Comparison, always bool) string {
	switch {
	case compare.GotWorse(c):
		return ""
	case c.Verdict == timeline.Unclear || c.Verdict == "":
		return "how the release did is unclear: " + notice.Line(c.Why)
	case always:
		return ""
	default:
		return "nothing got worse after the release"
	}
}

func withProblems(problems []string) string {
	if len(problems) == 0 {
		return ""
	}
	return "; not looked up: " + strings.Join(problems, "; ")
}
