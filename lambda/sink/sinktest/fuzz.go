package sinktest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// most bounds how much a notice has: the samples have more, and the fuzzer takes ten seconds for a
// hang.
const most = 60

// Fuzz sends any notice, and reads any answer to it.
func Fuzz(f *testing.F, h Harness) {
	good := h.Good
	f.Add("title", "label", "value", "https://example.com/a", []byte(`{"a":1}`), 3, 1, 200, good.Body)
	f.Add(Hostile, Hostile, Hostile, "javascript:alert(1)", []byte(`"`+Hostile+`"`), 40, 40, 400, Hostile)
	f.Add("", "", "", "http://[::1", []byte("[[[["), 20, 60, 429, "{}")
	for _, failure := range h.Failures {
		f.Add("\u202e", "a\r\nb: c", "😀\x00\xff", "https://x/?a=b|c>d)", []byte("null"), 1, 1, failure.Status, failure.Body)
	}
	f.Fuzz(func(t *testing.T, title, label, value, url string, event []byte, facts, times, status int, body string) {
		what := anyNotice(title, label, value, url, event, min(max(facts, 0), most), min(max(times, 1), most))
		synctest.Test(t, func(t *testing.T) {
			if r, sent := sendSample(t, h, what); sent {
				h.Check(t, what, r)
				checkTexts(t, Harness{}, r)
			}
		})
		synctest.Test(t, func(t *testing.T) {
			n := newNetwork(t, h, connect, with(Answer{Status: 200 + (status%400+400)%400, Body: body, Header: good.Header}))
			if err := n.send(what); err != nil {
				n.harmless(err)
			}
		})
	})
}

// anyNotice is a notice made of any texts, with so many facts; title and key are never empty.
func anyNotice(title, label, value, url string, event []byte, facts, times int) *notice.Notice {
	n := sample(notice.KindUnknown, notice.Warning, notice.Marker, "key "+title)
	n.ID, n.Account, n.Region, n.Alias, n.Service = value, label, label, title, label
	n.Title, n.Summary, n.Event = "Down: "+strings.Repeat(title, times), value, event
	if facts%2 == 0 {
		n.Kind, n.Severity, n.Status = notice.KindDeployment, notice.Error, notice.Open
		n.Release = &notice.Release{
			ID: value, Application: label, Group: title, State: wire.DeploymentFailed, Version: title, Commit: value,
			Description: strings.Repeat(value, times), By: label, URL: url, Started: n.Time, Ended: n.Time.Add(time.Duration(times) * time.Hour),
		}
	}
	n.Add(label, strings.Repeat(value, times), url)
	n.Link("Group", console) // the only link that is sure to be one
	for range facts {
		n.Add(label, value, url)
		n.Link(label, url)
	}
	return n
}
