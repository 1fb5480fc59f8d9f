package collect

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// TestCollect reads everything that was recorded, and compares the rows with a file.
func TestCollect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := (&fakeAWS{}).collector(t)
		c.Who = true
		l := c.Collect(t.Context(), everything, began, ended)
		golden.JSON(t, "testdata/rows.json", l.Rows)
		golden.File(t, "testdata/rows.txt", outline(l))
	})
}

// outline has a line for each row, and for each source.
func outline(l *timeline.Timeline) string {
	var b strings.Builder
	for _, r := range l.Rows {
		end := "…"
		if !r.End.IsZero() {
			end = r.End.Format("15:04:05")
		}
		fmt.Fprintf(&b, "%s %s %-9s %-8s %-8s %s\n", r.Start.Format("15:04:05"), end, r.Lane, r.Severity, r.Status, r.Title)
	}
	fmt.Fprintf(&b, "asked: %q\nnot asked: %q\nfailed: %q\n", l.Asked, l.NotAsked, l.Failed)
	return b.String()
}
