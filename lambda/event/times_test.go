package event

import (
	"testing"
	"time"
)

// TestAfter shows that a gap is in whole minutes from the first one on.
func TestAfter(t *testing.T) {
	for gap, want := range map[time.Duration]string{
		0:                              "less than a second after it",
		59 * time.Second:               "59 seconds after it",
		time.Minute:                    "1 minute after it",
		2*time.Minute + 59*time.Second: "2 minutes after it",
		25*time.Hour + 59*time.Minute:  "1 day 1 hour after it",
	} {
		if got := After(gap, "it"); got != want {
			t.Errorf("%s is %q, want %q", gap, got, want)
		}
	}
}
