package page

import (
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// FuzzPage writes pages of any texts and times. Each byte is a row.
func FuzzPage(f *testing.F) {
	f.Add("Title", "1.0", "https://example.com", []byte("any rows\x00\xff"), int64(0), int64(3600), int16(60))
	f.Add("<b>\u202e", "a\nb", "javascript:x", []byte{0, 1, 2, 3, 250, 251, 252}, int64(-1e12), int64(1e12), int16(-720))
	f.Add("", "", "", []byte(strings.Repeat("crowd", 99)), int64(1), int64(0), int16(345))
	f.Fuzz(func(t *testing.T, title, version, url string, rows []byte, from, to int64, zone int16) {
		tl := &timeline.Timeline{Service: title, From: time.Unix(from, 0), To: time.Unix(to, 0), Failed: []string{version}}
		m := timeline.Metric{Label: version, Unit: title, Period: time.Minute}
		for i, b := range rows[:min(len(rows), 2000)] {
			r := timeline.Row{
				Start: time.Unix(from, 0).Add(time.Duration(b) * time.Minute), Lane: append(timeline.Lanes, "")[b%6], Title: title, Key: version,
				Severity: notice.Severity([]string{"info", "warning", "error", "critical", title}[b%5]), Link: notice.Link{Label: title, URL: url},
				Facts: []notice.Fact{{Label: title, Value: version, URL: url}, {Label: notice.LastWords, Value: title}},
			}
			if b%4 != 0 {
				r.End = r.Start.Add(time.Duration(int(b%16)-3) * time.Duration(i) * time.Minute)
			}
			if r.Lane == timeline.Releases {
				r.Release = &notice.Release{ID: title, Version: version, Rollback: b%2 == 0}
				tl.Compared.Releases = append(tl.Compared.Releases, timeline.Comparison{Release: *r.Release, At: r.End, Why: title})
			}
			tl.Rows = append(tl.Rows, r)
			m.Points = append(m.Points, timeline.Point{Time: r.Start, Value: float64(b) - 30})
		}
		tl.Metrics = []timeline.Metric{m}
		o := Options{Zone: time.FixedZone("", int(zone)*60)}
		page := render(t, tl, o)
		checkStructure(t, page)
		if strings.Contains(page, "\u202e") {
			t.Error("the page has a character that turns the direction of text")
		}
		checkMarks(t, newView(tl, o))
		o.Widget = true
		checkStructure(t, render(t, tl, o))
	})
}
