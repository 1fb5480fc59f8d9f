package rehearse

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// failed is one file of an event.
var failed = []string{filepath.Join("testdata", "events", "deployment-failure.json")}

// With the built-in events, one sink is down at one of them, and its notice is sent late.
func TestOutage(t *testing.T) {
	report, _ := rehearsal(t, Options{Assembly: filepath.Join("testdata", "sinks")})
	var late []inbox.Item
	repeated, orders := 0, 0
	for _, d := range report.Deliveries {
		if d.IsRepeated {
			repeated++
		} else if in, ok := readInput(d.Input); ok {
			orders += len(in.names)
		}
		for _, c := range d.Calls {
			if c.Operation == "StartExecution" && !strings.Contains(c.Input, ":111122223333:stateMachine:sinks-NotifierFunction") {
				t.Errorf("it starts what is not the state machine of the function: %s", c.Input)
			}
		}
		for _, i := range d.Items {
			if i.IsLate() {
				late = append(late, i)
			}
		}
	}
	if repeated != 1 || len(late) != 2 { // a delivery with two sinks of Slack
		t.Fatalf("%d deliveries are played again, and %d notices are late", repeated, len(late))
	}
	if got := len(report.notices()); got != orders {
		t.Errorf("the timeline gets %d notices, want one for each watch of a delivery, %d", got, orders)
	}
	for _, i := range late {
		const reason = "15 minutes late: Slack answered 503 Service Unavailable"
		if i.File != "deployment-failure-while-slack-is-down" || i.Sink != "slack" || i.Reason != reason || !strings.HasPrefix(i.Summary, reason+". ") {
			t.Errorf("%s to %s: %q, %q", i.File, i.Sink, i.Reason, i.Summary)
		}
		if posts := i.Posts(); len(posts) != 2 || posts[0].Status != 503 || posts[1].Status != 200 || !strings.Contains(posts[1].Input, reason) {
			t.Errorf("the requests of %s are %+v", i.Place, posts)
		}
		if len(i.Attempts) != 2 || i.Attempts[0].Reason == "" || i.Attempts[1] != (inbox.Attempt{After: 15 * time.Minute}) {
			t.Errorf("the attempts are %+v", i.Attempts)
		}
	}
	_, pager := find(t, report, late[0].File, "pagerduty")
	_, inTime := find(t, report, "deployment-failure", "pagerduty")
	if pager.Outcome != result.Sent || pager.Reason != "" || pager.Summary != inTime.Summary {
		t.Errorf("another sink: %s, %q, %q", pager.Outcome, pager.Reason, pager.Summary)
	}
}

// A sink of any kind can be down at any event; nothing is for files of events unless it is asked for.
func TestDown(t *testing.T) {
	for down, reason := range map[string]string{
		"":      "",
		"email": "15 minutes late: SES answered ServiceUnavailable",
		"teams": "",
	} {
		report, problems := rehearsal(t, Options{Paths: failed, Down: down})
		if isKnown := down != "teams"; (len(problems) == 0) != isKnown || !isKnown && problems[0] != "-down teams: no rule has such a sink" {
			t.Errorf("%q is down: problems %q", down, problems)
		}
		_, mail := find(t, report, "deployment-failure.json", "email")
		if mail.Outcome != result.Sent || mail.Reason != reason || mail.Mail == nil || reason != "" != strings.Contains(mail.Mail.Text, reason+". ") {
			t.Errorf("%q is down: %s, %q, %+v", down, mail.Outcome, mail.Reason, mail.Mail)
		}
	}
	report, _ := rehearsal(t, Options{Down: "topic"})
	for _, i := range report.Items() {
		if i.IsLate() != (i.Sink == "topic" && i.Outcome == result.Sent) {
			t.Errorf("%s to %s: %s, %q", i.File, i.Sink, i.Outcome, i.Reason)
		}
	}
}

// A sink that never takes the notice, and one that refuses it, end in the dead-letter queue.
func TestDeadLetters(t *testing.T) {
	answers := write(t, map[string]string{"teams.503.txt": "down", "slack.json": `{"ok":false,"error":"channel_not_found"}`})
	report, _ := rehearsal(t, Options{Assembly: filepath.Join("testdata", "sinks"), Paths: failed, Answers: answers})
	_, teams := find(t, report, "deployment-failure.json", "teams")
	if teams.Outcome != result.Failed || !teams.Kept || !strings.HasPrefix(teams.Reason, "after 6 attempts in 4 hours 21 minutes: ") || !strings.Contains(teams.Reason, "503") {
		t.Errorf("a sink that is down for good: %s, kept %t: %s", teams.Outcome, teams.Kept, teams.Reason)
	}
	var after []string
	for _, a := range teams.Attempts {
		after = append(after, a.When())
	}
	if want := []string{"At once", "After 1 minute", "After 6 minutes", "After 21 minutes", "After 1 hour 21 minutes", "After 4 hours 21 minutes"}; !slices.Equal(after, want) {
		t.Errorf("attempts %q, want %q", after, want)
	}
	_, slack := find(t, report, "deployment-failure.json", "slack")
	if slack.Outcome != result.Failed || !slack.Kept || len(slack.Attempts) != 1 || !strings.Contains(slack.Reason, "channel_not_found") {
		t.Errorf("a sink that refuses: %s, kept %t, %+v: %s", slack.Outcome, slack.Kept, slack.Attempts, slack.Reason)
	}
}

// Where nothing can be handed over, nothing of the delivery counts as sent: Lambda runs it again.
func TestNothingCanBeHandedOver(t *testing.T) {
	answers := write(t, map[string]string{
		"ses.SendEmail.json":         `{"__type":"MessageRejected","message":"not verified"}`,
		"states.StartExecution.json": `{"__type":"StateMachineDoesNotExist","message":"no such state machine"}`,
	})
	report, _ := rehearsal(t, Options{Paths: failed, Answers: answers})
	_, mail := find(t, report, "deployment-failure.json", "email")
	if mail.Outcome != result.Failed || mail.Kept || !strings.Contains(mail.Reason, "could not be handed over") || mail.Title == "" {
		t.Errorf("%s, kept %t: %s", mail.Outcome, mail.Kept, mail.Reason)
	}
}
