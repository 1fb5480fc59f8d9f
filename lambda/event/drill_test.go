package event

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// release is a subject whose notice is of a release, and of one of many.
type release struct{ always }

func (release) Describe(n *notice.Notice, e *Event, now time.Time) {
	n.Title, n.Summary, n.Severity = "Released", "It was released.", notice.Critical
	n.Key, n.GroupKey = "web", "all"
	n.Add("Version", "2", "")
	n.Release = &notice.Release{Version: "2", Description: "the second"}
}

// TestDrillNotice shows that the notice of a drill says that it is one wherever it goes, and is about
// nothing that is real.
func TestDrillNotice(t *testing.T) {
	for name, tt := range map[string]struct {
		subject  Subject
		page     bool
		severity notice.Severity
		groupKey string
		release  notice.Release
	}{
		"release":             {release{}, false, notice.Info, "drill:all", notice.Release{Version: "DRILL: 2", Description: "DRILL: the second"}},
		"that calls somebody": {release{}, true, notice.Critical, "drill:all", notice.Release{Version: "DRILL: 2", Description: "DRILL: the second"}},
		"no release":          {silent{}, false, notice.Info, "", notice.Release{}},
	} {
		earnest, drill := &Event{Subject: tt.subject, raw: []byte("{}")}, &Event{Subject: tt.subject, raw: []byte("{}"), Drill: &wire.Drill{Page: tt.page}}
		was, n := earnest.Notice(time.Time{}), drill.Notice(time.Time{})
		if n.Title != "DRILL: "+was.Title || n.Summary != notice.Line("This is a drill: nothing happened. "+was.Summary) || n.Key != "drill:"+was.Key ||
			n.GroupKey != tt.groupKey || n.Severity != tt.severity {
			t.Errorf("%s: %+v", name, n)
		}
		if len(n.Facts) != len(was.Facts)+1 || n.Facts[0].Label != "Drill" {
			t.Errorf("%s: the facts are %v", name, n.Facts)
		}
		if (n.Release == nil) != (was.Release == nil) || n.Release != nil && *n.Release != tt.release {
			t.Errorf("%s: the release is %+v", name, n.Release)
		}
	}
}

// TestDrillSource shows that a drill is of the source that it names, and is a drill whatever it says.
func TestDrillSource(t *testing.T) {
	for detail, want := range map[string]string{
		`{"extraeyeDrill":{"source":"aws.ecs"}}`: "aws.ecs",
		`{"extraeyeDrill":{}}`:                   wire.DrillSource,
		`{"extraeyeDrill":{"source":7}}`:         wire.DrillSource,
		`{"extraeyeDrill":"aws.ecs"}`:            wire.DrillSource,
		`{}`:                                     wire.DrillSource,
	} {
		e, _, _ := Read(json.RawMessage(`{"source":"extraeye.drill","detail":`+detail+`}`), wire.Watch{})
		if e.Drill == nil || e.Source != want {
			t.Errorf("%s: drill %v of %q, want %q", detail, e.Drill, e.Source, want)
		}
	}
	if e, _, _ := Read(json.RawMessage(`{"source":"aws.ecs","detail":{"extraeyeDrill":{"source":"aws.ec2"}}}`), wire.Watch{}); e.Drill != nil || e.Source != "aws.ecs" {
		t.Errorf("an event of AWS's is drill %v of %q", e.Drill, e.Source)
	}
}
