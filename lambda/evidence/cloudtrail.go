package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

const (
	// cloudTrailTarget names CloudTrail's API and its version.
	//
	// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
	cloudTrailTarget = "CloudTrail_20131101"
	// maxTrailEvents is the longest page of events.
	maxTrailEvents = 50
	// around is how far apart CodeDeploy's and CloudTrail's times of one call may be.
	around = 5 * time.Minute
)

// createdBy returns the name of the user or role that made a deployment. Nothing is looked up
// for one that CodeDeploy made itself: nobody called CreateDeployment.
//
// An event may take 15 minutes to get to CloudTrail:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
func (l *Lookups) createdBy(ctx context.Context, region string, d *codedeploy.DeploymentInfo) event.Finding[string] {
	switch d.Creator {
	case "", wire.CreatorUser, wire.CreatorCloudFormation:
	default:
		return event.Finding[string]{}
	}
	if d.Created.IsZero() {
		return event.NotFound[string]("CodeDeploy does not say when the deployment was made")
	}
	events, problem := l.trail(ctx, region, "EventName", "CreateDeployment", d.Created.Add(-around), d.Created.Add(around))
	if problem != "" {
		return event.NotFound[string](problem)
	}
	for _, e := range events {
		if e.Answer.Deployment == d.ID && d.ID != "" {
			if name := e.Identity.name(); name != "" {
				return event.Found(name)
			}
			return event.NotFound[string]("CloudTrail's record does not say who made it")
		}
	}
	return event.NotFound[string](notInTrail)
}

// notInTrail is the problem of a call of which CloudTrail has no record.
const notInTrail = "CloudTrail does not have it, or not yet"

// beforeDeath is how long before Auto Scaling found an instance terminated or stopped the call
// is looked for. It checks its instances every few minutes at most.
const beforeDeath = 30 * time.Minute

// requestedBy returns the last call that terminated or stopped an instance before Auto Scaling
// did.
func (l *Lookups) requestedBy(ctx context.Context, region, instance string, at time.Time) event.Finding[autoscaling.Request] {
	if instance == "" {
		return event.NotFound[autoscaling.Request]("the event names no instance")
	}
	events, problem := l.trail(ctx, region, "ResourceName", instance, at.Add(-beforeDeath), at.Add(time.Minute))
	if problem != "" {
		return event.NotFound[autoscaling.Request](problem)
	}
	var last autoscaling.Request
	for _, e := range events {
		took := e.Name == "TerminateInstances" || e.Name == "StopInstances"
		if made := instant(e.Time); took && e.Error == "" && !e.Identity.isAutoScaling() && made.After(last.At) {
			last = autoscaling.Request{Call: e.Name, By: e.Identity.name(), At: made}
		}
	}
	if last.Call == "" {
		return event.NotFound[autoscaling.Request](notInTrail)
	}
	return event.Found(last)
}

// trail returns CloudTrail's records of calls between two times that have an attribute. It
// reads one page.
func (l *Lookups) trail(ctx context.Context, region, attribute, value string, from, to time.Time) (events []trailEvent, problem string) {
	type lookupAttribute struct{ AttributeKey, AttributeValue string }
	in := struct {
		LookupAttributes   []lookupAttribute
		StartTime, EndTime float64
		MaxResults         int
	}{[]lookupAttribute{{attribute, value}}, epoch(from), epoch(to), maxTrailEvents}
	call := awsapi.Call{Service: "cloudtrail", Operation: "LookupEvents", Region: region}
	var found struct{ Events []json.RawMessage }
	if problem := l.json(ctx, call, "CloudTrail", cloudTrailTarget, in, "Events", &found); problem != "" {
		return nil, problem
	}
	if found.Events == nil {
		return nil, l.problem(call, "CloudTrail", errors.New("no list of events"))
	}
	for _, raw := range found.Events {
		events = append(events, readTrailEvent(raw))
	}
	return events, ""
}

// trailEvent is the part of CloudTrail's record of a call that is read.
type trailEvent struct {
	ID       string   `json:"eventID"`
	Name     string   `json:"eventName"`
	Service  string   `json:"eventSource"`
	ReadOnly bool     `json:"readOnly"`
	Time     string   `json:"eventTime"`
	Error    string   `json:"errorCode"`
	Identity identity `json:"userIdentity"`
	Answer   struct {
		Deployment string `json:"deploymentId"`
	} `json:"responseElements"`
}

// readTrailEvent reads the record, which is JSON within a string. Members of other types than
// documented are left empty.
func readTrailEvent(raw json.RawMessage) (e trailEvent) {
	var outer struct{ CloudTrailEvent string }
	_ = json.Unmarshal(raw, &outer)
	_ = json.Unmarshal([]byte(outer.CloudTrailEvent), &e)
	return e
}

// identity is who made a call.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
type identity struct {
	Type      string `json:"type"`
	ARN       string `json:"arn"`
	UserName  string `json:"userName"`
	InvokedBy string `json:"invokedBy"`
	Session   struct {
		Issuer struct {
			UserName string `json:"userName"`
		} `json:"sessionIssuer"`
	} `json:"sessionContext"`
}

// name is the user's name, or for a role the names of its session and of the role, which are
// the end of arn:aws:sts::123456789012:assumed-role/Deployer/alice.
func (i identity) name() string {
	if i.Type == "Root" {
		return "the root user"
	}
	parts := strings.Split(i.ARN, "/")
	if i.Type == "AssumedRole" && len(parts) == 3 {
		role := i.Session.Issuer.UserName
		if role == "" {
			role = parts[1]
		}
		return parts[2] + " (role " + role + ")"
	}
	for _, name := range []string{i.UserName, i.InvokedBy, parts[len(parts)-1]} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return ""
}

// isAutoScaling reports whether Auto Scaling made the call, in its own name or with its
// service-linked role.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html
func (i identity) isAutoScaling() bool {
	return i.InvokedBy == "autoscaling.amazonaws.com" || strings.Contains(i.ARN, "/AWSServiceRoleForAutoScaling")
}
