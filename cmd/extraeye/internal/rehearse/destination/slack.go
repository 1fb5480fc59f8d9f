package destination

import (
	"net/http"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
)

func init() {
	destinations["slack"] = destination{
		answer: answerSlack,
		asks:   map[string]string{"/api/conversations.history": "conversations.history"},
		secrets: map[string]string{
			"token":   "xoxb-000000000000-0000000000000-rehearsal",
			"webhook": "https://hooks.slack.com/services/T00000000/B00000000/rehearsal",
		},
		draw: card.Slack,
	}
}

// https://docs.slack.dev/reference/methods/chat.postMessage
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// https://docs.slack.dev/reference/methods/conversations.history
func answerSlack(path string, _ []byte) answer.Answer {
	switch {
	case !strings.HasPrefix(path, "/api/"):
		return answer.Answer{Status: http.StatusOK, ContentType: "text/html", Body: []byte("ok")}
	case path == "/api/conversations.history":
		return answer.JSON(http.StatusOK, map[string]any{"ok": true, "messages": []any{}, "has_more": false})
	}
	return answer.JSON(http.StatusOK, map[string]any{
		"ok": true, "channel": "C0123456789", "ts": "1503435956.000247", "message": map[string]string{"type": "message"},
	})
}
