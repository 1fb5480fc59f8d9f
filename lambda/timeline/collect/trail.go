package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// cloudTrailTarget names CloudTrail's API and its version.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
const cloudTrailTarget = "CloudTrail_20131101"

const (
	// maxResources is how many things CloudTrail is asked about, for it answers slowly: each is a
	// call and more.
	maxResources = 20
	// maxTrailPages is how many pages of one thing are read.
	maxTrailPages = 10
)

// trailEvent is a call, and what was asked about.
type trailEvent struct {
	evidence.TrailEvent
	about string
}

// readTrail reads who deployed, and who changed the service's groups, services and alarms.
func (r *reader) readTrail(ctx context.Context) {
	if len(r.scope.Applications) > 0 {
		r.lookupEvents(ctx, "EventName", "CreateDeployment")
	}
	r.readRequests(ctx)
	resources := r.resources()
	if len(resources) > maxResources {
		r.problemf("CloudTrail events: asked about the first %d of %d names", maxResources, len(resources))
		resources = resources[:maxResources]
	}
	for _, name := range resources {
		r.lookupEvents(ctx, "ResourceName", name)
	}
}

// maxRequests is how many instances CloudTrail is asked about.
const maxRequests = 10

// readRequests reads who terminated or stopped the instances that Auto Scaling found so.
func (r *reader) readRequests(ctx context.Context) {
	r.requests = map[string]event.Finding[autoscaling.Request]{}
	for _, a := range r.activities {
		at, id := a.start(), a.instance()
		if id == "" || at.Before(r.from) || at.After(r.to) || !strings.Contains(a.Cause, "terminated or stopped") {
			continue
		}
		if len(r.requests) == maxRequests {
			r.problemf("CloudTrail events: asked about the last %d instances that somebody terminated or stopped", maxRequests)
			return
		}
		if r.paces["cloudtrail"].wait(ctx) != nil {
			return // which is said of the calls after it
		}
		r.requests[id] = r.lookups.RequestedBy(ctx, r.Region, id, at)
	}
}

// resources are the names by which CloudTrail knows what belongs to the service.
func (r *reader) resources() []string {
	names := slices.Concat(r.scope.Groups, r.scope.Alarms)
	for _, a := range r.scope.Applications {
		names = append(names, a.Name)
	}
	for _, s := range r.scope.ECSServices {
		names = append(names, s.Name)
	}
	names = slices.DeleteFunc(names, open)
	slices.Sort(names)
	return slices.Compact(names)
}

// lookupEvents reads the calls that have an attribute.
func (r *reader) lookupEvents(ctx context.Context, attribute, value string) {
	type lookupAttribute struct{ AttributeKey, AttributeValue string }
	call, n := call("cloudtrail", "LookupEvents"), 0
	r.pages(ctx, call, "CloudTrail events of "+value, func(ctx context.Context, token string) (string, error) {
		in := struct {
			LookupAttributes   []lookupAttribute
			StartTime, EndTime float64
			MaxResults         int
			NextToken          string `json:",omitempty"`
		}{[]lookupAttribute{{attribute, value}}, epoch(r.from), epoch(r.to), 50, token}
		var page struct {
			Events    []json.RawMessage
			NextToken string
		}
		err := r.json(ctx, call, cloudTrailTarget, in, &page)
		for _, raw := range page.Events {
			r.trail = append(r.trail, trailEvent{evidence.ReadTrailEvent(raw), value})
		}
		if n++; n == maxTrailPages && page.NextToken != "" {
			r.problemf("CloudTrail events of %s: only the newest %d were read", value, n*50)
			return "", err
		}
		return page.NextToken, err
	})
}

// creators are the names of those who made deployments, by its id.
func (r *reader) creators() map[string]string {
	names := map[string]string{}
	for _, e := range r.trail {
		if e.Deployment != "" {
			names[e.Deployment] = e.By
		}
	}
	return names
}

// trailRows are the rows of what somebody changed. Who deployed is in the row of the deployment.
func (r *reader) trailRows() []timeline.Row {
	var rows []timeline.Row
	for _, e := range r.trail {
		if e.ReadOnly || e.ByAWS || e.Deployment != "" || e.Call == "" {
			continue
		}
		row := timeline.Row{
			Start: e.At, End: e.At, Lane: timeline.Account, Kind: timeline.KindChange, Severity: notice.Info, Status: notice.Marker,
			Source: timeline.FromAPI, ID: e.ID, Key: fmt.Sprintf("cloudtrail:%s:%s:%s", r.Account, r.Region, e.ID),
			Title: notice.Line(event.Joined(" by ", e.Call+" of "+e.about, e.By)),
			Facts: []notice.Fact{{Label: "Call", Value: notice.Line(awsapi.Call{Service: e.Service, Operation: e.Call}.String())}},
			Link:  notice.Link{Label: "CloudTrail", URL: event.ConsoleFor(r.Region).TrailEvent(e.ID)},
		}
		if e.Error != "" {
			row.Title, row.Severity = row.Title+" failed: "+notice.Line(e.Error), notice.Warning
		}
		rows = append(rows, row)
	}
	return rows
}
