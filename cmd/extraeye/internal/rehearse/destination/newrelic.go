package destination

import (
	"net/http"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
)

func init() {
	const (
		event      = "variables.event."
		category   = event + "categoryAndTypeData."
		deployment = category + "categoryFields.deployment."
	)
	destinations["newrelic"] = destination{
		answer:  answerNewRelic,
		secrets: map[string]string{"apiKey": "NRAK-000000000000000000REHEARSAL"},
		draw: card.Layout{
			Name: "New Relic", Pills: []string{category + "kind.category", category + "kind.type"},
			Title: event + "shortDescription", Text: event + "description",
			Rows: [][2]string{
				{"Entity", event + "entitySearch.query"},
				{"Version", deployment + "version"}, {"Commit", deployment + "commit"}, {"Changelog", deployment + "changelog"}, {"Link", deployment + "deepLink"},
				{"Time", event + "timestamp"}, {"By", event + "user"}, {"Group", event + "groupId"},
			},
		}.Draw,
	}
}

// https://docs.newrelic.com/docs/change-tracking/config/nerdgraph
func answerNewRelic(string, []byte) answer.Answer {
	return answer.JSON(http.StatusOK, map[string]any{"data": map[string]any{"changeTrackingCreateEvent": map[string]any{
		"changeTrackingEvent": map[string]string{"changeTrackingId": "rehearsal"}, "messages": []string{},
	}}})
}
