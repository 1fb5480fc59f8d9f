package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/journal"
	"github.com/extraeye/extraeye/lambda/notice"
)

// lineOf is a line for a journal, as a sink that writes it there.
type lineOf struct {
	handler *handler
	group   string
	line    []byte
}

// Send writes the line.
func (l lineOf) Send(ctx context.Context, _ *notice.Notice) error {
	return l.handler.journal.Write(ctx, l.handler.clients.aws, l.group, l.line)
}

// writeDown writes what became of orders into their journals. What cannot be written now is handed
// over like a notice that a sink did not take. Nobody is notified again because of it: what cannot
// be handed over either is in the log.
func (h *handler) writeDown(ctx context.Context, r notice.Receipt, orders []*order) {
	var all []sending
	now := time.Now()
	for i, o := range orders {
		if o.journal == "" {
			continue
		}
		line := journal.Of(o.notice, journal.Decision{
			DetailType: o.event.DetailType, Watch: o.watch.Kind(), Skipped: o.skip, Sinks: withoutAddressesOf(r.Orders[i].Sinks),
		}, now)
		all = append(all, h.lineSending(o.notice, o.place+"journal."+strconv.Itoa(i), wire.Retry{
			Journal: o.journal, Line: line, Since: now, Watch: o.watch.Kind(), DetailType: bounded(o.event.DetailType, maxName),
		}))
	}
	h.sendLines(ctx, all)
}

// writeDownLate writes what became of a notice that was sent again.
func (h *handler) writeDownLate(ctx context.Context, s sending, sent []notice.SinkReceipt) {
	if s.retry.Journal == "" || s.retry.Line != nil {
		return
	}
	now := time.Now()
	line := journal.Of(s.notice, journal.Decision{
		DetailType: s.retry.DetailType, Watch: s.retry.Watch, Attempt: s.retry.Attempt, Sinks: withoutAddressesOf(sent),
	}, now)
	h.sendLines(ctx, []sending{h.lineSending(s.notice, "journal", wire.Retry{
		Journal: s.retry.Journal, Line: line, Since: now, Watch: s.retry.Watch, DetailType: s.retry.DetailType,
	})})
}

func (h *handler) sendLines(ctx context.Context, all []sending) {
	receipts, _ := h.send(ctx, all)
	for i, r := range receipts {
		if r.Outcome != notice.Sent && r.Outcome != notice.Later && r.Outcome != notice.Failed {
			h.log.Error("not in the journal", slog.String("journal", all[i].retry.Journal), slog.String("line", string(all[i].retry.Line)))
		}
	}
}

// lineSending is a line to be written. The notice names it in the log.
func (h *handler) lineSending(n *notice.Notice, place string, r wire.Retry) sending {
	return sending{
		opened: opened{name: "journal", title: "CloudWatch Logs", sender: lineOf{h, r.Journal, r.Line}},
		notice: n, place: place, retry: r,
	}
}

// lineAgain opens a line that is to be written again.
func (h *handler) lineAgain(r wire.Retry) (sending, error) {
	var l journal.Line
	if err := json.Unmarshal(r.Line, &l); err != nil || r.Journal == "" {
		return sending{}, fmt.Errorf("the input has a line for a journal that is none, or without the journal: %.200s", r.Line)
	}
	return h.lineSending(&notice.Notice{ID: l.Event, Service: l.Service}, "journal", r), nil
}

// withoutAddressesOf are receipts whose reasons name no mail address: a journal is read by more
// people than get the mails.
func withoutAddressesOf(receipts []notice.SinkReceipt) []notice.SinkReceipt {
	var all []notice.SinkReceipt
	for _, r := range receipts {
		r.Reason = withoutAddresses(r.Reason)
		all = append(all, r)
	}
	return all
}
