package ecs

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Hook is a lifecycle hook of a deployment that changed its status: a pause, at which the
// deployment waits for approval, or a Lambda function.
type Hook struct {
	ID               string
	Cluster, Service string
	// DeploymentARN identifies the service deployment.
	DeploymentARN string
	EventName     string // such as HOOK_AWAITING_ACTION
	Type          string // PAUSE or AWS_LAMBDA
	Stage         string // such as POST_TEST_TRAFFIC_SHIFT
	Expires       time.Time
	Reason        string

	// ServiceDeployment is what ECS knows of the deployment.
	ServiceDeployment event.Finding[ServiceDeployment]
}

// awaitingAction is the event of a hook that waits for approval.
const awaitingAction = "HOOK_AWAITING_ACTION"

// isPause reports whether it is a pause. Only a pause waits.
func (h *Hook) isPause() bool { return h.Type == "PAUSE" || h.waiting() }

// waiting reports whether the deployment waits for approval.
func (h *Hook) waiting() bool { return h.EventName == awaitingAction }

// decodeHook reads "ECS Hook State Change".
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html
func decodeHook(e *event.Event, detail event.Fields) event.Subject {
	h := &Hook{
		ID:            detail.Text("hookId"),
		DeploymentARN: detail.Text("serviceDeploymentArn"),
		EventName:     detail.Text("eventName"),
		Type:          detail.Text("hookType"),
		Stage:         detail.Text("lifecycleStage"),
		Expires:       detail.Time("expiresAt"),
		Reason:        detail.Text("reason"),
	}
	for _, arn := range e.Resources {
		if strings.Contains(arn, ":service-deployment/") {
			h.DeploymentARN = cmp.Or(h.DeploymentARN, arn)
		}
	}
	_, path, _ := strings.Cut(h.DeploymentARN, ":service-deployment/")
	names := append(strings.Split(path, "/"), "", "")
	_, service, _ := strings.Cut(detail.Text("serviceArn"), ":service/")
	h.Cluster = cmp.Or(lastPart(detail.Text("clusterArn")), names[0])
	h.Service = cmp.Or(lastPart(service), names[1])
	return h
}

// SkipReason implements [event.Subject].
func (h *Hook) SkipReason(w wire.Watch) string {
	state := wire.ECSDeploymentFailed
	if h.isPause() {
		state = wire.ECSDeploymentWaiting
	}
	text, known := hookEvents[h.EventName]
	switch {
	case w.ECSDeployments == nil, !known:
		return ""
	case !w.ECSDeployments.Wants(state), h.text(text).title == "":
		return "the hook's event is " + h.EventName + ", which the watch does not report"
	default:
		return ""
	}
}

// hookText says what happened at a hook: the title, and the summary after the deployment.
type hookText struct {
	title, summary string
	severity       notice.Severity
	status         notice.Status
}

// hookEvents are the names that AWS documents, for pauses and for Lambda functions. What has no
// title is routine. Another name is reported as unknown.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html
var hookEvents = map[string]struct{ pause, function hookText }{
	"HOOK_IN_PROGRESS": {},
	awaitingAction:     {pause: hookText{"Deployment waits for approval", "waits for approval", notice.Warning, notice.Open}},
	"HOOK_SUCCEEDED":   {pause: hookText{"Deployment approved", "was approved", notice.Info, notice.Resolved}},
	"HOOK_FAILED": {
		hookText{"Deployment rejected", "was rejected, so ECS rolls it back", notice.Warning, notice.Resolved},
		hookText{"Deployment hook failed", "failed at its hook", notice.Error, notice.Open},
	},
	"HOOK_TIMED_OUT": {
		hookText{"Deployment not approved in time", "was not approved in time", notice.Warning, notice.Resolved},
		hookText{"Deployment hook timed out", "got no answer from its hook in time", notice.Error, notice.Open},
	},
}

func (h *Hook) text(texts struct{ pause, function hookText }) hookText {
	if h.isPause() {
		return texts.pause
	}
	return texts.function
}

// Describe implements [event.Subject].
func (h *Hook) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	text := h.text(hookEvents[h.EventName])
	if _, known := hookEvents[h.EventName]; !known {
		name := cmp.Or(h.EventName, "an event without a name")
		text = hookText{strings.TrimSpace("Unknown hook event " + h.EventName), "sent " + name + ", which extraeye does not know", notice.Warning, notice.Marker}
	} else if text.title == "" {
		text = hookText{"Deployment hook: " + h.EventName, "has a hook that reports " + h.EventName, notice.Info, notice.Marker}
	}
	n.Kind = notice.KindDeployment
	n.Severity, n.Status = text.severity, text.status
	n.Key = e.Key("ecs", h.Cluster+"/"+h.Service, "hook", h.ID)
	h.headline(n, text, now)
	h.addFacts(n, e, now)
	console := e.Console()
	n.Link("Deployments", console.ECSDeployments(h.Cluster, h.Service))
	n.Link("Service", console.ECSService(h.Cluster, h.Service))
}

// headline fills in the title and the summary.
func (h *Hook) headline(n *notice.Notice, text hookText, now time.Time) {
	expires, action := h.expires()
	n.Title = text.title
	if h.waiting() && !expires.IsZero() {
		n.Title += " until " + expires.UTC().Format("Jan 2 15:04 UTC")
		if action == "ROLLBACK" {
			n.Title += ", then rolls back"
		}
	}
	n.Title += ": " + cmp.Or(h.Service, "an unnamed service") + " in " + cmp.Or(h.Cluster, "an unnamed cluster")
	what := "The deployment of " + kindAndName("service", h.Service) + " in " + kindAndName("cluster", h.Cluster) + " " + text.summary +
		event.Labeled(" at stage ", h.Stage) + event.Labeled(": ", event.Quoted(h.Reason))
	then := timeoutActions[action]
	switch {
	case h.waiting():
		then = "if nobody approves or rejects it" + event.Labeled(" by ", notice.Moment(expires, now)) + ", " + cmp.Or(then, "ECS rolls it back or continues it")
	case h.EventName != "HOOK_TIMED_OUT":
		then = ""
	}
	n.Summary = event.Sentences(what, then)
}

// expires is until when the hook waits, and what ECS does then, "" if that is not known.
func (h *Hook) expires() (until time.Time, action string) {
	for _, p := range h.ServiceDeployment.Value.Pauses {
		if p.HookID == h.ID {
			return event.FirstKnown(h.Expires, p.Expires), p.TimeoutAction
		}
	}
	return h.Expires, ""
}

func (h *Hook) addFacts(n *notice.Notice, e *event.Event, now time.Time) {
	console := e.Console()
	expires, action := h.expires()
	n.Add("Service", h.Service, console.ECSService(h.Cluster, h.Service))
	n.Add("Cluster", h.Cluster, console.ECSCluster(h.Cluster))
	n.Add("Stage", h.Stage, "")
	if h.waiting() {
		n.Add("Waits until", notice.Moment(expires, now), "")
		n.Add("Then", timeoutActions[action], "")
		n.Add("To approve", h.command(e, "CONTINUE"), "")
		n.Add("To reject", h.command(e, "ROLLBACK"), "")
	}
	record := h.ServiceDeployment.Value
	record.Pauses = nil
	record.addFacts(n, now)
	n.Add("Hook", strings.TrimSpace(h.Type+" "+h.ID), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
	n.Add("Deployment", lastPart(h.DeploymentARN), console.ECSDeployments(h.Cluster, h.Service))
	n.Add("AWS says", strings.TrimSpace(h.EventName+" "+h.Reason), "")
	var missing event.Gaps
	missing.Add("Service deployment", h.ServiceDeployment.Problem)
	missing.AddTo(n)
}

// command is what approves or rejects the deployment, "" if the hook's id is malformed.
func (h *Hook) command(e *event.Event, action string) string {
	isOther := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
	}
	if h.ID == "" || strings.ContainsFunc(h.ID+e.Region, isOther) {
		return ""
	}
	return "aws ecs continue-service-deployment" + event.Labeled(" --region ", e.Region) + " --hook-id " + h.ID + " --action " + action
}
