package slack

import (
	"cmp"
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Notices of one group form a thread, below the first of them that the channel has. Nothing
// here keeps which that is: each message says in its metadata which group it is about, and
// the next one finds it there.
//
// Two that are sent at once may both begin a thread. Those that follow go into the older.

// eventType is what the metadata of a notice is called.
const eventType = "extraeye_notice"

// metadata is what a message says to programs. Slack documents no limits; these are a few
// dozen characters.
//
// https://docs.slack.dev/messaging/message-metadata
type metadata struct {
	Type    string  `json:"event_type"`
	Payload payload `json:"event_payload"`
}

type payload struct {
	Group    string          `json:"group"` // a hash of its key
	Severity notice.Severity `json:"severity"`
}

// newMetadata is the metadata of a notice.
func newMetadata(n *notice.Notice) *metadata {
	severity := n.Severity
	if rank(severity) < 0 {
		severity = notice.Info
	}
	return &metadata{eventType, payload{groupOf(n), severity}}
}

// groupOf names the notice's group in at most 32 letters and digits.
func groupOf(n *notice.Notice) string { return notice.Hash(cmp.Or(n.Group(), n.ID), 16) }

// rank is the place of a severity among all, -1 for an unknown one.
func rank(s notice.Severity) int { return slices.Index(wire.AllSeverities(), s) }

// posted is a message that a channel has: one of its own, or a reply in a thread that is
// shown in the channel as well.
type posted struct {
	TS       string   `json:"ts"`        // its id, and when it was posted
	ThreadTS string   `json:"thread_ts"` // the first message of its thread, if there is one
	Metadata metadata `json:"metadata"`
}

// thread is where the notices of a group go.
type thread struct {
	TS    string // the first message; empty: there is none yet
	Worst int    // the rank of the worst notice of it that the channel shows
}

// find returns the thread of a group among a channel's messages, the newest first. It begins
// with the oldest message that is no reply.
func find(messages []posted, group string) (t thread) {
	messages = slices.DeleteFunc(messages, func(m posted) bool {
		return m.Metadata.Type != eventType || m.Metadata.Payload.Group != group
	})
	for _, m := range messages {
		if m.ThreadTS == "" || m.ThreadTS == m.TS {
			t.TS = m.TS
		}
	}
	for _, m := range messages {
		if cmp.Or(m.ThreadTS, m.TS) == t.TS {
			t.Worst = max(t.Worst, rank(m.Metadata.Payload.Severity))
		}
	}
	return t
}

// into makes the message of a notice a reply in a thread. The channel shows it as well if it
// is worse than all that the channel shows of the thread; the next one as bad is not.
//
// https://docs.slack.dev/reference/methods/chat.postMessage
func (m *message) into(t thread, n *notice.Notice) {
	if t.TS != "" {
		m.ThreadTS, m.ReplyBroadcast = t.TS, rank(n.Severity) > t.Worst
	}
}
