package evidence

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxLogged bounds what is logged of a call and of a code, in characters: an event names the
// Region.
const maxLogged = 200

// problem says in a few words why a look-up found nothing, and logs it with the error code
// only. service is the service's name as people write it.
func (l *Lookups) problem(call awsapi.Call, service string, err error) string {
	var there *unasked
	if errors.As(err, &there) && !there.denied {
		return there.text
	}
	text, code := explain(call, service, err)
	l.Log.Warn("look-up failed", "call", notice.Cut(notice.Line(call.String()), maxLogged), "code", notice.Cut(notice.Line(code), maxLogged))
	if there != nil {
		return there.text
	}
	if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && denied(refused) {
		text += "; the notifier's role has no permission for it"
	}
	return text
}

// Explain says in a few words why a call got no answer, to people. service is the service's name
// as people write it.
func Explain(call awsapi.Call, service string, err error) string {
	text, _ := explain(call, service, err)
	return text
}

// explain says what an error means, and its code for the log.
func explain(call awsapi.Call, service string, err error) (text, code string) {
	var refused *awsapi.Error
	var unreached *url.Error
	switch {
	case errors.Is(err, errPaused):
		return service + " was too busy a moment ago and was not asked again", "paused"
	case errors.Is(err, context.DeadlineExceeded):
		return service + " did not answer in time", "timeout"
	case errors.As(err, &unreached):
		return service + " could not be reached", "unreached"
	case errors.As(err, &refused):
		return explainRefusal(call, service, refused), cmp.Or(refused.Code, "HTTP "+strconv.Itoa(refused.Status))
	default:
		return service + "'s answer could not be read", "unreadable"
	}
}

// explainRefusal says what an error that AWS answered with means.
func explainRefusal(call awsapi.Call, service string, refused *awsapi.Error) string {
	switch {
	case denied(refused):
		return call.Action() + " was denied"
	case refused.Code == "" && refused.Status >= http.StatusInternalServerError:
		return service + " had trouble of its own (HTTP " + strconv.Itoa(refused.Status) + ")"
	case refused.Retryable():
		return service + " was too busy to answer"
	default:
		return cmp.Or(unknown[refused.Code], service+" refused the question")
	}
}

// denied reports whether a permission is missing.
func denied(refused *awsapi.Error) bool {
	return refused.Status == http.StatusUnauthorized || refused.Status == http.StatusForbidden || slices.Contains(denials, refused.Code)
}

// temporary reports whether the same look-up may find something at another time: AWS throttled
// it, had trouble of its own, did not answer in time or was not reached.
func temporary(err error) bool {
	var refused *awsapi.Error
	var unreached *url.Error
	switch {
	case errors.As(err, &refused):
		return refused.Retryable() && !denied(refused)
	default:
		return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &unreached)
	}
}

// denials are the codes of a missing permission.
var denials = []string{"AccessDenied", "AccessDeniedException", "AuthFailure", "UnauthorizedOperation"}

// unknown are the codes of things that a service does not know, and what to say about them.
var unknown = map[string]string{
	"ApplicationDoesNotExistException":      "CodeDeploy does not know the application or its deployment group",
	"ClusterNotFoundException":              "the service is not known to ECS",
	"DeploymentDoesNotExistException":       "the deployment is no longer known to CodeDeploy",
	"DeploymentGroupDoesNotExistException":  "CodeDeploy does not know the application or its deployment group",
	"DeploymentNotStartedException":         "CodeDeploy has not started the deployment",
	"DeploymentTargetDoesNotExistException": "CodeDeploy does not know the instance as one of the deployment's",
	"InvalidInstanceID.NotFound":            "the instance is no longer known to EC2",
	"ServiceNotFoundException":              "the service is not known to ECS",
}
