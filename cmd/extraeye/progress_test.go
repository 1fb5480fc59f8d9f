package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// While something compiles, lines say what and for how long; then they stop.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress(&out)
		p.line("Beginning")
		notifier, app := p.compiling("the notifier"), p.compiling("your app and CDK")
		time.Sleep(15 * time.Second)
		notifier()
		time.Sleep(10 * time.Second)
		app()
		time.Sleep(time.Minute)
		p.problem(errors.New("something is wrong with \u202e\x1b[2J.json"))
		p.line("Done")
		p.compiling("something else")()
		p.compiling("what nobody waits for")
		p.end()
		time.Sleep(time.Minute)
		const want = "  0.0s  Beginning\n" +
			" 10.0s  Still compiling the notifier, your app and CDK (a minute or two the first time)\n" +
			" 20.0s  Still compiling your app and CDK (a minute or two the first time)\n" +
			"extraeye: something is wrong with \\u202e\\u001b[2J.json\n" +
			" 85.0s  Done\n"
		if out.String() != want {
			t.Errorf("got\n%s", out.String())
		}
	})
}

// On a terminal there is one line, which is rewritten and never wraps.
func TestProgressOnATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress(&out)
		p.columns = 40
		compiled := p.compiling("your app and CDK")
		time.Sleep(2500 * time.Millisecond)
		p.line("Something else")
		time.Sleep(time.Second)
		compiled()
		p.line("Done")
		const erase = "\r\x1b[K"
		want := strings.Join([]string{
			"  1.0s  Still compiling your app and C…", erase,
			"  2.0s  Still compiling your app and C…", erase,
			"  2.5s  Something else\n",
			"  3.0s  Still compiling your app and C…", erase,
			"  3.5s  Done\n",
		}, "")
		if out.String() != want {
			t.Errorf("got  %q\nwant %q", out.String(), want)
		}
	})
}
