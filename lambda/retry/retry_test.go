package retry

import (
	"context"
	"net/http"
	"testing"
	"time"
)

func TestAfter(t *testing.T) {
	now := time.Date(2026, 6, 30, 20, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                              0,
		"7":                             7 * time.Second,
		"0.5":                           time.Second / 2,
		"-1":                            0,
		"NaN":                           0,
		"99999999999999999999":          24 * time.Hour,
		"soon":                          0,
		"Tue, 30 Jun 2026 20:00:09 GMT": 9 * time.Second,
		"Tue, 30 Jun 2026 19:00:09 GMT": 0,
	} {
		if got := After(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q is %v, want %v", value, got, want)
		}
	}
}

func TestBackoff(t *testing.T) {
	for attempt, longest := range map[int]time.Duration{1: FirstWait, 2: 2 * FirstWait} {
		for range 100 {
			if got := Backoff(FirstWait, attempt); got < longest/2 || got > longest {
				t.Errorf("after attempt %d it waits %v, want %v to %v", attempt, got, longest/2, longest)
			}
		}
	}
}

func TestSleep(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	if !Sleep(ctx, time.Millisecond) {
		t.Error("a short wait did not pass")
	}
	started := time.Now()
	if Sleep(ctx, 2*time.Hour) || time.Since(started) > time.Minute {
		t.Error("it waits for what the context does not allow")
	}
	cancel()
	if Sleep(ctx, time.Minute) {
		t.Error("it waits in a context that was canceled")
	}
}
