package collect

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// FuzzCollect collects while AWS answers some of the questions with anything.
func FuzzCollect(f *testing.F) {
	files, err := filepath.Glob("testdata/answers/*")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Base(file), 200, string(raw))
	}
	f.Add("", 200, `{"nextToken":"again","NextToken":"again"}`)
	f.Add("", 200, "<R><NextToken>again</NextToken></R>")
	f.Add("", 503, "")
	f.Fuzz(func(t *testing.T, about string, status int, body string) {
		synctest.Test(t, func(t *testing.T) {
			aws := &fakeAWS{refuse: func(operation string, _ int, in request) (int, string) {
				if about != "" && join(operation, in.about(), in.token()) != about[:len(about)-len(filepath.Ext(about))] {
					return 0, ""
				}
				return 200 + (status%400+400)%400, body
			}}
			c := aws.collector(t)
			c.Who = true
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			scope := everything
			scope.Journals = []string{"some-journal"}
			l := c.Collect(ctx, scope, began, ended)
			if ctx.Err() != nil {
				t.Error("it took more than an hour")
			}
			for _, line := range l.Failed {
				if notice.Line(line) != line {
					t.Errorf("failed with %q", line)
				}
			}
		})
	})
}
