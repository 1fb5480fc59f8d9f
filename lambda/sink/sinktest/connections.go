package sinktest

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// connections shows what becomes of a message that gets no answer.
func connections(t *testing.T, h Harness) {
	for name, tt := range map[string]struct {
		dial   dial
		answer http.HandlerFunc
	}{
		"refused":             {dial: refuse},
		"no TLS":              {dial: garble},
		"closed":              {dial: connect, answer: cut("")},
		"reset in the head":   {dial: connect, answer: cut("HTTP/1.1 20")},
		"reset in an error":   {dial: connect, answer: cut("HTTP/1.1 503 Sorry\r\nContent-Length: 1000\r\n\r\nwe")},
		"answers are garbage": {dial: connect, answer: cut("\x00\xff garbage\r\n\r\n")},
		"never answers":       {dial: connect, answer: hang},
	} {
		bubble(t, name, func(t *testing.T) {
			n := newNetwork(t, h, tt.dial, tt.answer)
			start := time.Now()
			n.failed(n.send(h.plain()), true)
			if took := time.Since(start); took > timeout {
				t.Errorf("took %v", took)
			}
		})
		if tt.answer == nil {
			continue
		}
		bubble(t, name+", then well", func(t *testing.T) {
			n := newNetwork(t, h, connect, first(tt.answer, with(h.Good)))
			if err := n.send(h.plain()); err != nil || len(n.sent()) != 2 {
				t.Errorf("%d attempts: %v", len(n.sent()), err)
			}
		})
	}
	bubble(t, "no trust", func(t *testing.T) {
		n := newNetworkTrusting(t, h, connect, nil, x509.NewCertPool())
		start := time.Now()
		// Another try does not make a certificate better; AWS's are always good.
		n.failed(n.send(h.plain()), h.AWS)
		if took := time.Since(start); took > timeout {
			t.Errorf("took %v", took)
		}
	})
	bubble(t, "reset in a good answer", func(t *testing.T) {
		n := newNetwork(t, h, connect, cut("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"))
		// The message was taken; a sink that must know what the answer says fails.
		if err := n.send(h.plain()); err != nil {
			n.failed(err, true)
		}
	})
}

// redirect shows that no redirect is followed.
func redirect(t *testing.T, h Harness) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			n := newNetwork(t, h, connect, with(Answer{Status: status, Header: map[string]string{"Location": "https://evil.example/"}}))
			err := n.send(h.plain())
			n.failed(err, h.AWS)
			if len(n.sent()) != 1 && !h.AWS {
				t.Errorf("sent %d requests", len(n.sent()))
			}
			for _, r := range n.sent() {
				if strings.HasPrefix(r.URL, "https://evil.example") {
					t.Error("a redirect was followed")
				}
			}
		})
	}
}

// contexts shows that a send ends with its context.
func contexts(t *testing.T, h Harness) {
	bubble(t, "canceled before", func(t *testing.T) {
		n := newNetwork(t, h, connect, with(h.Good))
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := h.Open(n.Clients).Send(ctx, h.plain())
		n.failed(err, true)
		if !errors.Is(err, context.Canceled) || len(n.sent()) != 0 {
			t.Errorf("sent %d requests: %v", len(n.sent()), err)
		}
	})
	bubble(t, "canceled while waiting", func(t *testing.T) {
		n := newNetwork(t, h, connect, hang)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		start := time.Now()
		err := h.Open(n.Clients).Send(ctx, h.plain())
		n.failed(err, true)
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != time.Second {
			t.Errorf("took %v: %v", took, err)
		}
	})
}
