package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/deadletters"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
)

// redriveText prints what is in a dead-letter queue for people:
//
//	some-function could not send 2 messages.
//
//	1  2026-11-22 09:58 UTC  ELB health check killed i-0abc in production
//	   to slack #ops
//	   slack.com answered 403: invalid_token (tried 6 times)
type redriveText struct {
	timelineText
}

func newRedriveText(out io.Writer, zone *time.Location) redriveText {
	return redriveText{newTimelineText(out, zone)}
}

// print prints the letters. Everything in them may be hostile.
func (t redriveText) print(box *deadletters.Box, letters []*deadletters.Letter) {
	fmt.Fprintln(t.out)
	t.wrapped("", "1", visible.Line(boxSummary(box, len(letters))))
	fmt.Fprintln(t.out)
	width := len(fmt.Sprint(len(letters)))
	for i, l := range letters {
		number := pad(fmt.Sprint(i+1), width) + gap
		blanks := strings.Repeat(" ", len(number))
		t.wrapped(number+t.since(l.Since)+gap, "", visible.Line(cmp.Or(strings.Join(l.What, "; "), "an empty message")))
		if len(l.Sinks) > 0 {
			t.wrapped(blanks+"to ", "", visible.Line(strings.Join(l.Sinks, ", ")))
		}
		t.wrapped(blanks, "31", visible.Line(cmp.Or(l.Reason, "the message does not say why")))
		if l.Left != "" {
			t.wrapped(blanks, "33", visible.Line("cannot be sent again: "+l.Left+"; message "+l.ID))
		}
		fmt.Fprintln(t.out)
	}
}

func (t redriveText) since(at time.Time) string {
	return visible.Line(at.In(t.zone).Format("2006-01-02 15:04 MST"))
}

func boxSummary(box *deadletters.Box, n int) string {
	text := fmt.Sprintf("%s could not send %s.", box.Function, count(n, "message"))
	switch {
	case n == 0:
		text = fmt.Sprintf("There is nothing in the dead-letter queue of %s.", box.Name())
	case box.Bus != "":
		text = fmt.Sprintf("The Forwarder to %s could not forward %s.", box.Bus, count(n, "event"))
	}
	if box.Full {
		text += " There may be more in the queue: send these first."
	}
	if box.Others > 0 {
		text += fmt.Sprintf(" Somebody else is handling %s.", count(box.Others, "message"))
	}
	return text
}
