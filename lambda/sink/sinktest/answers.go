package sinktest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// statuses walks every status that an answer may have.
func statuses(t *testing.T, h Harness) {
	for status := 200; status < 600; status++ {
		if 300 <= status && status < 400 {
			continue // redirect looks at these
		}
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			if status < 300 {
				s := newStage(t, h, connect, true, with(Answer{Status: status, Header: h.Good.Header, Body: h.Good.Body}))
				// 204 and 205 have no body, which is then not what a sink may look for.
				if err := s.send(h, h.plain()); err != nil && (h.Good.Body == "" || status != 204 && status != 205) {
					t.Error(err)
				}
				return
			}
			transient := status >= 500 || status == 408 || status == 425 || status == 429
			if h.AWS {
				transient = status >= 500 || status == 429
			}
			s := newStage(t, h, connect, true, h.echo(status))
			failed(t, h, s.send(h, h.plain()), transient)
			if got := len(s.sent()); transient && got != 3 || !transient && got != 1 {
				t.Errorf("%d attempts", got)
			}
			if !transient {
				return
			}
			s = newStage(t, h, connect, true, first(with(Answer{Status: status}), with(h.Good)))
			if err := s.send(h, h.plain()); err != nil || len(s.sent()) != 2 {
				t.Errorf("after one such answer: %d attempts, %v", len(s.sent()), err)
			}
		})
	}
}

// failures shows what the API's own ways to say no become.
func failures(t *testing.T, h Harness) {
	for _, f := range h.Failures {
		bubble(t, f.Name, func(t *testing.T) {
			s := newStage(t, h, connect, true, with(f.Answer))
			err := s.send(h, h.plain())
			failed(t, h, err, f.Transient)
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
				s := newStage(t, h, connect, true, first(func(w http.ResponseWriter, _ *http.Request) {
					refused = time.Now()
					w.Header().Set("Retry-After", in(7*time.Second, date))
					w.WriteHeader(status)
				}, func(w http.ResponseWriter, r *http.Request) {
					if waited := time.Since(refused); waited < 6*time.Second || waited > 8*time.Second {
						t.Errorf("waited %v", waited)
					}
					with(h.Good)(w, r)
				}))
				if err := s.send(h, h.plain()); err != nil {
					t.Error(err)
				}
			})
			bubble(t, name+", beyond the time", func(t *testing.T) {
				s := newStage(t, h, connect, true, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Retry-After", in(time.Hour, date))
					w.WriteHeader(status)
				})
				start := time.Now()
				failed(t, h, s.send(h, h.plain()), true)
				if took := time.Since(start); took > time.Second || len(s.sent()) != 1 {
					t.Errorf("took %v for %d attempts", took, len(s.sent()))
				}
			})
		}
	}
}

// hang never answers.
func hang(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
	panic(http.ErrAbortHandler) // or net/http would answer 200 to a client that is leaving
}

// cut breaks the connection after some of an answer.
func cut(head string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = buffered.WriteString(head)
		_ = buffered.Flush()
		_ = conn.Close()
	}
}

// connections shows what becomes of a message that gets no answer.
func connections(t *testing.T, h Harness) {
	for name, tt := range map[string]struct {
		dial    dial
		distrus bool
		answer  http.HandlerFunc
	}{
		"refused":             {dial: refuse},
		"no TLS":              {dial: garble},
		"no trust":            {dial: connect, distrus: true},
		"closed":              {dial: connect, answer: cut("")},
		"reset in the head":   {dial: connect, answer: cut("HTTP/1.1 20")},
		"reset in an error":   {dial: connect, answer: cut("HTTP/1.1 503 Sorry\r\nContent-Length: 1000\r\n\r\nwe")},
		"answers are garbage": {dial: connect, answer: cut("\x00\xff garbage\r\n\r\n")},
		"never answers":       {dial: connect, answer: hang},
	} {
		bubble(t, name, func(t *testing.T) {
			s := newStage(t, h, tt.dial, !tt.distrus, tt.answer)
			start := time.Now()
			// A certificate does not become better by another try; AWS's are always good.
			failed(t, h, s.send(h, h.plain()), !tt.distrus || h.AWS)
			if took := time.Since(start); took > timeout {
				t.Errorf("took %v", took)
			}
		})
		if tt.answer == nil {
			continue
		}
		bubble(t, name+", then well", func(t *testing.T) {
			s := newStage(t, h, connect, true, first(tt.answer, with(h.Good)))
			if err := s.send(h, h.plain()); err != nil || len(s.sent()) != 2 {
				t.Errorf("%d attempts: %v", len(s.sent()), err)
			}
		})
	}
	bubble(t, "reset in a good answer", func(t *testing.T) {
		s := newStage(t, h, connect, true, cut("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"))
		// The message was taken; a sink that must know what the answer says fails.
		if err := s.send(h, h.plain()); err != nil {
			failed(t, h, err, true)
		}
	})
}

// largeAnswer shows that an answer of 100 MB fills neither the time nor the memory.
func largeAnswer(t *testing.T, h Harness) {
	for _, status := range []int{200, 400, 500} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			var written atomic.Int64
			s := newStage(t, h, connect, true, func(w http.ResponseWriter, _ *http.Request) {
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
			err := s.send(h, h.plain())
			if status != 200 {
				failed(t, h, err, status >= 500)
			}
			synctest.Wait()
			if read := written.Load(); read > 4<<20 {
				t.Errorf("read about %d bytes", read)
			}
		})
	}
}
