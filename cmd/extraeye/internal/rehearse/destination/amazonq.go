package destination

import "github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"

func init() {
	destinations["amazonq"] = destination{
		viaAWS: "sns.Publish",
		draw: card.Layout{
			Name: "Amazon Q", Pills: []string{"metadata.eventType"}, Title: "content.title", Text: "content.description", Markup: card.Mrkdwn,
			Rows: [][2]string{
				{"Next steps", "content.nextSteps"}, {"Keywords", "content.keywords"}, {"Thread", "metadata.threadId"}, {"Summary", "metadata.summary"},
				{"Resources", "metadata.relatedResources"}, {"Context", "metadata.additionalContext"}, {"Id", "id"},
			},
		}.Draw,
	}
}
