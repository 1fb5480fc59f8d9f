package email

import (
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

func TestConformance(t *testing.T) {
	sinktest.Run(t, harness())
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness()) }

func harness() sinktest.Harness {
	return sinktest.Harness{
		Open: func(c sinktest.Clients) notice.Sender {
			return New(c.AWS, wire.Email{From: "ops@example.com", To: []string{"team@example.com"}})
		},
		Good: sinktest.Answer{Body: `{"MessageId":"m-1"}`},
		AWS:  true,
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) {
			if r.Method != "POST" || r.URL != "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails" {
				t.Errorf("sent %s %s", r.Method, r.URL)
			}
			var mail request
			r.JSON(t, &mail)
			if got, want := mail.Content.Simple.Subject.Data, Render(n).Subject; got != want {
				t.Errorf("subject is %q, want %q", got, want)
			}
		},
	}
}
