package standin

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// Mail is a mail that SES was asked to send.
type Mail struct {
	From, Subject, Text, HTML string
	To, CC, ReplyTo           []string
}

// Mail returns the mail that the call is to send, if it is one.
//
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
func (c Call) Mail() (Mail, bool) {
	if c.Service != "ses" || c.Operation != "SendEmail" {
		return Mail{}, false
	}
	type content struct{ Data string }
	var in struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses, CcAddresses []string }
		ReplyToAddresses []string
		Content          struct {
			Simple struct {
				Subject content
				Body    struct{ Html, Text content }
			}
		}
	}
	if err := json.Unmarshal([]byte(c.Input), &in); err != nil {
		return Mail{}, false
	}
	message := in.Content.Simple
	return Mail{
		From: in.FromEmailAddress, To: in.Destination.ToAddresses, CC: in.Destination.CcAddresses,
		ReplyTo: in.ReplyToAddresses, Subject: message.Subject.Data,
		Text: message.Body.Text.Data, HTML: message.Body.Html.Data,
	}, true
}

// Message is a message that SNS was asked to publish.
type Message struct {
	TopicARN, Subject, Text string
	Attributes              []Attribute
}

// Attribute is what subscribers of a topic can filter by.
type Attribute struct{ Name, Value string }

// Message returns the message that the call is to publish, if it is one.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func (c Call) Message() (Message, bool) {
	form, err := url.ParseQuery(c.Input)
	if c.Service != "sns" || c.Operation != "Publish" || err != nil {
		return Message{}, false
	}
	m := Message{TopicARN: form.Get("TopicArn"), Subject: form.Get("Subject"), Text: form.Get("Message")}
	for n := 1; ; n++ {
		entry := fmt.Sprintf("MessageAttributes.entry.%d.", n)
		if !form.Has(entry + "Name") {
			return m, true
		}
		m.Attributes = append(m.Attributes, Attribute{form.Get(entry + "Name"), form.Get(entry + "Value.StringValue")})
	}
}

// published is SNS's answer to Publish.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func published() answer {
	return queryAnswer("http://sns.amazonaws.com/doc/2010-03-31/", "Publish", el("MessageId", requestID))
}
