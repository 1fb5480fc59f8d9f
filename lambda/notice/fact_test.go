package notice

import "testing"

func TestIsCode(t *testing.T) {
	for label, want := range map[string]bool{LastWords: true, LogTail: true, After: false, "Not looked up": false, "Description": false} {
		if got := (Fact{label, "two\nlines", ""}).IsCode(); got != want {
			t.Errorf("IsCode of %s is %v", label, got)
		}
	}
}

func TestAllFacts(t *testing.T) {
	n := &Notice{Kind: KindPattern, Event: []byte("{}"), Facts: make([]Fact, 1, 2)}
	if all := n.AllFacts(); len(all) != 2 || all[1].Value != "{}" || n.Facts[:2][1].Value != "" {
		t.Errorf("%q of %q", all, n.Facts[:2])
	}
	if n.Kind = KindAlarm; len(n.AllFacts()) != 1 {
		t.Errorf("%q", n.AllFacts())
	}
}

func TestPlain(t *testing.T) {
	for _, tt := range []struct {
		fact Fact
		max  int
		want string
	}{
		{Fact{Label: "a\nb", Value: "c"}, 9, "a b: c"},
		{Fact{Label: "Log", Value: "one\r\n  two"}, 99, "Log:\n    one\n      two"},
		{Fact{Label: "Log", Value: "one\ntwo"}, 3, "Log: on…"},
	} {
		if got := tt.fact.Plain(tt.max); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestOrUnknown(t *testing.T) {
	for _, k := range Kinds {
		if k.OrUnknown() != k {
			t.Errorf("%s became %s", k, k.OrUnknown())
		}
	}
	for _, k := range []Kind{"", "other", "Termination"} {
		if k.OrUnknown() != KindUnknown {
			t.Errorf("%q became %s", k, k.OrUnknown())
		}
	}
}
