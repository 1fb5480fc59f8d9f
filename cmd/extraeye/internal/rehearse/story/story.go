// Package story shows a rehearsal as a timeline: the events that were played, as their notices
// say them, with metrics that are made up to go with them.
package story

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/compare"
	"github.com/extraeye/extraeye/lambda/timeline/page"
)

// File is the name of the page.
const File = "timeline.html"

// Write writes the page of an app to the folder.
func Write(dir, app string, notices []*notice.Notice) error {
	var out bytes.Buffer
	if err := page.Write(&out, of(app, notices), page.Options{Zone: time.Local}); err != nil {
		return fmt.Errorf("make the timeline: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, File), out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the timeline: %w", err)
	}
	return nil
}

// of is the timeline of a rehearsal.
func of(app string, notices []*notice.Notice) *timeline.Timeline {
	all := rows(notices)
	t := &timeline.Timeline{
		Service: app, Rows: all,
		Asked:    []string{"the events of this rehearsal"},
		NotAsked: []string{"AWS: nothing left this machine", "CloudWatch: the metrics are made up"},
	}
	for _, n := range notices {
		t.Account, t.Alias, t.Region = cmp.Or(t.Account, n.Account), cmp.Or(t.Alias, n.Alias), cmp.Or(t.Region, n.Region)
	}
	t.From, t.To = around(all)
	m := madeUp(all)
	for _, metric := range m {
		t.Metrics = append(t.Metrics, metric.strip(t.From, t.To))
	}
	t.Compared = compare.Releases(all, seriesOf(m, t.From, t.To), t.To)
	return t
}

// around is the time of the rows, with some room.
func around(all []timeline.Row) (from, to time.Time) {
	const room = 5 * time.Minute
	for _, r := range all {
		if from.IsZero() || r.Start.Before(from) {
			from = r.Start
		}
		for _, at := range []time.Time{r.Start, r.End} {
			if at.After(to) {
				to = at
			}
		}
	}
	return from.Add(-room).Truncate(room), to.Add(2*room - 1).Truncate(room)
}

// rows are the notices, each once, in the order of their times.
func rows(notices []*notice.Notice) []timeline.Row {
	var all []timeline.Row
	for _, n := range notices {
		if !n.Time.IsZero() {
			all = append(all, row(n))
		}
	}
	all = timeline.Distinct(all)
	timeline.Sort(all)
	return joined(all)
}
