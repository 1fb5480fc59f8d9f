// Package evidence looks up what an event does not say: one file per AWS service.
//
// A look-up that fails leaves a few words in place of what was not found. It never
// fails the notice.
package evidence

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

// maxTime is how long all look-ups for one event may take together.
const maxTime = 5 * time.Second

// Lookups asks AWS about the subjects of events.
type Lookups struct {
	API *awsapi.Client
	Log *slog.Logger

	account account
}

// Gather adds what can be found to the event, in the event's own region. It takes
// at most half of the time that the context leaves, so that the sink has the rest.
func (l *Lookups) Gather(ctx context.Context, e *event.Event) {
	limit := maxTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)/2)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	region := e.Region
	var lookups []func()
	look := func(f func()) { lookups = append(lookups, f) }
	if abroad(ctx, e.Account) {
		var stop context.CancelCauseFunc
		ctx, stop = context.WithCancelCause(ctx)
		stop(errAbroad)
	} else {
		look(func() { e.Alias = l.alias(ctx) })
	}
	switch s := e.Subject.(type) {
	case *autoscaling.Termination:
		look(func() { s.Instance = l.machine(ctx, region, s.InstanceID) })
		look(func() { s.LastWords = l.lastWords(ctx, region, s.InstanceID) })
		look(func() { s.Group = l.fleet(ctx, region, s.GroupName) })
		look(func() { s.Activities = l.history(ctx, region, s.GroupName, s.Decided(e)) })
		if w := e.Watch.Terminations; w != nil && w.Releases != nil {
			look(func() { s.Releases = l.releases(ctx, region, *w.Releases, s.GroupName, s.Decided(e)) })
		}
	case *autoscaling.Launch:
		look(func() { s.Instance = l.machine(ctx, region, s.InstanceID) })
		look(func() { s.Group = l.fleet(ctx, region, s.GroupName) })
	case *autoscaling.InstanceRefresh:
		look(func() { s.Info = l.refresh(ctx, region, s.GroupName, s.ID) })
		look(func() { s.Group = l.fleet(ctx, region, s.GroupName) })
	case *autoscaling.Lifecycle:
		look(func() { s.State = l.lifecycleState(ctx, region, s.InstanceID) })
		look(func() { s.Hook = l.hook(ctx, region, s.GroupName, s.HookName) })
		look(func() { s.Instance = l.machine(ctx, region, s.InstanceID) })
	case *ec2.InstanceStateChange:
		look(func() { s.Instance = l.machine(ctx, region, s.InstanceID) })
	case *ec2.SpotInterruption:
		look(func() { s.Instance = l.machine(ctx, region, s.InstanceID) })
	case *codedeploy.Deployment:
		look(func() { l.aboutDeployment(ctx, e, s) })
	case *codedeploy.DeploymentInstance:
		look(func() { s.Info = l.deployment(ctx, region, s.DeploymentID) })
		look(func() { s.Target = l.target(ctx, region, s.DeploymentID, s.InstanceID) })
		if s.OnEC2() {
			look(func() { s.Instance = l.machine(ctx, region, s.InstanceID) })
		}
	case *ecs.Task:
		if s.Service != "" {
			look(func() { s.Info = l.service(ctx, region, s.Cluster, s.Service) })
		}
	case *ecs.Deployment:
		look(func() { s.Info = l.service(ctx, region, s.Cluster, s.Service) })
	case *ecs.Service:
		look(func() { s.Info = l.service(ctx, region, s.Cluster, s.Service) })
	}
	l.sideBySide(lookups)
}

// aboutDeployment looks up what a deployment was, and then the rest if the watch wants
// to be told: CodeDeploy bears few questions.
func (l *Lookups) aboutDeployment(ctx context.Context, e *event.Event, s *codedeploy.Deployment) {
	s.Info = l.deployment(ctx, e.Region, s.ID)
	if e.SkipReason() != "" {
		return
	}
	lookups := []func(){func() {
		s.Before = l.deploymentsBefore(ctx, e.Region, s.Application, s.Group, s.ID, s.Created(e))
	}}
	if s.Unsuccessful() {
		lookups = append(lookups, func() { s.Targets = l.failedTargets(ctx, e.Region, s.ID) })
	}
	if w := e.Watch.Deployments; w != nil && w.Who && s.Info.Known {
		lookups = append(lookups, func() { s.Info.Value.By = l.maker(ctx, e.Region, &s.Info.Value) })
	}
	l.sideBySide(lookups)
}

// errAbroad is why nothing is looked up of an event that another account forwards.
var errAbroad = errors.New("the event is of another account")

// abroad reports whether an account is not the function's own, in which the same names
// stand for other things.
func abroad(ctx context.Context, account string) bool {
	lambda, ok := lambdacontext.FromContext(ctx)
	if !ok || account == "" {
		return false
	}
	own, err := arn.Parse(lambda.InvokedFunctionArn)
	return err == nil && own.AccountID != account
}

// sideBySide runs look-ups at the same time. One that panics finds nothing.
func (l *Lookups) sideBySide(lookups []func()) {
	var all sync.WaitGroup
	for _, look := range lookups {
		all.Add(1)
		go func() {
			defer all.Done()
			defer func() {
				if p := recover(); p != nil {
					l.Log.Error("panic in a look-up", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				}
			}()
			look()
		}()
	}
	all.Wait()
}

// json asks a service for an answer, whose member required must be there, and says
// what the problem was, if there was one. A member of another type than documented is
// left empty; the rest is read.
func (l *Lookups) json(ctx context.Context, call awsapi.Call, service, target string, in any, required string, out any) (problem string) {
	var whole json.RawMessage
	var members map[string]json.RawMessage
	err := l.API.JSON(ctx, call, target, in, &whole)
	if err == nil {
		err = json.Unmarshal(whole, &members)
	}
	if member := members[required]; err == nil && (len(member) == 0 || string(member) == "null") {
		err = errors.New("no " + required)
	}
	if err != nil {
		return l.problem(call, service, err)
	}
	// What is JSON can only be of another type.
	_ = json.Unmarshal(whole, out)
	return ""
}

// problem says in a few words why a look-up found nothing, and logs it with the
// service's code only. The service is named as people write it.
func (l *Lookups) problem(call awsapi.Call, service string, err error) string {
	words, code := service+"'s answer could not be read", "unreadable"
	var refused *awsapi.Error
	var unreached *url.Error
	switch {
	case errors.Is(err, errAbroad):
		return "it is in another account, which the notifier cannot ask"
	case errors.Is(err, context.DeadlineExceeded):
		words, code = service+" did not answer in time", "timeout"
	case errors.As(err, &unreached):
		words, code = service+" could not be reached", "unreached"
	case errors.As(err, &refused):
		code = cmp.Or(refused.Code, "HTTP "+strconv.Itoa(refused.Status))
		switch {
		case refused.Status == http.StatusUnauthorized, refused.Status == http.StatusForbidden,
			code == "AccessDeniedException", code == "AccessDenied", code == "UnauthorizedOperation", code == "AuthFailure":
			words = call.Service + ":" + call.Operation + " was denied; the notifier's role has no permission for it"
		case refused.Code == "" && refused.Status >= http.StatusInternalServerError:
			words = service + " had trouble of its own (HTTP " + strconv.Itoa(refused.Status) + ")"
		case refused.Retryable():
			words = service + " was too busy to answer"
		case code == "InvalidInstanceID.NotFound":
			words = "the instance is no longer known to EC2"
		case code == "DeploymentDoesNotExistException":
			words = "the deployment is no longer known to CodeDeploy"
		case code == "ApplicationDoesNotExistException", code == "DeploymentGroupDoesNotExistException":
			words = "CodeDeploy does not know the application or its deployment group"
		case code == "DeploymentTargetDoesNotExistException":
			words = "CodeDeploy does not know the instance as one of the deployment's"
		case code == "ClusterNotFoundException", code == "ServiceNotFoundException":
			words = "the service is not known to ECS"
		case code == "DeploymentNotStartedException":
			words = "CodeDeploy has not started the deployment"
		default:
			words = service + " refused the question"
		}
	}
	l.Log.Warn("look-up failed", "call", call.String(), "code", code)
	return words
}
