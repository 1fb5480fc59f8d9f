package destination

import (
	"encoding/json"
	"net/http"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
)

func init() {
	destinations["pagerduty"] = destination{
		answer: answerPagerDuty,
		// 32 characters; a key of a ruleset begins with an R.
		secrets: map[string]string{"routingKey": "e0000000000000000000000rehearsal"},
		draw: card.Layout{
			Name: "PagerDuty", Pills: []string{"event_action", "payload.severity"}, Title: "payload.summary",
			Rows: [][2]string{
				{"Dedup key", "dedup_key"}, {"Source", "payload.source"}, {"Time", "payload.timestamp"}, {"Component", "payload.component"},
				{"Group", "payload.group"}, {"Class", "payload.class"}, {"Links", "links"}, {"Details", "payload.custom_details"},
			},
		}.Draw,
	}
}

// https://developer.pagerduty.com/docs/send-alert-event
func answerPagerDuty(_ string, body []byte) answer.Answer {
	var in struct {
		Key string `json:"dedup_key"`
	}
	_ = json.Unmarshal(body, &in) // a change event has none
	return answer.JSON(http.StatusAccepted, map[string]string{"status": "success", "message": "Event processed", "dedup_key": in.Key})
}
