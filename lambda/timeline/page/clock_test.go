package page

import (
	"math"
	"slices"
	"testing"
	"time"
)

// berlin changes its clocks, from +2 to +1 at 01:00 UTC on 25 October 2026. The runner of the
// tests may have no list of zones.
func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	return zone
}

func TestTicks(t *testing.T) {
	day := time.Date(2026, time.October, 24, 22, 0, 0, 0, time.UTC) // midnight in Berlin
	for _, tt := range []struct {
		name string
		zone *time.Location
		span span
		most int
		want []string
	}{
		{"hours", time.UTC, span{at(-10), at(170)}, 4, []string{"09:00", "10:00", "11:00"}},
		{"half hours", time.UTC, span{at(0), at(120)}, 6, []string{"09:00", "09:30", "10:00", "10:30", "11:00"}},
		{"a zone of quarters", kathmandu, span{at(0), at(120)}, 3, []string{"15:00", "16:00"}},
		{"seconds", time.UTC, span{at(0), at(1)}, 2, []string{"09:00:00", "09:00:30", "09:01:00"}},
		{"midnight", time.UTC, span{at(800), at(1000)}, 4, []string{"23:00", "23 Nov", "01:00"}},
		{"the hour that comes twice", berlin(t), span{day, day.Add(6 * time.Hour)}, 6, []string{"25 Oct", "01:00", "02:00", "03:00", "04:00", "05:00"}},
		{"days across the change of clocks", berlin(t), span{day, day.Add(72 * time.Hour)}, 4, []string{"25 Oct", "26 Oct", "27 Oct"}},
		{"years", time.UTC, span{day, day.AddDate(50, 0, 0)}, 12, nil},
	} {
		var got []string
		before := -1.0
		for _, tick := range newClock(tt.zone, tt.span).ticks(tt.span, tt.most) {
			got = append(got, tick.text)
			if tick.at <= before || tick.at > 1 {
				t.Errorf("%s: %s is at %v, after %v", tt.name, tick.text, tick.at, before)
			}
			before = tick.at
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, tt := range []struct {
		zone *time.Location
		span span
		want string
	}{
		{time.UTC, span{at(0), at(60)}, "Sun 22 Nov 2026, 09:00–10:00 UTC"},
		{kathmandu, span{at(0), at(60)}, "Sun 22 Nov 2026, 14:45–15:45 +0545 (09:00–10:00 UTC)"},
		{kathmandu, span{at(0), at(600)}, "Sun 22 Nov 2026, 14:45 – Mon 23 Nov 2026, 00:45 +0545 (09:00–19:00 UTC)"},
		{kathmandu, span{at(-540), at(-500)}, "Sun 22 Nov 2026, 05:45–06:25 +0545 (00:00–00:40 UTC)"},
		{time.FixedZone("PST", -8*3600), span{at(-540), at(-500)}, "Sat 21 Nov 2026, 16:00–16:40 PST (Sun 22 Nov 2026, 00:00–00:40 UTC)"},
		{time.UTC, span{}, ""},
	} {
		if got := newClock(tt.zone, tt.span).span(tt.span); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", .25: "0.25", 7.6: "7.6", 31.24: "31.2", 468: "468", 999.6: "1000", 999_960: "1M", 1234.4: "1234", -1234: "−1234", 9990: "9990", 12_345: "12.3k", -12_345: "−12.3k",
		2.5e6: "2.5M", 1e9: "1G", 3e12: "3T", 1e15: "1e+15", .00025: "0.00025", 1e-9: "1e−09", -4: "−4", math.NaN(): "–", math.Inf(1): "–", math.MaxFloat64: "–",
	} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %s, want %s", v, got, want)
		}
	}
	for v, want := range map[float64]float64{0: 0, -1: 0, 1: 1, 1.2: 1.5, 31.2: 40, 734: 800, 9: 10, .00025: .00025, 5: 5, math.Inf(1): 0} {
		if got := round(v); math.Abs(got-want) > want*1e-9 {
			t.Errorf("round(%v) = %v, want %v", v, got, want)
		}
	}
}
