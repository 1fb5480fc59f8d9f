package sink

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// Slack posts to a channel as an app. [SlackWebhook] posts through an incoming webhook.
type Slack struct {
	// Token is the bot token ("xoxb-…") of an app that has the scope chat:write and
	// is in the channel. With channels:history (of a private channel groups:history) and
	// metadata.message:read, too, and an id as Channel, the notices of a group or a service
	// form threads; see docs/sinks.md.
	//
	// https://docs.slack.dev/reference/methods/conversations.history
	//
	// Required.
	Token Secret

	// Channel is the channel to post to: its id, such as "C0123456789", which stays when
	// the channel is renamed and which threads need, or its name.
	//
	// Required.
	Channel string

	// Mention is who is mentioned: "@here", "@channel", "@everyone",
	// "<!subteam^S0123456789>" for a group, "<@U0123456789>" for a person, or several
	// of them with blanks between them.
	//
	// Default: nobody.
	Mention string

	// MentionFrom is the severity from which on Mention is mentioned.
	//
	// Default: watch.SeverityError.
	MentionFrom watch.Severity
}

// SlackWebhook posts to the channel of an incoming webhook.
type SlackWebhook struct {
	// Webhook is the webhook's URL. It is a secret: anyone who has it can post.
	//
	// Required.
	Webhook Secret

	// Mention is who is mentioned: "@here", "@channel", "@everyone",
	// "<!subteam^S0123456789>" for a group, "<@U0123456789>" for a person, or several
	// of them with blanks between them.
	//
	// Default: nobody.
	Mention string

	// MentionFrom is the severity from which on Mention is mentioned.
	//
	// Default: watch.SeverityError.
	MentionFrom watch.Severity
}

var (
	_ Sink = Slack{}
	_ Sink = SlackWebhook{}
)

// Bind implements [Sink].
func (s Slack) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Slack"}
	token := s.Token.bind(&b, "sink.Slack.Token")
	checkChannel(&b, s.Channel)
	w := &wire.Slack{Token: &token, Channel: s.Channel}
	mention(&b, w, s.Mention, s.MentionFrom)
	b.Wire = &wire.Sink{Slack: w}
	return b
}

// Bind implements [Sink].
func (s SlackWebhook) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "SlackWebhook"}
	webhook := s.Webhook.bind(&b, "sink.SlackWebhook.Webhook")
	w := &wire.Slack{Webhook: &webhook}
	mention(&b, w, s.Mention, s.MentionFrom)
	b.Wire = &wire.Sink{Slack: w}
	return b
}

// channel is the name or the id of a channel; a person's id opens a direct message. Names
// are of any script.
//
// https://api.slack.com/methods/conversations.create#naming
var channel = regexp.MustCompile(`^#?[\p{L}\p{M}\p{N}_-]{1,80}$`)

func checkChannel(b *binding.Sink, name string) {
	switch {
	case name == "":
		b.Problemf(binding.BadSetting, "sink.Slack.Channel is empty; name the channel to post to")
	case !binding.IsToken(name) && !channel.MatchString(name):
		b.Problemf(binding.BadSetting, "sink.Slack.Channel %.100q is not a channel; write its id, such as C0123456789, or its name, such as #ops", name)
	}
}

// mentions are how Slack's messages can mention somebody.
//
// https://api.slack.com/reference/surfaces/formatting#advanced
var mentions = regexp.MustCompile(`^(<(!here|!channel|!everyone|!subteam\^[A-Z0-9]+|@[A-Z0-9]+)>( |$))+$`)

// asInMessages writes what people type as Slack's messages have it.
var asInMessages = strings.NewReplacer("@here", "<!here>", "@channel", "<!channel>", "@everyone", "<!everyone>")

// mention checks who is mentioned, and adds it to w.
func mention(b *binding.Sink, w *wire.Slack, who string, from watch.Severity) {
	if who == "" {
		if from != "" {
			b.Problemf(binding.BadPair, "sink.%s has a MentionFrom and no Mention; name who is mentioned, or leave it out", b.Name)
		}
		return
	}
	from = cmp.Or(from, watch.SeverityError)
	w.Mention, w.MentionFrom = asInMessages.Replace(who), wire.Severity(from)
	if !binding.IsToken(w.Mention) && !mentions.MatchString(w.Mention) {
		b.Problemf(binding.BadSetting, "sink.%s.Mention %q mentions nobody; write @here, @channel, <!subteam^S…> for a group or <@U…> for a person, by their ids", b.Name, w.Mention)
	}
	binding.CheckChoice(&b.Problems, "sink."+b.Name+".MentionFrom", from, watch.AllSeverities())
}
