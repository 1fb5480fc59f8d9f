package card

import "testing"

func TestMrkdwn(t *testing.T) {
	for text, want := range map[string]string{
		"*a* b*c* *d *e*":     "<b>a</b> b*c* <b>d *e</b>",
		"_a_b_ c":             "<i>a_b</i> c",
		"`a`b`":               "<code>a`b</code>",
		"* a * ** *":          "* a * ** *",
		"```a``` ```b":        "<pre>a</pre> ```b",
		"<> <a\n> & &amp;lt;": "&lt;&gt; &lt;a\n&gt; &amp; &amp;lt;",
		":x: :nothing: a:x:b": "❌ :nothing: a❌b",
		"*ü*ü*":               "<b>ü*ü</b>",
		"*(_(~a~)_)*":         "<b>(<i>(<s>a</s>)</i>)</b>",
	} {
		if got := string(Mrkdwn(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
