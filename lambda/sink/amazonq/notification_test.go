package amazonq

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

func TestBody(t *testing.T) {
	n := &notice.Notice{ID: "evil id", Title: "t", Summary: "s", Kind: "other", Key: "<k>", Event: []byte(`{"resources":["arn:aws:x:1","<arn>","arn:<b>"]}`)}
	n.Add("La*bel", "v_ a_b", "https://x/?a=b&c=*")
	n.Add("Evil", "x", "javascript:alert(1)")
	n.Add("Lines", "one\ntwo", "https://whole")
	n.Link("Bad", "ftp://x")
	n.Link("Whole", "https://whole")
	n.Link("Whole again", "https://whole")
	var q notification
	if err := json.Unmarshal(Body(n), &q); err != nil {
		t.Fatal(err)
	}
	if want := "s\n\n*La∗bel:* v＿ a_b https://x/?a=b&c=%2A  \n*Evil:* x  \n*Lines:*  \none  \ntwo"; q.Content.Description != want {
		t.Errorf("description %q, want %q", q.Content.Description, want)
	}
	if !slices.Equal(q.Content.NextSteps, []string{"Whole: https://whole"}) || !slices.Equal(q.Metadata.Related, []string{"arn:aws:x:1"}) {
		t.Errorf("steps %q, related %q", q.Content.NextSteps, q.Metadata.Related)
	}
	if len(q.ID) != 32 || len(q.Metadata.ThreadID) != 32 || q.Metadata.EventType != "extraeye-unknown" {
		t.Errorf("id %q, thread %q, type %q", q.ID, q.Metadata.ThreadID, q.Metadata.EventType)
	}
	n.Key, n.ID = "", "12345678-abcd"
	if body := string(Body(n)); strings.Contains(body, "threadId") || !strings.Contains(body, `"id":"12345678-abcd"`) {
		t.Error(body)
	}
}

// TestKinds shows that every kind there is has a type of its own, and no other.
func TestKinds(t *testing.T) {
	for _, kind := range append(notice.Kinds, "other") {
		var q notification
		if err := json.Unmarshal(Body(&notice.Notice{Kind: kind, Account: "1", Alias: "shop", Event: []byte(`{"a":1}`)}), &q); err != nil {
			t.Fatal(err)
		}
		want := "extraeye-" + string(kind)
		if kind == "other" {
			want = "extraeye-unknown"
		}
		if q.Metadata.EventType != want {
			t.Errorf("%s has the type %s", kind, q.Metadata.EventType)
		}
		if shows := kind == notice.KindUnknown || kind == notice.KindPattern; strings.Contains(q.Content.Description, "The event as it came") != shows {
			t.Errorf("%s: %q", kind, q.Content.Description)
		}
		if !strings.HasSuffix(q.Content.Description, "shop (1)") || q.Metadata.Context["account"] != "1" || q.Metadata.Context["alias"] != "shop" {
			t.Errorf("%q, %v", q.Content.Description, q.Metadata.Context)
		}
	}
}

func TestDescriptionIsBounded(t *testing.T) {
	n := &notice.Notice{Title: "t", Summary: "s", Region: "eu-west-1"}
	for range 200 {
		n.Add("a", strings.Repeat("ü", 100), "")
	}
	if got := description(&notice.Notice{Title: "a*"}, nil); got != "a∗" {
		t.Errorf("of a title alone: %q", got)
	}
	s := description(n, nil)
	if notice.Units(s) > maxDescription || notice.Units(s) < maxDescription-300 || !strings.Contains(s, "\n… ") || !strings.HasSuffix(s, " more facts not shown\n\neu-west-1") {
		t.Errorf("%d characters: …%s", notice.Units(s), s[len(s)-200:])
	}
}

func TestLiteral(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		max      int
	}{
		{"", "", 3},
		{"some_service-1 (ok) [1]", "some_service-1 (ok) [1]", 99},
		{"<!here> *b* ~s~ `c` _i_", "&lt;!here&gt; ∗b∗ ∼s∼ ˋcˋ ＿i＿", 99},
		{"[a](b) [c]: d [e][f]", "[a⁆(b) [c⁆: d [e⁆[f]", 99},
		{"{{DATE(x)}}", "{ {DATE(x)}}", 99},
		{"a&b", "a…", 6},
		{"äöüß", "äö…", 3},
		{"😀😀", "…", 2},
	} {
		if got := literal(tt.in, tt.max); got != tt.want {
			t.Errorf("literal(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add("<!here>", "*a* & [b](c)", "x\n\n  _y_", "https://x/?a=b|c>d)", 3, 1)
	f.Add("", "", "", "javascript:", 300, 900)
	f.Add("😀", "\x00\u202E\xff", `{"resources":[1]}`, "http://[::1", 20, 400)
	f.Fuzz(func(t *testing.T, title, label, value, url string, facts, times int) {
		times = min(max(times, 1), 1000)
		n := &notice.Notice{
			ID: value, Key: title, Title: strings.Repeat(title, times), Summary: value, Service: label,
			Kind: notice.KindUnknown, Event: []byte(value), Time: time.Unix(0, 0),
		}
		n.Add(label, strings.Repeat(value, times), url)
		for range min(max(facts, 0), 300) {
			n.Add(label, value, url)
			n.Link(label, url)
		}
		body := Body(n)
		check(t, body)
		for _, bad := range []string{"<", ">", "`", "~"} {
			if strings.Contains(string(body), bad) {
				t.Errorf("%q in %s", bad, body)
			}
		}
	})
}
