package main

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

// The sinks of the scenarios: one that something goes wrong with, and one beside it.
const (
	faultySink  = "slack"
	healthySink = "email"
)

// fails makes the faulty sink fail for some time after the event.
func fails(answer http.HandlerFunc, since time.Time, long time.Duration) func(sink, event string, nth int) *sinkFault {
	return func(sink, _ string, _ int) *sinkFault {
		if sink != faultySink || time.Since(since) >= long {
			return nil
		}
		return &sinkFault{Answer: answer}
	}
}

// always is longer than anything is tried.
const always = 1000 * time.Hour

// scenarios are the rows of the table in docs/delivery.md, by what goes wrong from a time on.
var scenarios = map[string]func(now time.Time) wrong{
	"nothing": func(time.Time) wrong { return wrong{} },
	"the sink answers with 503 once": func(time.Time) wrong {
		return wrong{sink: func(sink, _ string, nth int) *sinkFault {
			if sink == faultySink && nth == 0 {
				return &sinkFault{Answer: reply(503, "")}
			}
			return nil
		}}
	},
	"the sink asks to wait for 10 seconds": func(now time.Time) wrong {
		return wrong{sink: fails(asks(10*time.Second), now, 9*time.Second)}
	},
	"the sink is down for 30 minutes": func(now time.Time) wrong {
		return wrong{sink: fails(reply(503, ""), now, 30*time.Minute)}
	},
	"the sink does not answer for 10 minutes": func(now time.Time) wrong {
		return wrong{sink: fails(neverAnswers(), now, 10*time.Minute)}
	},
	"the sink asks to wait for 2 hours": func(now time.Time) wrong {
		return wrong{sink: fails(asks(2*time.Hour), now, 2*time.Hour)}
	},
	"the sink asks to wait for a day": func(now time.Time) wrong {
		return wrong{sink: fails(asks(24*time.Hour), now, 24*time.Hour)}
	},
	"the sink is down for good": func(now time.Time) wrong { return wrong{sink: fails(reply(503, ""), now, always)} },
	"the sink refuses the notice": func(now time.Time) wrong {
		return wrong{sink: fails(reply(200, `{"ok":false,"error":"channel_not_found"}`), now, always)}
	},
	"the credential is wrong": func(now time.Time) wrong { return wrong{sink: fails(reply(401, ""), now, always)} },
	"the secret cannot be read for 3 minutes": func(now time.Time) wrong {
		return wrong{secret: func(string, int) http.HandlerFunc {
			if time.Since(now) >= 3*time.Minute {
				return nil
			}
			return reply(400, `{"__type":"ThrottlingException"}`)
		}}
	},
	"AWS answers no look-up": func(time.Time) wrong {
		return wrong{lookup: func() http.HandlerFunc { return reply(503, "") }}
	},
	"the sink is down for 30 minutes, and Step Functions throttles for 1 minute": func(now time.Time) wrong {
		return wrong{sink: fails(reply(503, ""), now, 30*time.Minute), states: func() bool { return time.Since(now) < time.Minute }}
	},
	"the sink is down, and Step Functions throttles for good": func(now time.Time) wrong {
		return wrong{sink: fails(reply(503, ""), now, always), states: func() bool { return true }}
	},
	"the process is killed once, when other sinks have the notice": func(now time.Time) wrong {
		return wrong{sink: fails(neverAnswers(), now, 10*time.Second), kill: func(_ string, run int) time.Duration {
			if run > 1 {
				return 0
			}
			return 5 * time.Second
		}}
	},
	"the process is killed each time, when other sinks have the notice": func(now time.Time) wrong {
		return wrong{sink: fails(neverAnswers(), now, always), kill: func(string, int) time.Duration { return 5 * time.Second }}
	},
}

func asks(wait time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
		reply(429, "")(w, r)
	}
}

// neverAnswers is that fault of sinktest's.
func neverAnswers() http.HandlerFunc {
	all := sinktest.Faults(sinktest.Answer{})
	return all[slices.IndexFunc(all, func(f sinkFault) bool { return f.Name == "never answers" })].Answer
}

// TestDeliveryTable plays each row of the table in docs/delivery.md, and checks its other cells.
func TestDeliveryTable(t *testing.T) {
	content, err := os.ReadFile("../../docs/delivery.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(content), "| what goes wrong |")
	played := map[string]bool{}
	for i, line := range strings.Split(table, "\n") {
		if i < 2 {
			continue
		}
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		makeWrong := scenarios[cells[0]]
		if makeWrong == nil || len(cells) != 4 {
			t.Errorf("docs/delivery.md has the row %q, and there is no such scenario", line)
			continue
		}
		played[cells[0]] = true
		t.Run(cells[0], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.wrong = makeWrong(time.Now())
				w.send("event", recordings[0], w.example(faultySink), w.example(healthySink))
				w.end()
				if got := w.row(); !slices.Equal(got, cells[1:]) {
					t.Errorf("the table says\n%q, and it is\n%q", cells[1:], got)
				}
			})
		})
	}
	for name := range scenarios {
		if !played[name] {
			t.Errorf("docs/delivery.md has no row %q", name)
		}
	}
}

// row is when the notice was sent to the faulty sink again, where it ended, and how often the
// healthy one got it.
func (w *world) row() []string {
	f := w.fates["event"]
	var again []string
	if len(w.reruns) > 0 {
		again = append(again, "by Lambda after "+minutes(w.reruns))
	}
	if len(w.waits) > 0 {
		again = append(again, "after "+minutes(w.waits))
	}
	if again == nil && f.requests[faultySink] > 1 && f.taken[faultySink] > 0 {
		again = append(again, "in the same run")
	}
	if again == nil {
		again = append(again, "never")
	}
	var end string
	switch late := lateness.FindStringSubmatch(readable(f.late[faultySink])); {
	case f.taken[faultySink] > 1:
		end = "sent twice"
	case late != nil:
		end = "sent, " + late[1] + " late"
	case f.taken[faultySink] == 1:
		end = "sent"
	case len(w.dead) == 1 && w.hasDeadLetter("event", faultySink):
		end = fmt.Sprintf("dead-letter queue, attempts: %d", w.dead[0].DeadLetter.Attempts)
	case w.hasRecord("event", faultySink):
		end = "dead-letter queue, the whole delivery"
	default:
		end = "lost"
	}
	return []string{strings.Join(again, "; "), end, []string{"nothing", "once", "twice", "3 times"}[f.taken[healthySink]]}
}

var lateness = regexp.MustCompile(`([0-9][a-z0-9 ]*) late: `)

// minutes writes waits as people list them.
func minutes(waits []time.Duration) string {
	var all []string
	for _, w := range waits {
		all = append(all, strconv.Itoa(int(w/time.Minute)))
	}
	if n := len(all) - 1; n > 0 {
		all = append(all[:n-1], all[n-1]+" and "+all[n])
	}
	text := strings.Join(all, ", ") + " minute"
	if text != "1 minute" {
		text += "s"
	}
	return text
}
