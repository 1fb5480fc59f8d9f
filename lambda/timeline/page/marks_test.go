package page

import (
	"math/rand/v2"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// checkMarks checks that no mark and no label is upon another, and that each row within the
// chart is in one mark.
func checkMarks(t testing.TB, v *view) {
	t.Helper()
	want := 0
	for _, r := range v.rows {
		if v.span.has(r) {
			want++
		}
	}
	for _, l := range layouts {
		got := 0
		for _, lane := range v.lanes(l) {
			var ends [maxTracks]float64
			for i := range ends {
				ends[i] = -1000
			}
			for _, m := range lane.marks {
				got += len(m.rows)
				begin, end := m.begin(), m.end()
				if size := float64(digit*utf8.RuneCountInString(m.label)) + labelGap; m.label != "" && m.labelLeft {
					begin -= size
				} else if m.label != "" {
					end += size
				}
				if begin < ends[m.track] || m.track >= lane.tracks || m.label != "" && (begin < -dotHalf || end > l.width+dotHalf) {
					t.Errorf("%s: a mark of %d rows is at %.1f–%.1f of track %d of %d, which is taken until %.1f", l.class, len(m.rows), begin, end, m.track, lane.tracks, ends[m.track])
				}
				ends[m.track] = end
			}
		}
		if got != want {
			t.Errorf("%s: the marks have %d rows, want %d", l.class, got, want)
		}
	}
}

func TestNoMarkIsUponAnother(t *testing.T) {
	checkMarks(t, newView(story(), Options{}))
	checkMarks(t, newView(crowd(), Options{}))
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		tl := &timeline.Timeline{From: at(0), To: at(300)}
		for range random.IntN(400) {
			r := timeline.Row{Start: at(float64(random.IntN(320) - 10)), Lane: timeline.Lanes[random.IntN(2)]}
			switch random.IntN(4) {
			case 0:
				r.End = r.Start.Add(time.Duration(random.IntN(90)) * time.Minute)
			case 1, 2:
				r.End = r.Start
			}
			if r.Lane == timeline.Releases {
				r.Release = &notice.Release{Version: "1.23.4"[:1+random.IntN(6)]}
			}
			tl.Rows = append(tl.Rows, r)
		}
		checkMarks(t, newView(tl, Options{}))
		if t.Failed() {
			return
		}
	}
}

// TestCrowd makes one mark with a count of dots that are too near to each other, and none of
// those that are not.
func TestCrowd(t *testing.T) {
	for _, tt := range []struct {
		minutes []float64
		want    []int // rows of each mark of the wide layout, where a minute is two pixels
	}{
		{[]float64{10, 20, 30}, []int{1, 1, 1}},
		{[]float64{10, 11, 12, 13}, []int{4}},
		{[]float64{10, 11, 100, 101, 102}, []int{2, 3}},
		{[]float64{10, 14, 18, 22, 26, 30, 34}, []int{6, 1}},
	} {
		tl := &timeline.Timeline{From: at(0), To: at(400)}
		for _, m := range tt.minutes {
			tl.Rows = append(tl.Rows, timeline.Row{Start: at(m), End: at(m), Lane: timeline.Alarms})
		}
		var got []int
		for _, m := range newView(tl, Options{}).lanes(layouts[0])[2].marks {
			got = append(got, len(m.rows))
		}
		if len(got) != len(tt.want) {
			t.Errorf("%v: got %v, want %v", tt.minutes, got, tt.want)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%v: got %v, want %v", tt.minutes, got, tt.want)
				break
			}
		}
	}
}
