package fakeaws

import (
	"fmt"
	"net/url"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

func init() { operations["sns.Publish"] = Account.publish }

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func (a Account) publish(Request) answer.Answer {
	return queryAnswer("http://sns.amazonaws.com/doc/2010-03-31/", "Publish", el("MessageId", RequestID))
}

// Message is a message that SNS was asked to publish.
type Message struct {
	TopicARN, Subject, Text string
	Attributes              []Attribute
}

// Attribute is a message attribute, by which subscribers of a topic can filter.
type Attribute struct{ Name, Value string }

// ReadMessage reads the input of Publish.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func ReadMessage(input string) (Message, bool) {
	form, err := url.ParseQuery(input)
	if err != nil {
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
