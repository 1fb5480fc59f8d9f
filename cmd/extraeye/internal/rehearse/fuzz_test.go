package rehearse

import (
	"strings"
	"testing"
)

// FuzzEvent reads any file of events.
func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"source":"a","detail-type":"b","id":"c","detail":{"x":[1]}}`))
	f.Add([]byte(`{"source":null,"detail-type":["\u202e"],"id":{}}`))
	f.Add([]byte("\ufeff{}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := newEvent("file.json", raw)
		if err != nil && len(err.Error()) > 2000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
		if err == nil && (e.parsed == nil || strings.Contains(e.id, "\x00") && !strings.Contains(string(raw), "u0000")) {
			t.Errorf("%q is read as %+v", raw, e)
		}
	})
}
