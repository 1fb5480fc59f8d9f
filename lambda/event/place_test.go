package event

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// silent is a subject that says nothing.
type silent struct{}

func (silent) SkipReason(wire.Watch) string                       { return "" }
func (silent) Describe(n *notice.Notice, e *Event, now time.Time) { n.Title = "Something" }

// TestPlace shows when a notice begins with where it happened.
func TestPlace(t *testing.T) {
	home := wire.Here{Partition: "aws", Region: "eu-west-1", Account: "123456789012"}
	for name, tt := range map[string]struct {
		here            wire.Here
		account, region string
		want            string
	}{
		"at home":             {home, "123456789012", "eu-west-1", ""},
		"not known":           {home, "", "", ""},
		"no function":         {wire.Here{}, "111122223333", "us-east-1", ""},
		"another Region":      {home, "123456789012", "us-east-1", "acme (123456789012), us-east-1"},
		"another account":     {home, "111122223333", "eu-west-1", "acme (111122223333), eu-west-1; sign in to it before you follow a link"},
		"an unknown Region":   {home, "111122223333", "", "acme (111122223333); sign in to it before you follow a link"},
		"only another Region": {home, "", "us-east-1", "acme, us-east-1"},
	} {
		e := &Event{Account: tt.account, Region: tt.region, Here: tt.here, Alias: Found("acme"), Subject: silent{}, raw: []byte("{}")}
		n := e.Notice(time.Now())
		got := ""
		if len(n.Facts) > 0 && n.Facts[0].Label == "Account" {
			got = n.Facts[0].Value
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestGaps shows that what is missing for one reason is one line.
func TestGaps(t *testing.T) {
	var g Gaps
	g.Add("Instance", "denied")
	g.Add("Group", "")
	g.Add("Alarms", "no answer")
	g.Add("Last words", "denied")
	n := &notice.Notice{}
	g.AddTo(n)
	if want := "Instance, Last words: denied\nAlarms: no answer"; len(n.Facts) != 1 || n.Facts[0].Value != want {
		t.Errorf("%+v, want %q", n.Facts, want)
	}
}
