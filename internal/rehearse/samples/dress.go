package samples

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"time"
)

// The times and ids that the events have.
var (
	times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	ids   = regexp.MustCompile(`\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(i|subnet)-[0-9a-f]{17}|d-[0-9A-Z]{9})\b`)
)

// dress moves an event to a time, gives it ids of its own, and puts the names in
// place of its stand-ins, wherever they occur: in ARNs and in prose too.
func dress(event []byte, names map[string]string, sample string, at time.Time) json.RawMessage {
	var envelope struct{ Time time.Time }
	if err := json.Unmarshal(event, &envelope); err != nil {
		panic(err) // the events are part of this package
	}
	delay := at.Sub(envelope.Time)

	var pairs []string
	seed := sample
	for _, standIn := range standIns {
		quoted, _ := json.Marshal(names[standIn])
		pairs = append(pairs, standIn, string(quoted[1:len(quoted)-1]))
		seed += "\x00" + names[standIn]
	}
	event = ids.ReplaceAllFunc(event, func(id []byte) []byte { return newID(id, seed) })
	event = times.ReplaceAllFunc(event, func(text []byte) []byte {
		t, err := time.Parse(time.RFC3339Nano, string(text))
		if err != nil {
			return text
		}
		layout := time.RFC3339
		if bytes.ContainsRune(text, '.') {
			layout = "2006-01-02T15:04:05.000Z07:00"
		}
		return []byte(t.Add(delay).UTC().Format(layout))
	})
	return json.RawMessage(strings.NewReplacer(pairs...).Replace(string(event)))
}

// newID makes another id of the same form, always the same for the same seed.
func newID(id []byte, seed string) []byte {
	sum := sha256.Sum256(append([]byte(seed), id...))
	digits := hex.EncodeToString(sum[:])
	switch text := string(id); {
	case strings.HasPrefix(text, "i-"), strings.HasPrefix(text, "subnet-"):
		prefix, _, _ := strings.Cut(text, "-")
		return []byte(prefix + "-0" + digits[:16])
	case strings.HasPrefix(text, "d-"):
		return []byte("d-" + base32.StdEncoding.EncodeToString(sum[:])[:9])
	default:
		return []byte(digits[:8] + "-" + digits[8:12] + "-4" + digits[13:16] + "-8" + digits[17:20] + "-" + digits[20:32])
	}
}
