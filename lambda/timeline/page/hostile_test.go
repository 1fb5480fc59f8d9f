package page

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// fill puts a text into every string of a value, however deep, and one item into every list.
// It returns the paths of the strings, the place of each in the list being its number.
func fill(v reflect.Value, path string, paths *[]string, text func(n int, path string) string) {
	switch v.Kind() {
	case reflect.String:
		*paths = append(*paths, path)
		v.SetString(text(len(*paths), path))
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			fill(v.Index(i), path, paths, text)
		}
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		fill(v.Elem(), path, paths, text)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(at(5)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), path+"."+v.Type().Field(i).Name, paths, text)
		}
	}
}

// notShown are the strings that choose how something is shown, and those that others are
// shown in place of.
var notShown = []string{
	".Rows.Lane", ".Rows.Kind", ".Rows.ID", ".Rows.Severity", ".Rows.Status", ".Rows.Key", ".Rows.Source",
	".Rows.Release.ID", ".Rows.Release.Application", ".Rows.Release.Group", ".Rows.Release.State", ".Rows.Release.Commit",
	".Rows.Release.Description", ".Rows.Release.By", ".Rows.Release.URL",
	".Compared.Releases.Release.ID", ".Compared.Releases.Release.Application", ".Compared.Releases.Release.Group", ".Compared.Releases.Release.State",
	".Compared.Releases.Release.Commit", ".Compared.Releases.Release.Description", ".Compared.Releases.Release.By", ".Compared.Releases.Release.URL",
	".Compared.Releases.Changes.Verdict", // its color
}

// TestEveryStringIsEscaped puts markup, what turns the direction of text and control characters
// into every string of a timeline.
func TestEveryStringIsEscaped(t *testing.T) {
	var tl timeline.Timeline
	var paths []string
	fill(reflect.ValueOf(&tl), "", &paths, func(n int, path string) string {
		if strings.HasSuffix(path, "URL") {
			return fmt.Sprintf("https://example.com/%d?a=1&b=\"'<script>", n)
		}
		return fmt.Sprintf("T%dT<script x=\"1\">'&\u202e\x00\x1b\u2066]]>-->", n)
	})
	if len(paths) < 45 {
		t.Fatalf("filled %d strings", len(paths))
	}
	for _, o := range []Options{{}, {Widget: true}} {
		page := render(t, &tl, o)
		checkStructure(t, page)
		for _, never := range []string{"<script", "x=\"1\"", "\u202e", "\u2066", "\x00", "\x1b", "]]>"} {
			if strings.Contains(page, never) {
				t.Errorf("the page has %q", never)
			}
		}
		for i, path := range paths {
			shown := strings.Contains(page, fmt.Sprintf("T%dT", i+1)) || strings.Contains(page, fmt.Sprintf("example.com/%d?", i+1))
			if want := !slices.Contains(notShown, path); shown != want {
				t.Errorf("%s is shown: %v", path, shown)
			}
		}
	}
}

// TestOnlyWebLinks gives all URLs other schemes.
func TestOnlyWebLinks(t *testing.T) {
	for _, url := range []string{"javascript:alert(1)", "JavaScript:alert(1)", " https://example.com", "data:text/html,x", "//example.com", "https://", "ftp://example.com", "https://example.com/\u202e", "https://example.com/" + strings.Repeat("a", maxURL)} {
		var tl timeline.Timeline
		var paths []string
		fill(reflect.ValueOf(&tl), "", &paths, func(_ int, path string) string {
			if strings.HasSuffix(path, "URL") {
				return url
			}
			return "x"
		})
		if page := render(t, &tl, Options{Widget: true}); strings.Contains(page, "href") {
			t.Errorf("%.40q became a link", url)
		}
	}
}

// TestStrangeValues draws numbers and times that no chart has room for.
func TestStrangeValues(t *testing.T) {
	early, late := time.Time{}.Add(1), time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC)
	value := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 0, -1e299, 1e299}
	for _, s := range []span{{early, late}, {late, early}, {at(0), at(0)}, {at(0), at(0).Add(1)}, {time.Time{}, late}, {at(0), time.Time{}}} {
		tl := &timeline.Timeline{From: s.from, To: s.to}
		for _, begin := range []time.Time{{}, early, at(0), late} {
			for _, end := range []time.Time{{}, early, at(0), late} {
				for _, l := range timeline.Lanes {
					tl.Rows = append(tl.Rows, timeline.Row{Start: begin, End: end, Lane: l, Release: &notice.Release{Version: "1"}})
				}
			}
		}
		for i := range value {
			m := timeline.Metric{Threshold: &value[i], Period: time.Duration(math.MaxInt64)}
			for j, v := range value {
				m.Points = append(m.Points, timeline.Point{Time: []time.Time{early, at(float64(j)), late}[j%3], Value: v})
			}
			tl.Metrics = append(tl.Metrics, m)
			tl.Compared.Releases = append(tl.Compared.Releases, timeline.Comparison{At: late, Deaths: -1, Changes: []timeline.Change{
				{Before: timeline.Stats{Points: 1, Mean: value[i]}, After: timeline.Stats{Points: 1, Mean: value[len(value)-1-i], P99: value[i]}}}})
		}
		page := render(t, tl, Options{Zone: kathmandu})
		checkStructure(t, page)
		if never := regexp.MustCompile(`\b(NaN|Inf)\b`).FindString(page); never != "" {
			t.Errorf("%v: the page has %s", s, never)
		}
	}
}
