package plainjson

import "testing"

func TestMarshal(t *testing.T) {
	for want, v := range map[string]any{
		`"<a&b>\n"`:       "<a&b>\n",
		`{"a":["<",">"]}`: map[string][]string{"a": {"<", ">"}},
		`null`:            nil,
	} {
		if got, err := Marshal(v); err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	if got, err := Marshal(func() {}); err == nil {
		t.Errorf("a function became %s", got)
	}
}
