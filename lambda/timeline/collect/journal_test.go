package collect

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/lambda/journal"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// answerOf is an answer of FilterLogEvents with messages.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
func answerOf(next string, messages ...string) string {
	type event struct {
		LogStreamName string `json:"logStreamName"`
		Message       string `json:"message"`
	}
	out := struct {
		Events   []event `json:"events"`
		Searched []any   `json:"searchedLogStreams"`
		Next     string  `json:"nextToken,omitempty"`
	}{[]event{}, []any{}, next}
	for _, m := range messages {
		out.Events = append(out.Events, event{"2026/11/22/0011223344556677", m})
	}
	text, _ := plainjson.Marshal(out)
	return string(text)
}

// write is the line of a notice, as the notifier writes it.
func write(n notice.Notice, d journal.Decision) string {
	if n.Service == "" {
		n.Service = "some-service"
	}
	return string(journal.Of(&n, d, n.Time.Add(time.Duration(1+d.Attempt)*time.Second)))
}

// TestJournalRows reads what AWS keeps no record of, and what it does not say any more of what it
// does, out of two pages of a journal.
func TestJournalRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := func(clock string) time.Time {
			v, err := time.Parse(time.RFC3339, "2026-11-22T"+clock+"Z")
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		const group = "autoscaling:123456789012:eu-west-1:web-production:"
		sent := []notice.SinkReceipt{{Sink: "slack", Outcome: notice.Sent}}
		later := []notice.SinkReceipt{{Sink: "slack", Outcome: notice.Later, Reason: "HTTP 503", AfterSeconds: 60}}
		spot := notice.Notice{
			ID: "spot", Time: at("09:50:00"), Kind: notice.KindSpot, Severity: notice.Warning, Status: notice.Marker, Title: "Spot takes i-1", Key: "i-1",
			Links: []notice.Link{{Label: "Instance", URL: "https://console.aws.amazon.com/ec2"}},
		}
		death := notice.Notice{
			ID: "death", Time: at("10:07:40"), Kind: notice.KindTermination, Severity: notice.Critical, Status: notice.Open, Key: group + "i-0a0a0a0a0a0a0a0a2",
			Title: "i-0a0a0a0a0a0a0a0a2 in web-production ran out of memory (java)",
			Facts: []notice.Fact{{Label: notice.LastWords, Value: "Out of memory: Killed process 1 (java)"}},
		}
		for i := range 12 {
			death.Facts = append(death.Facts, notice.Fact{Label: fmt.Sprint("Fact ", i), Value: "value"})
		}
		quiet := notice.Notice{ID: "quiet", Time: at("11:00:30"), Kind: notice.KindInstance, Severity: notice.Info, Status: notice.Marker, Title: "i-2 stopped", Key: "i-2"}
		never := notice.Notice{ID: "never", Time: at("11:10:00"), Kind: notice.KindHealth, Severity: notice.Error, Status: notice.Open, Title: "EC2 has an issue", Key: "h"}
		other := notice.Notice{ID: "other", Time: at("11:20:00"), Service: "another-service", Title: "of another", Key: "o"}
		odd := notice.Notice{ID: "odd", Time: at("11:30:00"), Kind: "odd", Severity: "odd", Status: "odd", Title: "odd <b>", Key: "x"}
		early := notice.Notice{ID: "early", Time: at("08:00:00"), Title: "before the time", Key: "e"}
		pages := map[string]string{
			"": answerOf("page-2",
				write(spot, journal.Decision{Sinks: later}), write(spot, journal.Decision{Sinks: sent, Attempt: 1}), write(spot, journal.Decision{Skipped: "another watch"}),
				write(death, journal.Decision{Sinks: sent}), `{"time":"2026-11-22T10:00:00Z"}`, "START RequestId: 1"),
			"page-2": answerOf("", write(quiet, journal.Decision{Skipped: "the state stopped is not watched"}), write(never, journal.Decision{Sinks: later}),
				write(other, journal.Decision{}), write(odd, journal.Decision{Sinks: sent}), write(early, journal.Decision{})),
		}
		f := &fakeAWS{refuse: func(operation string, _ int, in request) (int, string) {
			if operation != "logs.FilterLogEvents" {
				return 0, ""
			}
			return 200, pages[in.token()]
		}}
		scope := everything
		scope.Journals = []string{"some-journal"}
		l := f.collector(t).Collect(t.Context(), scope, began, ended)
		in := f.calls["logs.FilterLogEvents"][0].json
		for name, want := range map[string]any{
			"logGroupName": "some-journal", "startTime": float64(began.UnixMilli()), "endTime": float64(ended.Add(time.Hour).UnixMilli()), // now
			"limit": 1000.0, "filterPattern": `{ $.service = "some-service" }`,
		} {
			if in[name] != want {
				t.Errorf("%s is %v, want %v", name, in[name], want)
			}
		}
		if !slices.Contains(l.Asked, "journal (1 log group)") || !slices.Equal(l.Failed, []string{"journal some-journal: 2 lines the notifier did not write"}) {
			t.Errorf("asked %q, failed %q", l.Asked, l.Failed)
		}
		var own []timeline.Row
		for _, r := range l.Rows {
			if r.Source == timeline.FromJournal || r.ID == "a-death-0008" {
				own = append(own, r)
			}
		}
		golden.JSON(t, "testdata/journal.json", own)
		if len(l.Rows) != 22+4 {
			t.Errorf("%d rows:\n%s", len(l.Rows), outline(l))
		}
	})
}

// TestNoJournal shows that one that cannot be read is a line, and the rest is there.
func TestNoJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeAWS{refuse: func(operation string, _ int, _ request) (int, string) {
			if operation != "logs.FilterLogEvents" {
				return 0, ""
			}
			return 400, `{"__type":"ResourceNotFoundException","message":"The specified log group does not exist."}`
		}}
		scope := everything
		scope.Journals = []string{"gone"}
		l := f.collector(t).Collect(t.Context(), scope, began, ended)
		if len(l.Rows) != 22 || len(l.Failed) != 1 || !strings.HasPrefix(l.Failed[0], "journal gone: ") {
			t.Errorf("%d rows, failed %q", len(l.Rows), l.Failed)
		}
	})
}

// TestFilterPatterns shows that a name which could be another pattern is sifted here.
func TestFilterPatterns(t *testing.T) {
	for service, want := range map[string]string{
		"some-service": `{ $.service = "some-service" }`, "Shop (EU) v2/a": "", `a" || $.x = "b`: "", "a*": "", "": "", "café": "", `a\`: "",
	} {
		if got := linesOf(service); got != want {
			t.Errorf("%q: %q, want %q", service, got, want)
		}
	}
}
