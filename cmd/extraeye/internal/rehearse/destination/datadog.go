package destination

import (
	"net/http"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
)

func init() {
	destinations["datadog"] = destination{
		answer:  answerDatadog,
		secrets: map[string]string{"apiKey": "00000000000000000000000rehearsal"},
		draw: card.Layout{
			Name: "Datadog", Pills: []string{"alert_type"}, Title: "title", Text: "text",
			Rows: [][2]string{{"Tags", "tags"}, {"Aggregation key", "aggregation_key"}, {"Time", "date_happened"}},
		}.Draw,
	}
}

// https://docs.datadoghq.com/api/latest/events/#post-an-event-v1
func answerDatadog(string, []byte) answer.Answer {
	return answer.JSON(http.StatusAccepted, map[string]any{"status": "ok", "event": map[string]int{"id": 1}})
}
