package fakeaws

import (
	"encoding/json"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

func init() {
	operations["ses.SendEmail"] = Account.sendEmail
	pathOperations["ses POST /v2/email/outbound-emails"] = "SendEmail"
}

// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
func (a Account) sendEmail(Request) answer.Answer {
	return jsonAnswer(map[string]string{"MessageId": "rehearsal-" + RequestID})
}

// Mail is a mail that SES was asked to send.
type Mail struct {
	From, Subject, Text, HTML string
	To, CC, ReplyTo           []string
}

// ReadMail reads the input of SendEmail.
//
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
func ReadMail(input string) (Mail, bool) {
	type content struct{ Data string }
	var in struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses, CcAddresses []string }
		ReplyToAddresses []string
		Content          struct {
			Simple struct {
				Subject content
				Body    struct{ HTML, Text content }
			}
		}
	}
	if err := json.Unmarshal([]byte(input), &in); err != nil {
		return Mail{}, false
	}
	message := in.Content.Simple
	return Mail{
		From: in.FromEmailAddress, To: in.Destination.ToAddresses, CC: in.Destination.CcAddresses,
		ReplyTo: in.ReplyToAddresses, Subject: message.Subject.Data,
		Text: message.Body.Text.Data, HTML: message.Body.HTML.Data,
	}, true
}
