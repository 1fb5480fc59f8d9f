package topic

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxMessage bounds a message with its attributes, in bytes.
	//
	// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
	maxMessage = 256 << 10
	// maxSubject bounds a subject, in characters: it must be shorter than 100.
	//
	// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
	maxSubject = 99
)

// message is the notice as text of at most limit bytes. Long values are cut before
// anything else, so that every fact and link stays.
func message(n *notice.Notice, limit int) string {
	text := n.Text()
	for most := 32 << 10; len(text) > limit && most >= 256; most /= 2 {
		text = shortened(n, most).Text()
	}
	return shorten(text, limit)
}

// shortened is a copy of the notice in which no value is longer than most bytes.
func shortened(n *notice.Notice, most int) *notice.Notice {
	short := *n
	short.Title = shorten(n.Title, most)
	short.Summary = shorten(n.Summary, most)
	short.Event = json.RawMessage(shorten(string(n.Event), most))
	short.Facts = make([]notice.Fact, len(n.Facts))
	for i, f := range n.Facts {
		f.Value = shorten(f.Value, most)
		short.Facts[i] = f
	}
	return &short
}

// shorten cuts s to at most limit bytes between two characters, and says how much is
// left out.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	const room = len(" … (1000000000 more bytes left out)")
	head := s[:limit-room]
	for !utf8.RuneStart(s[len(head)]) && len(head) > 0 {
		head = head[:len(head)-1]
	}
	return head + " … (" + notice.Count(len(s)-len(head), "more byte") + " left out)"
}

// letters and ascii are what subjects write for the letters and marks that titles
// are likely to have beside ASCII.
const (
	letters = "ÀÁÂÃÄÅàáâãäåÇçÈÉÊËèéêëÌÍÎÏìíîïÑñÒÓÔÕÖØòóôõöøÙÚÛÜùúûüÝýÿŠšŽž–—‐‘’‚“”„·•→\u00A0"
	ascii   = "AAAAAAaaaaaaCcEEEEeeeeIIIIiiiiNnOOOOOOooooooUUUUuuuuYyySsZz---'''\"\"\"**> "
)

// subject is the title in ASCII, on one line. SNS's documentation has allowed more
// than ASCII only for some years, and some subscribers' mail still does not.
func subject(n *notice.Notice) string {
	title := strings.NewReplacer("ß", "ss", "Æ", "AE", "æ", "ae", "Œ", "OE", "œ", "oe", "…", "...").Replace(notice.Line(n.Title))
	var b strings.Builder
	readable, last := false, ' '
	for _, r := range title {
		r = toASCII(r)
		isFiller := r == ' ' || r == '?'
		readable = readable || !isFiller
		if isFiller && r == last {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	subject := strings.TrimSpace(b.String())
	if !readable {
		subject = "extraeye: " + string(n.Kind)
	}
	if len(subject) > maxSubject {
		subject = subject[:maxSubject-len("...")] + "..."
	}
	return subject
}

// toASCII returns a character for r: the nearest, a space, or a question mark.
func toASCII(r rune) rune {
	switch {
	case '!' <= r && r <= '~':
		return r
	case r <= ' ', r == 0x7F:
		return ' '
	}
	if i := strings.IndexRune(letters, r); i >= 0 {
		return rune(ascii[utf8.RuneCountInString(letters[:i])])
	}
	return '?'
}
