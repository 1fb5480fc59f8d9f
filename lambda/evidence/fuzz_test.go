package evidence

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/extraeye/extraeye/lambda/event"
)

// FuzzGather looks everything up about everything, and AWS answers anything. FuzzDecode
// describes events with anything that may be found.
func FuzzGather(f *testing.F) {
	for _, text := range []string{fullActivities, aGroup, fullInstance, aliases("<member>acme</member>"), refusal("UnauthorizedOperation"), "", "{}", "<a>"} {
		f.Add(200, text, "")
	}
	f.Add(400, `{"__type":"a#ThrottlingException:http://b","message":"\u0000\r\n"}`, "x:y")
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(200, string(raw), "")
	}
	f.Fuzz(func(t *testing.T, status int, body, header string) {
		synctest.Test(t, func(t *testing.T) {
			l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Amzn-ErrorType", strings.Join(strings.Fields(header), " "))
				w.WriteHeader(200 + (status%400+400)%400)
				_, _ = io.WriteString(w, strings.ReplaceAll(body, instance, r.FormValue("InstanceId")))
			})
			for s := range subjects() {
				l.Gather(t.Context(), &event.Event{Subject: s, Watch: watched, Region: "eu-west-1", Time: made})
				if said, findings := problems(s); findings == 0 || strings.ContainsAny(strings.Join(said, ""), "\r\n") {
					t.Errorf("%s says %q of %d findings", reflect.TypeOf(s), said, findings)
				}
			}
			if strings.Contains(log.String(), "panic") {
				t.Error(log)
			}
		})
	})
}
