package sink

import (
	"regexp"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Slack posts to a channel, either as an app (Token and Channel) or by an incoming
// Webhook.
type Slack struct {
	// Token is the bot token ("xoxb-…") of an app that has the scope chat:write and
	// is in the channel.
	//
	// Default: none; then set Webhook.
	Token Secret

	// Channel is the channel that Token posts to: its id, such as "C0123456789",
	// which outlives a new name, or its name.
	//
	// Default: none; a webhook has a channel of its own.
	Channel string

	// Webhook is the URL of an incoming webhook. It is a secret: who has it can post.
	//
	// Default: none; then set Token.
	Webhook Secret

	// Mention is who is called: "@here", "@channel", "@everyone",
	// "<!subteam^S0123456789>" for a group, "<@U0123456789>" for a person, or several
	// of them with blanks between them.
	//
	// Default: nobody.
	Mention string

	// MentionFrom is the severity from which on Mention is called.
	//
	// Default: Error.
	MentionFrom Severity
}

var _ Sink = Slack{}

// mentions are what Slack's messages can call somebody with.
//
// https://api.slack.com/reference/surfaces/formatting#advanced
var mentions = regexp.MustCompile(`^(<(!here|!channel|!everyone|!subteam\^[A-Z0-9]+|@[A-Z0-9]+)>( |$))+$`)

// spelled writes what people type as Slack's messages have it.
var spelled = strings.NewReplacer("@here", "<!here>", "@channel", "<!channel>", "@everyone", "<!everyone>")

// Bind implements [Sink].
func (s Slack) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Slack"}
	s.Mention = spelled.Replace(s.Mention)
	w := &wire.Slack{Channel: s.Channel, Mention: s.Mention, MentionFrom: s.MentionFrom}
	switch {
	case s.Token.set() && s.Webhook.set():
		b.Problemf(binding.BadPair, "sink.Slack has both a Token and a Webhook; set one of them")
	case s.Token.set():
		token := s.Token.bind(&b, "sink.Slack.Token")
		w.Token = &token
		if s.Channel == "" {
			b.Problemf(binding.BadPair, "sink.Slack has a Token and no Channel; name the channel to post to")
		}
	case s.Webhook.set():
		webhook := s.Webhook.bind(&b, "sink.Slack.Webhook")
		w.Webhook = &webhook
		if s.Channel != "" {
			b.Problemf(binding.BadPair, "sink.Slack has a Webhook and the Channel %q, but a webhook has a channel of its own; leave Channel out, or use a Token", s.Channel)
		}
	default:
		b.Problemf(binding.BadSecret, "sink.Slack names no secret; set Token and Channel, or Webhook")
	}
	b.CheckText("sink.Slack.Channel", s.Channel)

	if s.Mention == "" {
		if s.MentionFrom != "" {
			b.Problemf(binding.BadPair, "sink.Slack has a MentionFrom and no Mention; name who is called, or leave it out")
		}
	} else {
		if !binding.IsToken(s.Mention) && !mentions.MatchString(s.Mention) {
			b.Problemf(binding.BadSetting, "sink.Slack.Mention %q calls nobody; write @here, @channel, <!subteam^S…> for a group or <@U…> for a person, by their ids", s.Mention)
		}
		if w.MentionFrom == "" {
			w.MentionFrom = Error
		}
		binding.CheckChoice(&b.Problems, "sink.Slack.MentionFrom", w.MentionFrom, wire.Severities)
	}
	b.Wire = &wire.Sink{Slack: w}
	return b
}
