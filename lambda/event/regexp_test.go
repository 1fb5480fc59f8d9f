package event

import "testing"

func TestRegexp(t *testing.T) {
	number := Regexp{Text: `is ([^,]*),`}
	if got := number.Group("it is 4 , and is 5,", 1); got != "4" {
		t.Errorf("group %q, want 4", got)
	}
	if got := number.Group("nothing", 1); got != "" {
		t.Errorf("group %q of no match", got)
	}
	if got := number.All("it is 4, and is 5,"); len(got) != 2 || got[1][1] != "5" {
		t.Errorf("all %q", got)
	}
}
