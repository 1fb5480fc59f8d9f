package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
	"github.com/extraeye/extraeye/lambda/timeline/compare"
	"github.com/extraeye/extraeye/lambda/timeline/page"
)

// widgetCall is what a dashboard hands the function for a custom widget: the widget's parameters, and
// what the dashboard shows. Whoever may edit a dashboard writes the parameters.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
type widgetCall struct {
	Context  widgetContext   `json:"widgetContext"`
	Describe json.RawMessage `json:"describe"`
	Timeline json.RawMessage `json:"timeline"`
}

// widgetContext is what the dashboard shows. Members of other types are left empty.
type widgetContext struct {
	// given is set if it was there, whatever it was.
	given bool

	Theme    string `json:"theme"`
	Timezone struct {
		Label  string `json:"label"`
		Offset string `json:"offsetISO"`
	} `json:"timezone"`
	Range struct {
		millis
		Zoom millis `json:"zoom"`
	} `json:"timeRange"`
}

// millis is a time range in milliseconds since 1970.
type millis struct {
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

// valid reports whether it is a range from 1970 to the year 5138.
func (m millis) valid() bool { return 0 < m.Start && m.Start < m.End && m.End < 1e14 }

func (c *widgetContext) UnmarshalJSON(raw []byte) error { //nolint:unparam // it is a json.Unmarshaler
	type plain widgetContext
	_ = json.Unmarshal(raw, (*plain)(c))
	c.given = true
	return nil
}

// widgetCallOf reads the call of a dashboard; ok is false for any other input. An input that has a
// widgetContext or a describe is never a delivery, whatever else it has: nothing is sent for it.
func widgetCallOf(payload []byte) (call widgetCall, ok bool) {
	if !bytes.Contains(payload, []byte(`"widgetContext"`)) && !bytes.Contains(payload, []byte(`"describe"`)) {
		return call, false
	}
	_ = json.Unmarshal(payload, &call)
	return call, call.Context.given || len(call.Describe) > 0
}

const (
	// maxWidget is how long a widget may be, in bytes. Lambda allows 6 MB for an answer.
	//
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxWidget = 5_500_000
	// widgetReserve is what is kept of the time to write the page.
	widgetReserve = 2 * time.Second
	// longestRange is how much a widget shows at most, and usualRange how much if the dashboard does
	// not say.
	longestRange = 14 * 24 * time.Hour
	usualRange   = 3 * time.Hour
)

// widgetHelp describes the widget in Markdown, for the dialog in which people edit it.
//
// https://github.com/aws-samples/cloudwatch-custom-widgets-samples
const widgetHelp = `## extraeye timeline
What happened to a service, from AWS's own records: releases, instances that died, alarms, and how metrics were before
and after each release. It follows the dashboard's time range.

### Widget parameters
Param | Description
---|---
**timeline** | What belongs to the service: ` + "`title`, `service`, `groups`, `applications`, `ecsServices`, `alarms`, `journals` and `metrics`" + `. extraeye.NewTimeline writes it.

### Example parameters
` + "```yaml" + `
timeline:
  service: shop
  groups: [shop-production]
  applications: [{name: shop}]
  alarms: [shop-*]
` + "```\n"

// widget answers a dashboard: with a page, whatever could not be read, or with what the widget is.
func (h *handler) widget(ctx context.Context, call widgetCall) ([]byte, error) {
	started := time.Now()
	if !call.Context.given {
		return plainjson.Marshal(widgetHelp)
	}
	var html bytes.Buffer
	options := page.Options{Widget: true, Theme: call.Context.Theme, Zone: call.Context.zone()}
	var t *timeline.Timeline
	err := h.try(func() error {
		t = h.timeline(ctx, call, started)
		return page.Write(&html, t, options)
	})
	if err == nil && html.Len() > maxWidget {
		err = fmt.Errorf("the page has %d bytes, and a widget may have %d: show less time", html.Len(), maxWidget)
	}
	if err != nil {
		html.Reset()
		t = &timeline.Timeline{From: started, To: started, Failed: []string{err.Error()}}
		_ = page.Write(&html, t, options) // into memory
	}
	h.log.Info("widget", slog.String("service", bounded(t.Service, maxName)), slog.Int("rows", len(t.Rows)),
		slog.Int("failed", len(t.Failed)), slog.Int("bytes", html.Len()), slog.Int64("ms", time.Since(started).Milliseconds()))
	return plainjson.Marshal(html.String())
}

// timeline reads what a widget is to show, as far as there is time for it.
func (h *handler) timeline(ctx context.Context, call widgetCall, now time.Time) *timeline.Timeline {
	from, to, cut := call.Context.span(now)
	failed := func(text string) *timeline.Timeline {
		return &timeline.Timeline{From: from, To: to, Failed: []string{text}}
	}
	of, err := readWidgetParams(call.Timeline)
	if err != nil {
		return failed(err.Error())
	}
	c, err := h.collector(ctx)
	if err != nil {
		return failed(err.Error())
	}
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-widgetReserve))
		defer cancel()
		c.Limit = (time.Until(deadline) - widgetReserve) / 2 // and the other half for the metrics
	}
	scope := collect.Scope{Scope: of.Scope}
	t := c.Collect(ctx, scope, from, to)
	t.Service = cmp.Or(of.Title, of.Service)
	compare.Fill(ctx, h.clients.aws, scope, of.Metrics, t)
	t.NotAsked = slices.DeleteFunc(t.NotAsked, func(s string) bool { return s == collect.NotWho })
	if cut != "" {
		t.NotAsked = append(t.NotAsked, cut)
	}
	return t
}

// span is the time that the dashboard shows: what is zoomed into, if anything is. It does not end in the
// future; cut says what is left out of it.
func (c widgetContext) span(now time.Time) (from, to time.Time, cut string) {
	r := c.Range.Zoom
	if !r.valid() {
		r = c.Range.millis
	}
	if !r.valid() {
		return now.Add(-usualRange), now, ""
	}
	from, to = time.UnixMilli(int64(r.Start)), time.UnixMilli(int64(r.End))
	if to.After(now) {
		to = now
	}
	if !from.Before(to) {
		from = to.Add(-usualRange)
	}
	if oldest := to.Add(-longestRange); from.Before(oldest) {
		from, cut = oldest, fmt.Sprintf("what is before %s: a widget shows %d days", oldest.UTC().Format(time.DateOnly), longestRange/(24*time.Hour))
	}
	return from, to, cut
}

// zone is the dashboard's time zone.
func (c widgetContext) zone() *time.Location {
	at, err := time.Parse("-07:00", c.Timezone.Offset)
	if err != nil {
		return time.UTC
	}
	name := "UTC" + c.Timezone.Offset
	_, offset := at.Zone()
	if offset == 0 {
		return time.UTC
	}
	return time.FixedZone(name, offset)
}
