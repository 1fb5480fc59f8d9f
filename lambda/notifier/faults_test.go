package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const (
	faultEvents = 200
	faultSpan   = 2 * time.Hour // in which they happen
	faultSeed   = 1
	// usuallyFaulty is the share of the requests that go wrong for most sinks.
	usuallyFaulty = 0.25
	outage        = 30 * time.Minute
)

// healthy are the sinks that nothing goes wrong with, and down those that never answer well.
var (
	healthy = []string{"email", "datadog"}
	down    = []string{"webhook"}
)

// dice are random, and depend on the seed and on what they are thrown for: not on the order in which
// things happen.
func dice(of ...any) *rand.Rand {
	hash := fnv.New64a()
	_, _ = fmt.Fprintln(hash, of...)
	return rand.New(rand.NewPCG(faultSeed, hash.Sum64()))
}

// storm is all kinds of things that go wrong at random.
type storm struct {
	start  time.Time
	faults map[string][]sinkFault // by sink
}

func newStorm(sinks []*example) *storm {
	s := &storm{start: time.Now(), faults: map[string][]sinkFault{}}
	for _, e := range sinks {
		s.faults[e.name] = sinktest.Faults(e.good())
	}
	return s
}

// outage reports whether a sink has its outage.
func (s *storm) outage(sink string) bool {
	begins := time.Duration(dice("outage", sink).Float64() * float64(faultSpan-outage))
	at := time.Since(s.start) - begins
	return at >= 0 && at < outage
}

func (s *storm) sink(sink, event string, nth int) *sinkFault {
	random := dice(sink, event, nth)
	switch {
	case slices.Contains(healthy, sink):
		return nil
	case slices.Contains(down, sink), s.outage(sink):
		f := sinkFault{Name: "outage", Answer: reply(http.StatusServiceUnavailable, "<html>sorry</html>")}
		return &f
	case random.Float64() < usuallyFaulty:
		all := s.faults[sink]
		return &all[random.IntN(len(all))]
	}
	return nil
}

func (s *storm) secret(event string, nth int) http.HandlerFunc {
	random := dice("secret", event, nth)
	if random.Float64() > 0.1 {
		return nil
	}
	return []http.HandlerFunc{
		reply(http.StatusInternalServerError, ""),
		reply(http.StatusBadRequest, `{"__type":"ThrottlingException"}`),
		reply(http.StatusBadRequest, `{"__type":"AccessDeniedException"}`),
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}[random.IntN(4)]
}

// states reports whether Step Functions throttles: for some seconds every few minutes, which a run
// can wait for, and for minutes at a time twice, which is longer than Lambda's first two runs.
func (s *storm) states() bool {
	at := time.Since(s.start)
	long := func(from time.Duration) bool { return at >= from && at < from+4*time.Minute }
	return at%(7*time.Minute) < 5*time.Second || long(30*time.Minute) || long(90*time.Minute)
}

// kill says after how long a run's process is killed: one in twenty at any time of a run, and each
// run of a few events.
func (s *storm) kill(event string, run int) time.Duration {
	random := dice("kill", event, run)
	if random.Float64() > 0.05 && dice("killed", event).Float64() > 0.02 {
		return 0
	}
	return time.Duration(random.Float64() * float64(time.Second))
}

// TestFaults shows that nothing is lost while destinations, secrets and Step Functions fail, throttle,
// hang and break connections at random, and the function's processes are killed; and that what one
// sink does is nothing to another.
func TestFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := newStorm(w.sinks)
		w.wrong = wrong{sink: s.sink, secret: s.secret, states: s.states, kill: s.kill}
		began := time.Now()
		for i := range faultEvents {
			time.Sleep(time.Until(began.Add(time.Duration(i) * faultSpan / faultEvents)))
			id := fmt.Sprintf("event-%03d", i)
			w.send(id, recordings[i%len(recordings)], w.sinks...)
		}
		w.end()
		w.check(t)
	})
}

// count is what became of notices.
type count struct{ once, late, dead, whole, afterKill, afterStates, afterDoubt, lost int }

// check counts, and reports what is lost or came twice without a cause.
func (w *world) check(t *testing.T) {
	t.Helper()
	var c count
	for _, event := range w.events() {
		for _, sink := range w.sinks {
			w.checkOne(t, &c, event, sink.name)
		}
	}
	t.Logf("%d notices for %d sinks: %d taken once, %d of them late; %d in the dead-letter queue with their sink, %d as the whole delivery; "+
		"taken more than once: %d after the process was killed, %d after the state machine could not be started, %d by a sink that took it and did not say so; %d lost",
		len(w.fates), len(w.sinks), c.once, c.late, c.dead, c.whole, c.afterKill, c.afterStates, c.afterDoubt, c.lost)
	if c.lost > 0 || c.late < 100 || c.dead < faultEvents/2 || c.afterKill == 0 || c.afterStates == 0 || c.whole == 0 {
		t.Error("notices are lost, or too little went wrong to show anything")
	}
	for _, l := range w.dead {
		if strings.Contains(l.DeadLetter.Reason, keptSecret) || strings.Contains(l.DeadLetter.Reason, "verysecret") || l.DeadLetter.Reason == "" || l.DeadLetter.Attempts == 0 {
			t.Errorf("the dead letter says %+v", l.DeadLetter)
		}
	}
}

// checkOne finds out what became of one notice for one sink.
func (w *world) checkOne(t *testing.T, c *count, event, sink string) {
	t.Helper()
	f := w.fates[event]
	what := fmt.Sprintf("%s for %s", event, sink)
	switch n := f.taken[sink]; {
	case n == 1:
		c.once++
	case n > 1 && f.kills > 0:
		c.afterKill++
	case n > 1 && f.notHandedOver > 0:
		c.afterStates++
	case n > 1 && f.doubtful[sink] > 0:
		c.afterDoubt++
	case n > 1:
		t.Errorf("%s was taken %d times", what, n)
	case w.hasDeadLetter(event, sink):
		c.dead++
	case w.hasRecord(event, sink):
		c.whole++
	case !w.silent[sink+f.file]:
		c.lost++
		t.Errorf("%s is lost after %d requests and %d faults", what, f.requests[sink], f.faults[sink])
	}
	if message, ok := f.late[sink]; ok {
		c.late++
		if !strings.Contains(readable(message), " late: ") {
			t.Errorf("%s does not say that it is late: %.500s", what, message)
		}
	}
}

// hasDeadLetter reports whether the dead-letter queue has the notice, the sink and a reason.
func (w *world) hasDeadLetter(event, sink string) bool {
	return slices.ContainsFunc(w.dead, func(l wire.Later) bool {
		config, _ := json.Marshal(l.Retry.Sink)
		return strings.Contains(string(l.Retry.Notice), `"id":"`+event+`"`) && strings.HasPrefix(string(config), `{"`+sink+`":`)
	})
}

// hasRecord reports whether the failure destination has an input with the event and the sink, and
// the reason names the sink, unless there is none because the process was killed.
func (w *world) hasRecord(event, sink string) bool {
	return slices.ContainsFunc(w.records, func(r record) bool {
		return r.event == event && strings.Contains(r.payload, `{"`+sink+`":`) && (r.reason == "" || strings.Contains(r.reason, sink+": "))
	})
}

// readable is a message without the escaping of forms and HTML.
func readable(message string) string {
	if form, err := url.QueryUnescape(message); err == nil {
		message = form
	}
	return html.UnescapeString(message)
}
