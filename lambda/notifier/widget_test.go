package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/internal/golden"
)

// ask invokes the function as a dashboard does, and returns what it shows.
func (s *shop) ask(t *testing.T, payload string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), functionTimeout)
	defer cancel()
	raw, err := s.handler.Invoke(lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "r", InvokedFunctionArn: functionARN}), []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		t.Fatalf("%v: %.200s", err, raw)
	}
	return text
}

// widgetInput is what a dashboard of some hours hands the function.
func widgetInput(from, to time.Time, params string) string {
	return fmt.Sprintf(`{%s"widgetContext":{"dashboardName":"shop","widgetId":"widget-1","accountId":"999999999999","locale":"en","timezone":{"label":"CET","offsetISO":"+01:00","offsetInMinutes":-60},`+
		`"period":300,"isAutoPeriod":true,"timeRange":{"mode":"relative","start":%d,"end":%d,"relativeStart":10800000},"theme":"dark","linkCharts":true,"title":"shop","forms":{"all":{}},"params":{},"width":588,"height":369}}`,
		params, from.UnixMilli(), to.UnixMilli())
}

const ofShop = `"timeline":{"service":"shop","groups":["shop"],"applications":[{"name":"shop","group":"production"}],"alarms":["shop-5xx"]},`

// TestWidget shows the widget of a service with a release after which errors and a death came.
func TestWidget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(9 * 24 * time.Hour)
		s := newShop(t)
		s.metric = func(name string, at time.Time) float64 {
			if name == "HTTPCode_Target_5XX_Count" && !at.Before(s.released) {
				return 31
			}
			return usual(name, at)
		}
		s.activities, s.history = died("1", s.released.Add(10*time.Minute)), wentOff(s.released.Add(4*time.Minute))
		time.Sleep(time.Hour)
		got := s.ask(t, widgetInput(s.released.Add(-time.Hour), time.Now(), ofShop))
		golden.File(t, "testdata/widget.html", got)
		for _, want := range []string{`<div class="cwdb-no-default-styles"></div>`, `class="xe dark"`, "shop-1.4.2", "ELB health check killed i-1", "123456789012", "UTC+01:00", ">worse<"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %s", want)
			}
		}
		for _, not := range []string{"<script", "<html", "-who", "Could not be asked", "999999999999"} {
			if strings.Contains(got, not) {
				t.Errorf("%s is in it", not)
			}
		}
		zoomed := s.ask(t, strings.Replace(widgetInput(s.released.Add(-time.Hour), time.Now(), ofShop), `"relativeStart"`,
			fmt.Sprintf(`"zoom":{"start":%d,"end":%d},"relativeStart"`, s.released.Add(20*time.Minute).UnixMilli(), s.released.Add(40*time.Minute).UnixMilli()), 1))
		if strings.Contains(zoomed, "killed i-1") || !strings.Contains(zoomed, "00:20–00:40 UTC") {
			t.Errorf("it is not zoomed: %.2000s", content(zoomed))
		}
		if len(s.texts)+len(s.inputs) > 0 {
			t.Errorf("it sent %q", s.texts)
		}
	})
}

// TestWidgetDescribes shows what people see who edit the widget.
func TestWidgetDescribes(t *testing.T) {
	s := newShop(t)
	if got := s.ask(t, `{"describe":true}`); !strings.HasPrefix(got, "## extraeye timeline\n") || !strings.Contains(got, "**timeline** |") {
		t.Error(got)
	}
}

// TestWidgetSendsNothing shows that a dashboard cannot have anything sent, whatever else is in its input,
// and that a delivery is none.
func TestWidgetSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		delivery := strings.TrimPrefix(deliver(t, terminations, byMail, killed), "{")
		delivery = strings.TrimSuffix(strings.TrimSpace(delivery), "}") + ","
		now := time.Now()
		retry := `"retry":{"sink":` + byMail + `,"attempt":1,"notice":{}},"recheck":{"watch":{},"sinks":[` + byPager + `],"event":{}},"verdict":{"sinks":[` + byPager + `]},`
		for name, input := range map[string]string{
			"a delivery":           widgetInput(now, now, delivery),
			"a retry":              widgetInput(now, now, retry),
			"an unknown context":   `{` + delivery + `"widgetContext":null}`,
			"a context of no type": `{` + delivery + `"widgetContext":7}`,
			"undone by its case":   strings.Replace(widgetInput(now, now, delivery), `"widgetContext"`, `"WIDGETCONTEXT":null,"widgetContext"`, 1),
			"undone after it":      strings.TrimSuffix(widgetInput(now, now, delivery), "}") + `,"WidgetContext":null}`,
			"described":            `{` + delivery + `"describe":true}`,
			"not described":        `{` + delivery + `"describe":null}`,
		} {
			if got := s.ask(t, input); got == "" || len(s.texts)+len(s.inputs) > 0 {
				t.Errorf("%s: answered %.100s, and sent %q", name, got, s.texts)
			}
		}
		within := strings.Replace(deliver(t, terminations, byMail, killed), `"event":{`, `"event":{"widgetContext":{},"describe":true,`, 1)
		if s.invoke(t, within); len(s.texts) != 1 {
			t.Errorf("a delivery whose event has a widgetContext: %d messages", len(s.texts))
		}
	})
}

// TestHostileWidget shows that parameters are names, of which there are not too many, and that they are
// never markup.
func TestHostileWidget(t *testing.T) {
	many := func(item string, n int) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		for name, tt := range map[string]struct{ params, want string }{
			"none":            {``, "no parameter &#34;timeline&#34;"},
			"null":            {`"timeline":null,`, "names nothing"},
			"empty":           {`"timeline":{},`, "names nothing"},
			"of a type":       {`"timeline":"<script>alert(1)</script>",`, "cannot be read"},
			"a type within":   {`"timeline":{"groups":[{"<b>":1}]},`, "cannot be read"},
			"many":            {`"timeline":{"groups":[` + many(`"g"`, 101) + `]},`, "more than 100"},
			"many metrics":    {`"timeline":{"metrics":[` + many(`{"name":"m"}`, 21) + `]},`, "20 metrics"},
			"long":            {`"timeline":{"groups":["` + strings.Repeat("x", 301) + `"]},`, "300 characters"},
			"many dimensions": {`"timeline":{"metrics":[{"name":"m","dimensions":{` + manyDimensions() + `}}]},`, "30 dimensions"},
			"a line":          {`"timeline":{"groups":["a\nb"]},`, "control character"},
			"markup":          {`"timeline":{"service":"<script>alert(1)</script>","groups":["<img src=x onerror=alert(1)>"],"alarms":["\"><svg onload=alert(1)>"],"metrics":[{"namespace":"n","name":"RequestCount","label":"<b>hi</b>","unit":"<i>"}]},`, "&lt;script&gt;alert(1)"},
		} {
			got := s.ask(t, widgetInput(time.Now().Add(-time.Hour), time.Now(), tt.params))
			if !strings.Contains(got, tt.want) && !strings.Contains(got, strings.ReplaceAll(tt.want, "&#34;", "&quot;")) && !strings.Contains(got, strings.ReplaceAll(tt.want, "&#34;", `"`)) {
				t.Errorf("%s: no %s in %s", name, tt.want, content(got))
			}
			for _, not := range []string{"<script", "<img", "<b>hi", "<i>", "<svg onload"} {
				if strings.Contains(got, not) {
					t.Errorf("%s: %s is in it", name, not)
				}
			}
		}
	})
}

// content is a widget without its style.
func content(widget string) string {
	_, rest, _ := strings.Cut(widget, "<header>")
	return rest
}

func manyDimensions() string {
	var all []string
	for i := range 31 {
		all = append(all, fmt.Sprintf(`"d%d":"v"`, i))
	}
	return strings.Join(all, ",")
}

// TestWidgetDenied shows that what could not be read is on the page.
func TestWidgetDenied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		s.denied = true
		got := s.ask(t, widgetInput(time.Now().Add(-time.Hour), time.Now(), ofShop))
		for _, want := range []string{"Could not be asked", "autoscaling:DescribeScalingActivities", "codedeploy:ListDeployments"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %s in %s", want, content(got))
			}
		}
	})
}

// TestWidgetInTime shows that the page is there before the function's time is up, though AWS throttles
// every call.
func TestWidgetInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		s.throttled = true
		started := time.Now()
		got := s.ask(t, widgetInput(started.Add(-time.Hour), started, ofShop))
		if took := time.Since(started); took > functionTimeout-margin || !strings.Contains(got, "Could not be asked") {
			t.Errorf("it took %s: %s", took, content(got))
		}
	})
}

// TestWidgetSpan shows which time is shown.
func TestWidgetSpan(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ms := func(ago time.Duration) float64 { return float64(now.Add(-ago).UnixMilli()) }
	for name, tt := range map[string]struct {
		shown, zoom millis
		from, to    time.Duration // ago
		cut         bool
	}{
		"as shown":       {millis{ms(6 * time.Hour), ms(time.Hour)}, millis{}, 6 * time.Hour, time.Hour, false},
		"zoomed":         {millis{ms(6 * time.Hour), ms(0)}, millis{ms(2 * time.Hour), ms(time.Hour)}, 2 * time.Hour, time.Hour, false},
		"nothing":        {millis{}, millis{}, 3 * time.Hour, 0, false},
		"backwards":      {millis{ms(time.Hour), ms(2 * time.Hour)}, millis{ms(0), ms(time.Hour)}, 3 * time.Hour, 0, false},
		"up to tomorrow": {millis{ms(time.Hour), ms(-24 * time.Hour)}, millis{}, time.Hour, 0, false},
		"tomorrow":       {millis{ms(-time.Hour), ms(-24 * time.Hour)}, millis{}, 3 * time.Hour, 0, false},
		"three months":   {millis{ms(90 * 24 * time.Hour), ms(0)}, millis{}, 14 * 24 * time.Hour, 0, true},
		"huge":           {millis{1, 1e300}, millis{-1e300, 1e300}, 3 * time.Hour, 0, false},
	} {
		var c widgetContext
		c.Range.millis, c.Range.Zoom = tt.shown, tt.zoom
		from, to, cut := c.span(now)
		if !from.Equal(now.Add(-tt.from)) || !to.Equal(now.Add(-tt.to)) || (cut != "") != tt.cut {
			t.Errorf("%s: %s to %s (%s)", name, from, to, cut)
		}
	}
}
