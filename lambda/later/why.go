package later

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
)

// maxWhy bounds what a late notice says of why it is late, in characters.
const maxWhy = 200

// awsNames are the services that a sink calls, as people know them.
var awsNames = map[string]string{"ses": "SES", "sns": "SNS", "secretsmanager": "Secrets Manager", "ssm": "SSM Parameter Store"}

// why says in a few words why a notice is late: what a destination answered, but nothing that it
// repeats of the message or of its address.
func why(destination string, err error) string {
	var refused *post.Error
	var refusedCall *awsapi.Error
	var broken net.Error
	text := destination + " did not take it"
	switch {
	case errors.As(err, &refused) && refused.Status >= http.StatusMultipleChoices:
		text = strings.TrimSpace(destination + " answered " + strconv.Itoa(refused.Status) + " " + http.StatusText(refused.Status))
	case errors.As(err, &refused) && refused.Status > 0:
		text = destination + " did not confirm that it took it"
	case errors.As(err, &refusedCall):
		text = cmp.Or(awsNames[refusedCall.Call.Service], destination) + " answered " + cmp.Or(refusedCall.Code, strconv.Itoa(refusedCall.Status))
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &broken) && broken.Timeout():
		text = destination + " did not answer in time"
	case broken != nil:
		text = destination + " could not be reached"
	}
	return notice.Cut(notice.Line(text), maxWhy)
}
