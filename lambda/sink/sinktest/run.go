package sinktest

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// timeout is the time that a send has.
const timeout = 20 * time.Second

// Run runs the whole suite.
func Run(t *testing.T, h Harness) {
	t.Helper()
	if h.Open == nil || h.Check == nil {
		t.Fatal("the harness needs Open and Check")
	}
	for _, test := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"samples", samples},
		{"statuses", statuses},
		{"acknowledgment", acknowledgment},
		{"failures", failures},
		{"rotation", rotation},
		{"retry-after", retryAfter},
		{"connection", connections},
		{"large answer", largeAnswer},
		{"large header", largeHeader},
		{"plain http", plainHTTP},
		{"context", contexts},
		{"key", key},
		{"redirect", redirect},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, h) })
	}
}

// bubble runs a test in which time passes only while everything waits.
func bubble(t *testing.T, name string, f func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

// plain is a notice that the sink sends.
func (h Harness) plain() *notice.Notice {
	for _, build := range []func() *notice.Notice{termination, success, failure} {
		if n := build(); h.Silent == nil || !h.Silent(n) {
			return n
		}
	}
	panic("the sink is silent about every sample")
}

// key shows that the destination can recognize a delivery that comes twice.
func key(t *testing.T, h Harness) {
	if h.Key == nil {
		t.Skip("the sink has no key")
	}
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t, h, connect, with(h.Good))
		other := h.plain()
		other.ID, other.Key = "another", "another"
		for _, what := range []*notice.Notice{h.plain(), h.plain(), other} {
			if err := n.send(what); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		r := n.sent()
		if one, two, three := h.Key(t, r[0]), h.Key(t, r[1]), h.Key(t, r[2]); one == "" || one != two || one == three {
			t.Errorf("keys are %q, %q and, for another notice, %q", one, two, three)
		}
	})
}
