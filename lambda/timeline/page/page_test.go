package page

import (
	"bytes"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
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

func TestStory(t *testing.T) {
	golden.File(t, "testdata/story.html", render(t, story(), Options{}))
}
