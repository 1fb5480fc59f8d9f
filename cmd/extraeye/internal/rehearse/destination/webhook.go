package destination

import (
	"net/http"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
)

func init() {
	destinations["webhook"] = destination{
		answer: func(string, []byte) answer.Answer { return answer.Text(http.StatusOK, "") },
		secrets: map[string]string{
			"secretUrl":  "https://secret.example.com/rehearsal",
			"signingKey": "whsec_cmVoZWFyc2FsLXJlaGVhcnNhbC1yZWhlYXJzYWw=", // "rehearsal-rehearsal-rehearsal"
		},
		draw: card.Layout{
			Name: "Webhook", Pills: []string{"type", "data.severity", "data.status"}, Title: "data.title", Text: "data.summary",
			Rows: [][2]string{
				{"Time", "timestamp"}, {"Key", "data.key"}, {"Service", "data.service"}, {"Links", "data.links"}, {"Facts", "data.facts"},
			},
		}.Draw,
	}
}
