package evidence

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// TestCrashes shows that the consoles of the instances that died before are read if this one's
// says how it crashed, at most four of them, and otherwise none.
func TestCrashes(t *testing.T) {
	const oom = "[  172.1] Out of memory: Killed process 1234 (java) total-vm:8392456kB, anon-rss:7654321kB\n"
	const failed = "[FAILED] Failed to start web.service - Web.\n"
	var activities string
	for i := range 6 {
		activities += fmt.Sprintf(`<member><Description>Terminating EC2 instance: i-%d</Description><StartTime>%s</StartTime>
			<Cause>At 2026-06-30T19:00:00Z an instance was taken out of service in response to an ELB system health check failure.</Cause></member>`,
			i, made.Add(-time.Duration(i)*10*time.Minute).Format(time.RFC3339))
	}
	for name, tt := range map[string]struct {
		console string // of the instance
		read    int
		kinds   string
	}{
		"ran out of memory": {oom, 5, "ran out of memory, had a service fail, ran out of memory, "},
		"a service failed":  {failed, 1, ""},
		"nothing":           {"login: ", 1, ""},
		"no output":         {"", 1, ""},
	} {
		var mu sync.Mutex
		var read []string
		l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			switch id := r.Form.Get("InstanceId"); {
			case r.Form.Get("Action") == "DescribeScalingActivities":
				_, _ = io.WriteString(w, scaling("DescribeScalingActivities", "<Activities>"+activities+"</Activities>"))
			case r.Form.Get("Action") == "GetConsoleOutput":
				mu.Lock()
				read = append(read, id)
				mu.Unlock()
				text := map[string]string{"i-0": tt.console, "i-1": oom, "i-2": failed, "i-3": oom}[id]
				_, _ = io.WriteString(w, strings.Replace(left(text), instance, id, 1))
			default:
				w.WriteHeader(http.StatusBadRequest)
			}
		})
		s := &autoscaling.Termination{GroupName: "g", InstanceID: "i-0", Cause: wire.CauseELBHealthCheck, Started: made}
		l.Gather(t.Context(), &event.Event{Subject: s, Region: "eu-west-1"})
		var kinds []string
		for _, c := range s.Crashes {
			kinds = append(kinds, c.Kind)
		}
		if got := strings.Join(kinds, ", "); got != tt.kinds || len(read) != tt.read {
			t.Errorf("%s: the crashes are %q, want %q; read %q, want %d", name, got, tt.kinds, read, tt.read)
		}
		if minor := name == "a service failed"; s.Console.Value.Minor != minor {
			t.Errorf("%s: minor is %t", name, s.Console.Value.Minor)
		}
	}
}

// TestSharedConsoles shows that of a console that events share its text is not kept, which is large.
func TestSharedConsoles(t *testing.T) {
	const oom = "[  172.1] Out of memory: Killed process 1234 (java) total-vm:8392456kB, anon-rss:7654321kB\n"
	l, _ := lookups(t, answer(200, left(strings.Repeat("a line that says nothing\n", 2000)+oom)))
	ctx := l.reusing(t.Context(), made)
	for range 2 {
		if got := l.console(ctx, "eu-west-1", instance, made); got.Value.Kind != "ran out of memory" || len(got.Value.Lines) != 1 {
			t.Errorf("got %+v", got)
		}
	}
	if n := len(l.recent.answers); n != 1 || l.recent.bytes == 0 || l.recent.bytes > len(oom) {
		t.Errorf("%d consoles are kept, with %d bytes", n, l.recent.bytes)
	}
}
