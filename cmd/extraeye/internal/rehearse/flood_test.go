package rehearse

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// With grouped sinks and the built-in events, many instances die at once: that is one mail, and an
// alert beside it.
func TestFlood(t *testing.T) {
	report, problems := rehearsal(t, Options{Assembly: filepath.Join("testdata", "flood")})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	var mails, alerts []inbox.Item
	for _, i := range report.Items() {
		switch {
		case !strings.HasSuffix(i.File, "-40-times"):
		case i.Sink == "email":
			mails = append(mails, i)
		case i.Sink == "pagerduty":
			alerts = append(alerts, i)
		}
	}
	if len(mails) != 1 || len(alerts) != 1 {
		t.Fatalf("%d mails and %d alerts, want one of each", len(mails), len(alerts))
	}
	mail := mails[0]
	if !strings.HasPrefix(mail.Title, "40 instances terminated in checkout-production within 1 minute 57 seconds: 40 ") || mail.Mail == nil || !strings.Contains(mail.Mail.Text, mail.Title) {
		t.Errorf("the mail is %q, %+v", mail.Title, mail.Mail)
	}
	if mail.Outcome != result.Sent {
		t.Errorf("it is %s: %s", mail.Outcome, mail.Reason)
	}
	if alerts[0].Outcome != result.Sent || len(alerts[0].Posts()) != 1 {
		t.Errorf("the alert is %+v", alerts[0])
	}
	single := 0
	for _, i := range report.Items() {
		if i.Sink == "email" && i.Outcome == result.Sent {
			single++
		}
	}
	if single < 2 {
		t.Error("no other termination is one mail of its own")
	}
}
