package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/journal"
	"github.com/extraeye/extraeye/lambda/notice"
)

// linesIn are the lines in a request to CloudWatch Logs.
func linesIn(body []byte) (all []journal.Line) {
	var in struct{ LogEvents []struct{ Message string } }
	_ = json.Unmarshal(body, &in)
	for _, e := range in.LogEvents {
		var l journal.Line
		_ = json.Unmarshal([]byte(e.Message), &l) // what is none has no fields
		all = append(all, l)
	}
	return all
}

// withJournal adds a journal to a delivery.
func withJournal(payload string) string {
	return strings.Replace(payload, `,"event":`, `,"journal":"some-journal","event":`, 1)
}

// TestJournal shows that each watch of a delivery has a line, also one that does not want the event,
// and that none is written without a journal.
func TestJournal(t *testing.T) {
	for _, has := range []bool{true, false} {
		d := newDesk(t, false)
		payload := withOrders(deliver(t, terminations, byMail+","+byTopic, killed), `{"watch":{"service":"picky","terminations":{"causes":["scale-in"]}},"sinks":[`+byMail+`]}`)
		if has {
			payload = withJournal(payload)
		}
		r := d.invoke(t, payload)
		if !has {
			if len(d.lines) > 0 {
				t.Errorf("written without a journal: %+v", d.lines)
			}
			continue
		}
		if len(d.lines) != 2 || d.calls["messages"] != 2 || len(d.later) > 0 {
			t.Fatalf("%d messages, %d handed over, the lines %+v", d.calls["messages"], len(d.later), d.lines)
		}
		slices.SortFunc(d.lines, func(a, b journal.Line) int { return strings.Compare(b.Service, a.Service) })
		sent, skipped := d.lines[0], d.lines[1]
		if !sent.Notified || sent.Why != "" || len(sent.Sinks) != 2 || sent.Watch != "terminations" || sent.Kind != notice.KindTermination || sent.Cause != "ELB health check" || sent.Event != r.ID {
			t.Errorf("the line of what was sent is %+v", sent)
		}
		if skipped.Notified || skipped.Why != r.Orders[1].Skipped || len(skipped.Sinks) > 0 || skipped.Title == "" || skipped.Key != sent.Key {
			t.Errorf("the line of what was skipped is %+v", skipped)
		}
		if r.Orders[1].Notice != nil {
			t.Error("the receipt has a notice")
		}
	}
}

// TestJournalOfLateNotices shows that a notice that is sent later has a line for each attempt, the
// last of which says that it was sent.
func TestJournalOfLateNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, false)
		d.refuse = func(r *http.Request) bool { return r.URL.Host == "slack.com" }
		d.invoke(t, withJournal(deliver(t, terminations, bySlack, killed)))
		d.refuse = nil
		input, err := json.Marshal(d.later[0])
		if err != nil {
			t.Fatal(err)
		}
		d.invoke(t, string(input))
		if len(d.lines) != 2 {
			t.Fatalf("the lines are %+v", d.lines)
		}
		first, late := d.lines[0], d.lines[1]
		if first.Notified || !strings.Contains(first.Why, "slack: later") || first.Attempt != 0 {
			t.Errorf("the first line is %+v", first)
		}
		if !late.Notified || late.Why != "" || late.Attempt != 1 || late.Event != first.Event || late.Watch != first.Watch || late.DetailType != first.DetailType {
			t.Errorf("the late line is %+v", late)
		}
	})
}

// TestBadLines refuses lines that nobody could have handed over.
func TestBadLines(t *testing.T) {
	for _, retry := range []wire.Retry{{Line: json.RawMessage(`{}`)}, {Line: json.RawMessage(`"x"`), Journal: "some-journal"}} {
		payload, _ := json.Marshal(wire.Later{Retry: retry})
		if _, err := newDesk(t, false).handler.Invoke(t.Context(), payload); err == nil || !strings.Contains(err.Error(), "a line for a journal") {
			t.Errorf("%s: %v", payload, err)
		}
	}
}

// locked writes to what several goroutines write to.
type locked struct {
	mu *sync.Mutex
	to *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// writeLines is CloudWatch Logs.
func (w *world) writeLines(rw http.ResponseWriter, r *http.Request, body []byte) {
	w.mu.Lock()
	w.writes++
	nth := w.writes
	w.mu.Unlock()
	if w.wrong.logs != nil {
		if answer := w.wrong.logs(nth); answer != nil {
			answer(rw, r)
			return
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, linesIn(body)...)
	reply(http.StatusOK, "{}")(rw, r)
}

// logsFail makes CloudWatch Logs fail for some time.
func logsFail(answer http.HandlerFunc, since time.Time, long time.Duration) func(int) http.HandlerFunc {
	return func(int) http.HandlerFunc {
		if time.Since(since) >= long {
			return nil
		}
		return answer
	}
}

// TestJournalOfFaults shows that each event of a storm has a line, even if it is in the dead-letter
// queue or in the log, unless every run of its delivery was killed.
func TestJournalOfFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := newStorm(w.sinks)
		w.journal = "some-journal"
		w.wrong = wrong{sink: s.sink, states: s.states, kill: s.kill, logs: s.logs}
		for i := range faultEvents {
			w.send(fmt.Sprintf("event-%03d", i), recordings[i%len(recordings)], w.example(faultySink), w.example(healthySink))
			time.Sleep(faultSpan / faultEvents)
		}
		w.end()
		written, dead := map[string]int{}, map[string]int{}
		for _, l := range w.lines {
			written[l.Event]++
		}
		for _, l := range w.dead {
			if l.Retry.Line != nil {
				dead[eventOf(l.Retry.Line)]++
			}
		}
		logged := 0
		for _, event := range w.events() {
			switch {
			case written[event] > 0 || dead[event] > 0:
			case strings.Contains(w.log.String(), `\"event\":\"`+event+`\"`):
				logged++
			case w.fates[event].kills == 0:
				t.Errorf("%s is not in the journal", event)
			}
		}
		t.Logf("of %d events, %d are in the journal, %d in the dead-letter queue, %d in the log only; there are %d lines", len(w.fates), len(written), len(dead), logged, len(w.lines))
		if len(written) < faultEvents*9/10 || len(dead) == 0 || len(w.lines) == len(written) {
			t.Error("lines are lost, or too little went wrong to show anything")
		}
	})
}

// eventOf is the id of the event that a line is about.
func eventOf(line []byte) string {
	var l journal.Line
	_ = json.Unmarshal(line, &l)
	return l.Event
}

// logs makes CloudWatch Logs fail in one of three calls, and refuse one in fifty for good.
func (s *storm) logs(nth int) http.HandlerFunc {
	switch random := dice("logs", nth); {
	case random.Float64() < 0.02:
		return reply(http.StatusBadRequest, `{"__type":"AccessDeniedException"}`)
	case random.Float64() < 0.33:
		return reply(http.StatusServiceUnavailable, "")
	}
	return nil
}

// journalScenarios are the rows of the table of the journal in docs/delivery.md.
var journalScenarios = map[string]func(now time.Time) wrong{
	"nothing": func(time.Time) wrong { return wrong{} },
	"CloudWatch Logs throttles twice": func(time.Time) wrong {
		return wrong{logs: func(nth int) http.HandlerFunc {
			if nth > 2 {
				return nil
			}
			return reply(400, `{"__type":"ThrottlingException"}`)
		}}
	},
	"CloudWatch Logs is down for 10 minutes": func(now time.Time) wrong {
		return wrong{logs: logsFail(reply(503, ""), now, 10*time.Minute)}
	},
	"CloudWatch Logs does not answer for 3 minutes": func(now time.Time) wrong {
		return wrong{logs: logsFail(neverAnswers(), now, 3*time.Minute)}
	},
	"CloudWatch Logs is down for good": func(now time.Time) wrong { return wrong{logs: logsFail(reply(503, ""), now, always)} },
	"the log group is deleted": func(now time.Time) wrong {
		return wrong{logs: logsFail(reply(400, `{"__type":"ResourceNotFoundException"}`), now, always)}
	},
	"the notifier may not write": func(now time.Time) wrong {
		return wrong{logs: logsFail(reply(400, `{"__type":"AccessDeniedException"}`), now, always)}
	},
	"CloudWatch Logs is down for good, and Step Functions throttles for good": func(now time.Time) wrong {
		return wrong{logs: logsFail(reply(503, ""), now, always), states: func() bool { return true }}
	},
}

// TestJournalTable plays each row of the journal's table in docs/delivery.md.
func TestJournalTable(t *testing.T) {
	content, err := os.ReadFile("../../docs/delivery.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(content), "| what goes wrong with the journal |")
	played := 0
	for i, line := range strings.Split(table, "\n") {
		if i < 2 {
			continue
		}
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		makeWrong := journalScenarios[cells[0]]
		if makeWrong == nil || len(cells) != 4 {
			t.Errorf("docs/delivery.md has the row %q, and there is no such scenario", line)
			continue
		}
		played++
		t.Run(cells[0], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.wrong, w.journal = makeWrong(time.Now()), "some-journal"
				w.send("event", recordings[0], w.example(faultySink), w.example(healthySink))
				w.end()
				if got := w.journalRow(); !slices.Equal(got, cells[1:]) {
					t.Errorf("the table says\n%q, and it is\n%q", cells[1:], got)
				}
			})
		})
	}
	if played != len(journalScenarios) {
		t.Errorf("docs/delivery.md has %d rows of %d", played, len(journalScenarios))
	}
}

// journalRow is when the line was written again, where it ended, and how often each sink got the
// notice.
func (w *world) journalRow() []string {
	again := "never"
	switch {
	case len(w.reruns) > 0:
		again = "by Lambda"
	case len(w.waits) > 0:
		again = "after " + minutes(w.waits)
	case len(w.lines) > 0 && w.writes > 2:
		again = "in the same run"
	}
	end := "lost"
	switch {
	case len(w.lines) == 1 && w.lines[0].Event == "event" && w.lines[0].Notified:
		end = "written"
	case len(w.lines) > 0:
		end = "written wrongly"
	case len(w.dead) == 1 && w.dead[0].Retry.Line != nil:
		end = "dead-letter queue, attempts: " + string('0'+rune(w.dead[0].DeadLetter.Attempts))
	case strings.Contains(w.log.String(), `not in the journal`) && strings.Contains(w.log.String(), `\"event\":\"event\"`):
		end = "the function's own log"
	}
	got := "once"
	for _, sink := range []string{faultySink, healthySink} {
		if w.fates["event"].taken[sink] != 1 {
			got = "differently often"
		}
	}
	return []string{again, end, got}
}
