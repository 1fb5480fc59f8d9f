package notice

import (
	"testing"
	"time"
)

func TestStamp(t *testing.T) {
	if got := Stamp(time.Date(2026, 6, 30, 22, 17, 56, 9e8, time.FixedZone("", 2*3600))); got != "2026-06-30 20:17:56 UTC" {
		t.Errorf("got %q", got)
	}
	if got := Stamp(time.Time{}); got != "" {
		t.Errorf("the zero time became %q", got)
	}
}

func TestMoment(t *testing.T) {
	at := time.Date(2026, 6, 30, 22, 17, 56, 9e8, time.FixedZone("", 2*3600))
	const utc = "2026-06-30 20:17:56 UTC"
	for _, tt := range []struct {
		age  time.Duration
		want string
	}{
		{0, utc + " (just now)"},
		{-30 * time.Second, utc + " (just now)"}, // clocks differ
		{-5 * time.Minute, utc + " (in 5 minutes)"},
		{time.Second, utc + " (1 second ago)"},
		{6 * time.Minute, utc + " (6 minutes ago)"},
		{25*time.Hour + time.Minute, utc + " (1 day 1 hour ago)"},
	} {
		if got := Moment(at, at.Add(tt.age)); got != tt.want {
			t.Errorf("Moment at age %s = %q, want %q", tt.age, got, tt.want)
		}
	}
	if got := Moment(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), at); got != "9999-01-01 00:00:00 UTC (in 292 years 171 days)" {
		t.Errorf("Moment of the far future = %q", got)
	}
	if got := Moment(time.Time{}, at); got != "" {
		t.Errorf("Moment of the zero time = %q, want nothing", got)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second:                  "less than a second",
		999 * time.Millisecond:        "less than a second",
		45 * time.Second:              "45 seconds",
		time.Minute:                   "1 minute",
		334 * time.Second:             "5 minutes 34 seconds",
		2*time.Hour + time.Second:     "2 hours",
		76*time.Hour + 59*time.Minute: "3 days 4 hours",
		400 * 24 * time.Hour:          "1 year 35 days",
	} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%s) = %q, want %q", d, got, want)
		}
	}
}
