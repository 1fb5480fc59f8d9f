package sinktest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// statuses shows what becomes of every status that an answer may have, except for
// redirects, which have a test of their own. Those of one class share a network:
// its connections take most of the time. With -short it is only the statuses that
// destinations do answer with.
func statuses(t *testing.T, h Harness) {
	for _, class := range []struct {
		name  string
		from  int
		check func(*testing.T, *network, int)
	}{
		{"2xx", 200, taken}, {"4xx", 400, refused}, {"5xx", 500, triedAgain},
	} {
		bubble(t, class.name, func(t *testing.T) {
			n := newNetwork(t, h, connect, nil)
			for status := class.from; status < class.from+100; status++ {
				check := class.check
				switch {
				case testing.Short() && !slices.Contains(common, status):
					continue
				case h.isTransient(status):
					check = triedAgain
				}
				if check(t, n, status); t.Failed() {
					t.Fatalf("this was status %d", status)
				}
			}
		})
	}
}

// common are statuses that destinations answer with.
var common = []int{200, 202, 204, 400, 401, 403, 404, 408, 410, 413, 425, 429, 500, 502, 503, 504}

// isTransient reports whether a status below 500 means that another try may succeed.
func (h Harness) isTransient(status int) bool {
	if h.AWS {
		return status == http.StatusTooManyRequests
	}
	return slices.Contains([]int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}, status)
}

func taken(t *testing.T, n *network, status int) {
	n.restart(with(Answer{Status: status, Header: n.h.Good.Header, Body: n.h.Good.Body}))
	err := n.send(n.h.plain())
	switch {
	case status != max(n.h.Good.Status, http.StatusOK) && n.h.OneStatus:
		if err == nil {
			t.Error("counts as sent")
		}
	case n.h.Good.Body != "" && (status == http.StatusNoContent || status == http.StatusResetContent):
		// These have no body, so a sink does not find what it looks for.
	case err != nil:
		t.Error(err)
	}
}

// acknowledgment shows that a message counts as sent only if the destination says so in
// the way that it documents: not if a proxy, a page to log in or another API answers
// with the right status.
func acknowledgment(t *testing.T, h Harness) {
	const page = "<!DOCTYPE html>\n<html><head><title>Log in</title></head><body>ok success accepted {\"id\":1,\"ok\":true}</body></html>"
	answers := map[string]Answer{
		"page":             {Body: page, Header: map[string]string{"Content-Type": "text/html; charset=utf-8"}},
		"page called JSON": {Body: page, Header: map[string]string{"Content-Type": "application/json"}},
		"piece of a page":  {Body: "\uFEFF \n<div>Log in</div>", Header: map[string]string{"Content-Type": "text/html"}},
	}
	if !h.AnyBody {
		for _, body := range []string{"", "null", "true", "[]", "{}", "OK", "success", "<ok/>", `{"message":"Access denied"}`, `{"error":"no"}`, `{"status":"invalid event"}`, `"ok"`} {
			answers["body "+body] = Answer{Body: body}
		}
	}
	for name, a := range answers {
		bubble(t, name, func(t *testing.T) {
			a.Status = h.Good.Status
			n := newNetwork(t, h, connect, with(a))
			err := n.send(h.plain())
			if err == nil {
				t.Fatal("counts as sent")
			}
			n.failed(err, !notice.IsPermanent(err))
			if strings.Contains(err.Error(), "DOCTYPE") {
				t.Errorf("the error has the page: %v", err)
			}
		})
	}
}

func refused(t *testing.T, n *network, status int) {
	n.restart(n.echo(status))
	n.failed(n.send(n.h.plain()), false)
	if got := len(n.sent()); got != 1 {
		t.Errorf("%d attempts", got)
	}
}

func triedAgain(t *testing.T, n *network, status int) {
	n.restart(n.echo(status))
	n.failed(n.send(n.h.plain()), true)
	if got := len(n.sent()); got != 3 {
		t.Errorf("%d attempts", got)
	}
	n.restart(first(with(Answer{Status: status}), with(n.h.Good)))
	if err := n.send(n.h.plain()); err != nil || len(n.sent()) != 2 {
		t.Errorf("after one such answer: %d attempts, %v", len(n.sent()), err)
	}
}

// failures shows what the API's own ways to say no become.
func failures(t *testing.T, h Harness) {
	for _, f := range h.Failures {
		bubble(t, f.Name, func(t *testing.T) {
			n := newNetwork(t, h, connect, with(f.Answer))
			err := n.send(h.plain())
			n.failed(err, f.Transient)
			if err != nil && !strings.Contains(err.Error(), f.Reason) {
				t.Errorf("no %q in: %v", f.Reason, err)
			}
		})
	}
}

// retryAfter shows that a destination that asks to wait is left alone for so long,
// or that the send ends at once so that Lambda tries again.
func retryAfter(t *testing.T, h Harness) {
	in := func(wait time.Duration, date bool) string {
		if date {
			return time.Now().Add(wait).UTC().Format(http.TimeFormat)
		}
		return strconv.Itoa(int(wait / time.Second))
	}
	for _, date := range []bool{false, true} {
		for _, status := range []int{429, 503} {
			name := fmt.Sprintf("%d, date %v", status, date)
			bubble(t, name+", within the time", func(t *testing.T) {
				var refused time.Time
				n := newNetwork(t, h, connect, first(func(w http.ResponseWriter, _ *http.Request) {
					refused = time.Now()
					w.Header().Set("Retry-After", in(7*time.Second, date))
					w.WriteHeader(status)
				}, func(w http.ResponseWriter, r *http.Request) {
					if waited := time.Since(refused); waited < 6*time.Second || waited > 8*time.Second {
						t.Errorf("waited %v", waited)
					}
					with(h.Good)(w, r)
				}))
				if err := n.send(h.plain()); err != nil {
					t.Error(err)
				}
			})
			bubble(t, name+", beyond the time", func(t *testing.T) {
				n := newNetwork(t, h, connect, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Retry-After", in(time.Hour, date))
					w.WriteHeader(status)
				})
				start := time.Now()
				n.failed(n.send(h.plain()), true)
				if took := time.Since(start); took > time.Second || len(n.sent()) != 1 {
					t.Errorf("took %v for %d attempts", took, len(n.sent()))
				}
			})
		}
	}
}

// largeHeader shows that the header of an answer is bounded as its body is.
func largeHeader(t *testing.T, h Harness) {
	synctest.Test(t, func(t *testing.T) {
		good := h.Good
		good.Header = map[string]string{"X-Large": strings.Repeat("x", 8<<20)}
		n := newNetwork(t, h, connect, with(good))
		n.failed(n.send(h.plain()), true)
	})
}

// largeAnswer shows that an answer of 100 MB fills neither the time nor the memory.
func largeAnswer(t *testing.T, h Harness) {
	for _, status := range []int{200, 400, 500} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			var written atomic.Int64
			n := newNetwork(t, h, connect, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				piece := strings.Repeat(" no ", 8<<10)
				for range 100 << 20 / len(piece) {
					n, err := io.WriteString(w, piece)
					written.Add(int64(n))
					if err != nil {
						return
					}
				}
			})
			err := n.send(h.plain())
			if status != 200 {
				n.failed(err, status >= 500)
			}
			synctest.Wait()
			if read := written.Load(); read > 4<<20 {
				t.Errorf("read about %d bytes", read)
			}
		})
	}
}
