package samples

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ids finds the ids in the events.
var ids = regexp.MustCompile(`\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:i|subnet)-[0-9a-f]{17}|d-[0-9A-Z]{9}|[0-9a-f]{32})\b`)

// times are the forms of times in the events, and their layouts: of most services and
// of CloudWatch, of AWS Health, and of the prose about alarms.
var times = []struct {
	form    *regexp.Regexp
	layouts []string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+0000)`), []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.000Z07:00", "2006-01-02T15:04:05.000-0700"}},
	{regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`), []string{time.RFC1123}},
	{regexp.MustCompile(`\b\d\d/\d\d/\d\d \d\d:\d\d:\d\d\b`), []string{"02/01/06 15:04:05"}},
}

// render moves an event to the sample's time, gives it ids of its own, and replaces
// the placeholders for names wherever they are: in ARNs and in prose too.
func render(event []byte, chosen names, s Sample, at Setting) json.RawMessage {
	var envelope struct{ Time time.Time }
	if err := json.Unmarshal(event, &envelope); err != nil {
		panic(err) // the events are part of this package
	}
	event = move(event, s.Time.Sub(envelope.Time))

	all := usualNames(at)
	maps.Copy(all, chosen)
	seed := s.Name
	for _, placeholder := range slices.Sorted(maps.Keys(all)) {
		seed += "\x00" + placeholder + "\x00" + all[placeholder]
	}
	return placeholders.ReplaceAllFunc(event, func(found []byte) []byte {
		name, ok := all[string(found)]
		if !ok {
			name = newID(string(found), seed)
		}
		quoted, _ := json.Marshal(name)
		return quoted[1 : len(quoted)-1]
	})
}

// move moves the times of an event.
func move(event []byte, delay time.Duration) []byte {
	for _, kind := range times {
		event = kind.form.ReplaceAllFunc(event, func(found []byte) []byte {
			for _, layout := range kind.layouts {
				// A layout without a fraction reads one too, and would not write it.
				if t, err := time.Parse(layout, string(found)); err == nil && len(t.Format(layout)) >= len(found) {
					return []byte(t.Add(delay).Format(layout))
				}
			}
			return found
		})
	}
	return event
}

// newID makes another id of the same form, always the same for the same seed.
func newID(id, seed string) string {
	sum := sha256.Sum256([]byte(seed + id))
	digits := hex.EncodeToString(sum[:])
	switch prefix, _, _ := strings.Cut(id, "-"); prefix {
	case "i", "subnet":
		return prefix + "-0" + digits[:16]
	case "d":
		return "d-" + base32.StdEncoding.EncodeToString(sum[:])[:9]
	case id:
		return digits[:32]
	default:
		return digits[:8] + "-" + digits[8:12] + "-4" + digits[13:16] + "-8" + digits[17:20] + "-" + digits[20:32]
	}
}
