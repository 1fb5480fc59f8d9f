package page

import "unicode/utf8"

// place gives each mark a track and its label a side, so that none is upon another. Where
// all tracks are taken, a mark becomes part of another.
func place(marks []mark, width float64) (placed []mark, tracks int) {
	var ends [maxTracks]float64 // of what is on each track
	var last [maxTracks]int
	for i := range ends {
		ends[i] = -crowded
	}
	for _, m := range marks {
		track, end, free := fit(&m, ends, width)
		if !free {
			earliest := 0
			for i := range ends {
				if ends[i] < ends[earliest] {
					earliest = i
				}
			}
			onto := &placed[last[earliest]]
			onto.add(m)
			ends[earliest] = onto.end()
			continue
		}
		m.track = track
		ends[track], last[track] = end, len(placed)
		placed = append(placed, m)
		tracks = max(tracks, track+1)
	}
	return placed, max(tracks, 1)
}

// fit finds room for a mark, if possible with its label.
func fit(m *mark, ends [maxTracks]float64, width float64) (track int, end float64, ok bool) {
	if m.label != "" {
		size := float64(digit*utf8.RuneCountInString(m.label)) + labelGap
		for i := range ends {
			if begin := m.begin() - size; begin >= 0 && begin > ends[i]+apart {
				m.labelLeft = true
				return i, m.end(), true
			}
			if end := m.end() + size; end <= width && m.begin() > ends[i]+apart {
				return i, end, true
			}
		}
		m.label = ""
	}
	for i := range ends {
		if m.begin() >= ends[i]+apart {
			return i, m.end(), true
		}
	}
	return 0, 0, false
}
