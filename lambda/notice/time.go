package notice

import (
	"fmt"
	"time"
)

// InJSON reports whether JSON can have t in UTC: with a year of four digits. An event may say
// "0000-01-01T00:00:00+01:00".
func InJSON(t time.Time) bool {
	year := t.UTC().Year()
	return 0 <= year && year <= 9999
}

// Stamp writes t in UTC: "2006-01-02 15:04:05 UTC". It returns "" for the zero time.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// Moment is [Stamp] with the age of t at now: "2026-06-30 20:17:56 UTC (6 minutes ago)".
// It returns "" for the zero time.
func Moment(t, now time.Time) string {
	at := Stamp(t)
	if at == "" {
		return ""
	}
	switch age := now.Sub(t); {
	case age < -time.Minute:
		return at + " (in " + Duration(t.Sub(now)) + ")" // -age may be too long for a Duration
	case age < time.Second:
		return at + " (just now)"
	default:
		return at + " (" + Duration(age) + " ago)"
	}
}

// Duration writes d as a person would say it, in its one or two largest units:
// "45 seconds", "5 minutes 34 seconds", "2 hours", "3 days 4 hours".
func Duration(d time.Duration) string {
	if d < time.Second {
		return "less than a second"
	}
	units := []struct {
		size time.Duration
		name string
	}{
		{365 * 24 * time.Hour, "year"}, {24 * time.Hour, "day"}, {time.Hour, "hour"},
		{time.Minute, "minute"}, {time.Second, "second"},
	}
	for i, u := range units {
		if d < u.size {
			continue
		}
		text := Count(int(d/u.size), u.name)
		if i+1 < len(units) {
			if rest := int(d % u.size / units[i+1].size); rest > 0 {
				text += " " + Count(rest, units[i+1].name)
			}
		}
		return text
	}
	return ""
}

// Count writes a number with its noun: "1 minute", "2 minutes".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
