package destination

import (
	"net/http"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
)

func init() {
	destinations["grafana"] = destination{
		answer:  answerGrafana,
		secrets: map[string]string{"token": "glsa_00000000000000000000rehearsal_00000000"},
		draw: card.Layout{
			Name: "Grafana", Text: "text", Markup: card.SimpleHTML,
			Rows: [][2]string{{"Tags", "tags"}, {"From", "time"}, {"To", "timeEnd"}, {"Dashboard", "dashboardUID"}, {"Panel", "panelId"}},
		}.Draw,
	}
}

// https://grafana.com/docs/grafana/latest/developers/http_api/annotations/
func answerGrafana(string, []byte) answer.Answer {
	return answer.JSON(http.StatusOK, map[string]any{"message": "Annotation added", "id": 1})
}
