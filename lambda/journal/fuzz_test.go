package journal

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// FuzzLine writes a notice of any texts as a line, and places any line in the log.
func FuzzLine(f *testing.F) {
	f.Add("title", "ec2:1:eu-west-1:i-1", "value", `{"time":"2026-11-22T10:07:02Z"}`, 3, int64(0))
	f.Add("\u2028\n\x00\xff", strings.Repeat("k", 1_000), strings.Repeat("\U0001f600\"", 3_000), `{"time":1}`, 90, int64(-1)<<40)
	f.Fuzz(func(t *testing.T, title, key, value, raw string, facts int, at int64) {
		n := &notice.Notice{ID: key, Time: time.Unix(at%(1<<36), 0), Title: title, Summary: value, Key: key, Service: title}
		for range min(max(facts, 0), 100) {
			n.Facts = append(n.Facts, notice.Fact{Label: title, Value: value, URL: key})
		}
		line := Of(n, Decision{DetailType: title, Skipped: value, Sinks: []notice.SinkReceipt{{Sink: "slack", Outcome: notice.Failed, Reason: value}}}, decided)
		var l Line
		if err := json.Unmarshal(line, &l); err != nil || len(line) > maxLine || strings.Contains(string(line), "\n") || !utf8.Valid(line) {
			t.Errorf("%d bytes, %v: %.300s", len(line), err, line)
		}
		for _, text := range [][]byte{line, []byte(raw)} {
			if at := timestamp(text, decided); at.Before(decided.Add(-oldest)) || at.After(decided.Add(time.Hour)) {
				t.Errorf("%.300s is placed at %v", text, at)
			}
		}
	})
}
