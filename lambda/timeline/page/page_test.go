package page

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

func render(t testing.TB, tl *timeline.Timeline, o Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, tl, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// kathmandu is 5 hours and 45 minutes ahead of UTC.
var kathmandu = time.FixedZone("+0545", 5*3600+45*60)

// TestGolden shows the story as a page, and a crowd of rows of every kind as a widget.
func TestGolden(t *testing.T) {
	golden.File(t, "testdata/story.html", render(t, story(), Options{}))
	golden.File(t, "testdata/crowd.html", render(t, crowd(), Options{Zone: kathmandu}))
	widget := render(t, story(), Options{Widget: true, Theme: "dark"})
	golden.File(t, "testdata/widget.html", strings.Replace(widget, style, "…", 1))
}

func TestIsTheSameTwice(t *testing.T) {
	if a, b := render(t, crowd(), Options{}), render(t, crowd(), Options{}); a != b {
		t.Error(golden.Diff(a, b))
	}
}

// TestEveryRowIsLinked follows the links from rows to marks and back.
func TestEveryRowIsLinked(t *testing.T) {
	for name, tl := range map[string]*timeline.Timeline{"story": story(), "crowd": crowd()} {
		page := render(t, tl, Options{})
		checkStructure(t, page)
		links, v := links(t, page), newView(tl, Options{})
		for _, r := range v.rows {
			to := links[r.anchor()]
			if !v.span.has(r) {
				if len(to) != 0 {
					t.Errorf("%s: row %d, which is not drawn, is linked to %q", name, r.number, to)
				}
				continue
			}
			if len(to) != len(layouts) {
				t.Fatalf("%s: row %d (%s) has %d links to marks, want one for each layout", name, r.number, r.Title, len(to))
			}
			for i, mark := range to {
				if !strings.HasPrefix(mark, layouts[i].prefix) || len(links[mark]) != 1 {
					t.Errorf("%s: row %d is linked to %s, which leads to %q", name, r.number, mark, links[mark])
				}
				back := links[mark][0]
				if !slices.Contains(links[back], mark) {
					t.Errorf("%s: mark %s leads to %s, which does not lead back", name, mark, back)
				}
				if count := len(links[back]); count == 0 {
					t.Errorf("%s: mark %s leads to no row", name, mark)
				}
			}
		}
	}
}

func TestWidget(t *testing.T) {
	page := render(t, story(), Options{Widget: true})
	if checkStructure(t, page) == 0 {
		t.Error("it has no marks")
	}
	for _, not := range []string{"<html", "<body", "<title>story", ` id="`, `href="#`, "<meta"} {
		if strings.Contains(page, not) {
			t.Errorf("it has %s", not)
		}
	}
	if !strings.HasPrefix(page, `<div class="cwdb-no-default-styles">`) {
		t.Errorf("it begins with %.60s", page)
	}
}

func TestTheme(t *testing.T) {
	for theme, want := range map[string]string{"": `class="xe"`, "light": `class="xe light"`, "dark": `class="xe dark"`, `"><script>`: `class="xe"`} {
		if page := render(t, story(), Options{Theme: theme}); !strings.Contains(page, "<main "+want) {
			t.Errorf("theme %q: there is no %s", theme, want)
		}
	}
}

func TestEmpty(t *testing.T) {
	for _, tt := range []struct {
		name string
		t    timeline.Timeline
		want []string
	}{
		{"nothing", timeline.Timeline{}, []string{"Nothing happened", "Nothing was found", "<h1>Timeline</h1>"}},
		{"a time", timeline.Timeline{From: at(0), To: at(60), Asked: []string{"CodeDeploy"}}, []string{"Nothing happened", "09:00–10:00 UTC", "Asked: <span>CodeDeploy"}},
		{"failures", timeline.Timeline{Failed: []string{"all of it"}}, []string{"not everything could be asked", "Could not be asked: <span>all of it"}},
		{"no time", timeline.Timeline{Rows: []timeline.Row{{Title: "Something"}}}, []string{"Something", "Time not known", `<span class="when">–</span>`}},
	} {
		page := render(t, &tt.t, Options{})
		checkStructure(t, page)
		for _, want := range tt.want {
			if !strings.Contains(page, want) {
				t.Errorf("%s: there is no %q", tt.name, want)
			}
		}
	}
}

// many are rows of every kind within six hours.
func many(n int) *timeline.Timeline {
	tl := &timeline.Timeline{From: at(0), To: at(360)}
	for i := range n {
		r := storyRows()[i%11]
		r.Start = at(float64(i*7919%3600) / 10)
		r.End = r.Start.Add(time.Duration(i%3) * time.Minute)
		tl.Rows = append(tl.Rows, r)
	}
	return tl
}

// TestMany writes as many rows as there may be, and more.
func TestMany(t *testing.T) {
	page := render(t, many(maxRows), Options{})
	if marks := checkStructure(t, page); marks > 1500 {
		t.Errorf("there are %d marks", marks)
	}
	if n := strings.Count(page, "<li id="); n != maxRows {
		t.Errorf("%d rows are shown", n)
	}
	if len(page) > maxBytes*2 {
		t.Errorf("the page has %d bytes", len(page))
	}
	page = render(t, many(maxWidgetRows+3), Options{Widget: true})
	if !strings.Contains(page, "3 rows are not shown") || len(page) > 2*maxWidgetBytes {
		t.Errorf("a widget of %d bytes", len(page))
	}
}

func BenchmarkMany(b *testing.B) {
	tl := many(maxRows)
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, tl, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestWorstRowsStay gives a widget more rows than it shows.
func TestWorstRowsStay(t *testing.T) {
	tl := &timeline.Timeline{From: at(0), To: at(360)}
	for i := range maxWidgetRows + 2 {
		tl.Rows = append(tl.Rows, timeline.Row{Start: at(float64(i)), End: at(float64(i)), Lane: timeline.Instances, Title: fmt.Sprintf("row %d.", i), Severity: notice.Info})
	}
	tl.Rows[0].Severity = notice.Error
	tl.Rows[1].Release = &notice.Release{ID: "d"}
	page := render(t, tl, Options{Widget: true})
	for title, want := range map[string]bool{"row 0.": true, "row 1.": true, "row 2.": false, "row 3.": false, "row 4.": true} {
		if strings.Contains(page, "<b>"+title) != want {
			t.Errorf("%s is shown: %v", title, !want)
		}
	}
}
