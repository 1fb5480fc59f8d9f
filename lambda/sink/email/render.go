package email

import (
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// Message is a mail without its addresses.
type Message struct {
	// Subject is one line, without control characters.
	Subject string
	// HTML and Text say the same in two forms. Both are valid UTF-8.
	HTML, Text string
}

// What a mail may hold, in characters or bytes.
const (
	// maxSubject is far more than a lock screen shows, and less than any client cuts.
	maxSubject = 200
	maxService = 60

	// maxHTML keeps the HTML part whole where it is read: Gmail clips a message
	// of more than about 102 KB behind a link.
	//
	// https://github.com/hteumeuleu/email-bugs/issues/41
	maxHTML = 96_000

	// maxText bounds the text part. SES accepts messages of 40 MB.
	//
	// https://docs.aws.amazon.com/ses/latest/dg/quotas.html
	maxText = 1 << 20
)

// Render writes a notice as a mail. Nothing that a notice may contain can change
// the form of the mail.
func Render(n *notice.Notice) Message {
	return Message{Subject: subject(n), HTML: page(n), Text: text(n)}
}

// subject is the title, followed by the service unless the title names it.
func subject(n *notice.Notice) string {
	title, service := n.Headline(), notice.Cut(notice.Line(n.Service), maxService)
	if service == "" || strings.Contains(strings.ToLower(title), strings.ToLower(service)) {
		return notice.Cut(title, maxSubject)
	}
	return notice.CutBefore(title, " ("+service+")", maxSubject)
}

func text(n *notice.Notice) string {
	s := notice.Block(n.Text())
	if len(s) <= maxText {
		return s + "\n"
	}
	head := strings.ToValidUTF8(s[:maxText], "")
	return head + "\n\n(" + notice.Count(utf8.RuneCountInString(s[len(head):]), "more character") + " left out)\n"
}
