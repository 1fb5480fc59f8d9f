package later

import (
	"context"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Bury has the state machine write a text that is no delivery to the dead-letter queue, with the
// reason. Place is that of [HandOver].
func Bury(ctx context.Context, api *awsapi.Client, text string, reason error, place string) error {
	return startWith(ctx, api, "dead-letter", place, wire.Buried{
		DeadLetter: wire.DeadLetter{Reason: notice.Cut(notice.Line(reason.Error()), maxReason), Attempts: 1}, Message: text,
	})
}
