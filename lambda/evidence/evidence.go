// Package evidence looks up what an event does not say: one file per AWS service.
//
// A look-up that fails leaves a few words in place of what was not found. It never
// fails the notice.
package evidence

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
)

// maxTime is how long all look-ups for one event may take together.
const maxTime = 5 * time.Second

// Lookups asks AWS about the subjects of events.
type Lookups struct {
	API *awsapi.Client
	Log *slog.Logger
}

// Gather adds what can be found to the event's subject, in the event's own region.
// It takes at most half of the time that the context leaves, so that the sink has
// the rest.
func (l *Lookups) Gather(ctx context.Context, e *event.Event) {
	limit := maxTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/2)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	switch s := e.Subject.(type) {
	case *event.Termination:
		s.Name, s.NameProblem = l.instanceName(ctx, e.Region, s.Instance)
	case *event.Deployment:
		s.Info, s.InfoProblem = l.deployment(ctx, e.Region, s.ID)
	}
}

// problem says in a few words why a look-up found nothing, and logs it with the
// service's code only. The service is named as people write it.
func (l *Lookups) problem(call awsapi.Call, service string, err error) string {
	words, code := service+"'s answer could not be read", "unreadable"
	var refused *awsapi.Error
	var unreached *url.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		words, code = service+" did not answer in time", "timeout"
	case errors.As(err, &unreached):
		words, code = service+" could not be reached", "unreached"
	case errors.As(err, &refused):
		code = cmp.Or(refused.Code, "HTTP "+strconv.Itoa(refused.Status))
		switch {
		case refused.Status == http.StatusUnauthorized, refused.Status == http.StatusForbidden,
			code == "AccessDeniedException", code == "AccessDenied", code == "UnauthorizedOperation", code == "AuthFailure":
			words = call.Service + ":" + call.Operation + " was denied; the notifier's role has no leave for it"
		case refused.Code == "" && refused.Status >= http.StatusInternalServerError:
			words = service + " had trouble of its own (HTTP " + strconv.Itoa(refused.Status) + ")"
		case refused.Retryable():
			words = service + " was too busy to answer"
		case code == "InvalidInstanceID.NotFound":
			words = "the instance is no longer known to EC2"
		case code == "DeploymentDoesNotExistException":
			words = "the deployment is no longer known to CodeDeploy"
		default:
			words = service + " refused the question"
		}
	}
	l.Log.Warn("look-up failed", "call", call.String(), "code", code)
	return words
}
