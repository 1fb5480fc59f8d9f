package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
)

// history is where the messages of a channel are read. An app may ask 50 times a minute or
// more; one that is distributed outside of the Slack Marketplace once a minute, for 15
// messages, which an app of one's own is not.
//
// https://docs.slack.dev/reference/methods/conversations.history
// https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
const history = "https://slack.com/api/conversations.history"

const (
	// window is for how long after the first message of a thread notices go into it.
	window = time.Hour
	// longWindow is that of a notice that something is over, which may come late.
	longWindow = 4 * time.Hour
	// ahead is how far a clock may be behind Slack's.
	ahead = time.Minute
	// maxMessages is how many messages are looked through, the newest, and maxHistory how
	// long they may be, in bytes.
	maxMessages = 100
	maxHistory  = 2 << 20
	// patience is the most that a message waits for its thread, and share the part of the
	// time left that it waits at most.
	patience = 2 * time.Second
	share    = 8
)

// conversation is the id of a channel, a group or a direct message. Messages can be posted
// to a channel by its name, and read by its id only.
var conversation = regexp.MustCompile(`^[CGD][A-Z0-9]{7,}$`)

// unreadable are the channels that an app may not read, for as long as the process lives.
var unreadable sync.Map // of reader

// reader is an app, by its token, that reads a channel.
type reader struct {
	token   wire.Secret
	channel string
}

// denied are the errors that stay until somebody changes the app or the channel.
//
// https://docs.slack.dev/reference/methods/conversations.history#errors
const denied = "missing_scope no_permission access_denied not_in_channel channel_not_found not_allowed_token_type" +
	" team_access_not_granted ekm_access_denied method_not_supported_for_channel_type"

// thread finds the thread of a notice's group. There is none if it cannot be found out, for
// whatever reason.
func (s *Sender) thread(ctx context.Context, n *notice.Notice, token string) thread {
	channel := reader{*s.cfg.Token, s.cfg.Channel}
	if _, no := unreadable.Load(channel); no || !conversation.MatchString(s.cfg.Channel) {
		return thread{}
	}
	limit := patience
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/share)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	var answer struct {
		Messages []posted `json:"messages"`
	}
	m := newPost(history, token, []byte(question(n, s.cfg.Channel, time.Now())))
	m.Header["Content-Type"], m.Once, m.MaxAnswer = "application/x-www-form-urlencoded", true, maxHistory
	m.Check = func(got post.Answer) *post.Error {
		_ = json.Unmarshal(got.Body, &answer) // of other apps' metadata, what is of another type stays empty
		return checkAPI(got)
	}
	err := s.post.Send(ctx, m)
	if err != nil {
		var refused *post.Error
		if errors.As(err, &refused) && is(codeOf(refused), denied) {
			unreadable.Store(channel, true)
		}
		return thread{}
	}
	return find(answer.Messages, groupOf(n))
}

// question asks for the newest messages of a channel that a notice's thread may begin with.
// Without an end, Slack would answer with the oldest.
func question(n *notice.Notice, channel string, now time.Time) string {
	since := window
	if n.Status == notice.Resolved {
		since = longWindow
	}
	seconds := func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
	return url.Values{
		"channel": {channel}, "oldest": {seconds(now.Add(-since))}, "latest": {seconds(now.Add(ahead))},
		"limit": {strconv.Itoa(maxMessages)}, "include_all_metadata": {"true"},
	}.Encode()
}
