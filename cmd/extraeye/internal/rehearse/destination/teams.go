package destination

import (
	"net/http"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
)

func init() {
	destinations["teams"] = destination{
		answer: answerTeams,
		secrets: map[string]string{
			"webhook": "https://prod-00.westeurope.logic.azure.com:443/workflows/00000000000000000000000000000000/triggers/manual/paths/invoke" +
				"?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=rehearsal",
		},
		draw: card.Teams,
	}
}

// answerTeams only says that the workflow starts.
//
// https://learn.microsoft.com/en-us/azure/connectors/connectors-native-reqres
func answerTeams(string, []byte) answer.Answer { return answer.Text(http.StatusAccepted, "") }
