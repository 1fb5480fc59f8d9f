package collect

import (
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// autoScalingVersion is the version of Auto Scaling's API.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
const autoScalingVersion = "2011-01-01"

// activity is a scaling activity. All members are read as text.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html
type activity struct {
	ID          string `xml:"ActivityId"`
	Group       string `xml:"AutoScalingGroupName"`
	Description string `xml:"Description"`
	Cause       string `xml:"Cause"`
	Start       string `xml:"StartTime"`
	End         string `xml:"EndTime"`
	Status      string `xml:"StatusCode"`
	Message     string `xml:"StatusMessage"`
	Details     string `xml:"Details"`
}

// readActivities reads what the groups did, deleted groups included.
func (r *reader) readActivities(ctx context.Context) {
	perGroup := make([][]activity, len(r.scope.Groups))
	if slices.ContainsFunc(r.scope.Groups, open) {
		var all []activity
		all, r.whole = r.groupActivities(ctx, "")
		r.activities = slices.DeleteFunc(all, func(a activity) bool {
			return !slices.ContainsFunc(r.scope.Groups, func(pattern string) bool { return Matches(pattern, a.Group) })
		})
		return
	}
	whole := make([]bool, len(perGroup))
	each(ctx, indices(perGroup), func(ctx context.Context, i int) {
		perGroup[i], whole[i] = r.groupActivities(ctx, r.scope.Groups[i])
	})
	r.activities, r.whole = slices.Concat(perGroup...), !slices.Contains(whole, false)
	if !r.Brief {
		r.readConsoles(ctx)
	}
}

// indices are 0, 1, 2, … of a list.
func indices[T any](all []T) []int {
	var n []int
	for i := range all {
		n = append(n, i)
	}
	return n
}

// groupActivities reads what one group did, or every group if it has no name, the newest first.
// whole is false if not all could be read.
func (r *reader) groupActivities(ctx context.Context, group string) (found []activity, whole bool) {
	whole = r.eachActivity(ctx, group, r.from.Add(-before), r.to, func(a activity) bool {
		found = append(found, a)
		return true
	})
	return found, whole
}

// eachActivity calls use for activities between two times, the newest first, until it returns
// false.
func (r *reader) eachActivity(ctx context.Context, group string, from, to time.Time, use func(activity) bool) (whole bool) {
	call, filtered := call("autoscaling", "DescribeScalingActivities"), true
	return r.pages(ctx, call, "activities of "+cmp.Or(group, "all groups"), func(ctx context.Context, token string) (string, error) {
		page, err := r.activityPage(ctx, call, group, from, to, filtered, token)
		if filtered && refusedParameter(err) { // the filters are new in 2026
			filtered = false
			page, err = r.activityPage(ctx, call, group, from, to, filtered, token)
		}
		for _, a := range page.Activities {
			switch at := instant(a.Start); {
			case at.Before(from) && !at.IsZero() && a.ended():
				return "", err // those that have not ended come first, and then the newest
			case !at.After(to) && !use(a):
				return "", err
			}
		}
		return page.Next, err
	})
}

// activityPage is a page of DescribeScalingActivities' answer.
type activityPage struct {
	XMLName    xml.Name   `xml:"DescribeScalingActivitiesResponse"`
	Next       string     `xml:"DescribeScalingActivitiesResult>NextToken"`
	Activities []activity `xml:"DescribeScalingActivitiesResult>Activities>member"`
}

// activityPage reads a page. Auto Scaling refuses times without a zone.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
func (r *reader) activityPage(ctx context.Context, call awsapi.Call, group string, from, to time.Time, filtered bool, token string) (page activityPage, err error) {
	in := url.Values{"IncludeDeletedGroups": {"true"}, "MaxRecords": {"100"}}
	if group != "" {
		in.Set("AutoScalingGroupName", group)
	}
	if token != "" {
		in.Set("NextToken", token)
	}
	if filtered {
		in.Set("Filters.member.1.Name", "StartTimeLowerBound")
		in.Set("Filters.member.1.Values.member.1", from.UTC().Format(time.RFC3339))
		in.Set("Filters.member.2.Name", "StartTimeUpperBound")
		in.Set("Filters.member.2.Values.member.1", to.UTC().Add(time.Second).Format(time.RFC3339))
	}
	err = r.query(ctx, call, autoScalingVersion, in, &page)
	return page, err
}

// instant reads a time, the zero time for anything else.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// The ways in which Auto Scaling begins the description of an activity.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
const (
	terminating = "Terminating EC2 instance"
	launching   = "Launching a new EC2 instance"
)

// instance returns the instance that an activity is about, "" if it names none: what follows the
// colon in "Terminating EC2 instance: i-… - Waiting For ELB connection draining.".
func (a activity) instance() string {
	_, rest, _ := strings.Cut(a.Description, ": ")
	id, _, _ := strings.Cut(rest, " ")
	if !strings.HasPrefix(id, "i-") {
		return ""
	}
	return strings.TrimRight(id, ".")
}

// start is when an activity began, or else ended; the zero time if neither is known.
func (a activity) start() time.Time { return event.FirstKnown(instant(a.Start), instant(a.End)) }

// failed reports whether an activity did not do what it was to.
func (a activity) failed() bool { return a.Status == "Failed" || a.Status == "Cancelled" } //nolint:misspell // as AWS spells it

// ended reports whether an activity is over.
func (a activity) ended() bool { return a.failed() || a.Status == "Successful" || a.End != "" }

// detailType is that of the event that EventBridge sent, "" if it sent none.
func (a activity) detailType() string {
	var kind string
	switch {
	case strings.HasPrefix(a.Description, terminating):
		kind = "Terminate"
	case strings.HasPrefix(a.Description, launching) && a.ended():
		kind = "Launch"
	default:
		return ""
	}
	if a.failed() {
		return "EC2 Instance " + kind + " Unsuccessful"
	}
	return "EC2 Instance " + kind + " Successful"
}

// activityRows are the rows of what the groups did.
func (r *reader) activityRows() []timeline.Row {
	byGroup := map[string][]activity{}
	for _, a := range r.activities {
		byGroup[a.Group] = append(byGroup[a.Group], a)
	}
	rows := make([]timeline.Row, 0, len(r.activities))
	releases := slices.DeleteFunc(r.releases(), func(d codedeploy.DeploymentInfo) bool { return slices.Contains(wire.NoisyCreators(), d.Creator) })
	for _, all := range byGroup {
		slices.SortStableFunc(all, func(a, b activity) int { return b.start().Compare(a.start()) })
		history := make([]autoscaling.Activity, 0, len(all))
		for _, a := range all {
			history = append(history, autoscaling.Activity{ID: a.ID, Description: a.Description, Cause: a.Cause, Status: a.Status, Started: a.start()})
		}
		for i, a := range all {
			if a.ended() && !a.start().IsZero() && a.start().Before(r.from) && instant(a.End).Before(r.from) {
				continue
			}
			rows = append(rows, r.activityRow(a, history[i:], releases))
		}
	}
	return rows
}

// maxEarlier is how many earlier activities are counted for a row: as many as for a notice.
const maxEarlier = 100

// activityRow is the row of an activity. The history begins with it and goes back in time.
func (r *reader) activityRow(a activity, history []autoscaling.Activity, releases []codedeploy.DeploymentInfo) timeline.Row {
	started := event.FirstKnown(a.start(), r.from)
	kind := a.detailType()
	if kind == "" {
		return r.otherActivity(a)
	}
	e := r.event(envelope{
		ID: a.ID, Source: "aws.autoscaling", DetailType: kind, Time: event.FirstKnown(instant(a.End), started),
		Detail: map[string]any{
			"ActivityId": a.ID, "AutoScalingGroupName": a.Group, "EC2InstanceId": a.instance(), "Cause": a.Cause,
			"StartTime": a.Start, "EndTime": a.End, "StatusCode": a.Status, "StatusMessage": a.Message,
			"Description": a.Description, "Details": jsonOrNull(a.Details),
		},
	})
	if t, ok := e.Subject.(*autoscaling.Termination); ok {
		earlier := history[:min(len(history), maxEarlier)]
		t.Activities = event.Found(autoscaling.ScalingActivities{Activities: earlier, Complete: r.whole && len(earlier) == len(history)})
		t.Console, t.Request = r.consoles[t.InstanceID], r.requests[t.InstanceID]
		if len(r.scope.Applications) > 0 {
			t.Releases = event.Found(madeBefore(releases, started))
		}
	}
	row := timeline.FromNotice(e.Notice(r.now), timeline.FromAPI)
	row.Start, row.End = started, started
	if row.Kind == notice.KindLaunch && !a.failed() {
		row.End = event.FirstKnown(instant(a.End), started)
	}
	return row
}

// otherActivity is the row of an activity that no event is about, or not yet.
func (r *reader) otherActivity(a activity) timeline.Row {
	row := timeline.Row{
		Start: event.FirstKnown(a.start(), r.from), End: instant(a.End), Lane: timeline.Instances, Kind: timeline.KindChange,
		Severity: notice.Info, Status: notice.Marker, Source: timeline.FromAPI, ID: a.ID, Facts: []notice.Fact{},
		Title: notice.Line(a.Description),
		Key:   fmt.Sprintf("autoscaling:%s:%s:%s:%s", r.Account, r.Region, a.Group, a.ID),
		Link:  notice.Link{Label: "Group activity", URL: event.ConsoleFor(r.Region).GroupActivity(a.Group)},
	}
	if a.failed() {
		row.Severity = notice.Warning
	}
	for _, f := range []notice.Fact{{Label: "Group", Value: a.Group}, {Label: "Status", Value: a.Status}, {Label: "Cause", Value: a.Cause}, {Label: "AWS says", Value: a.Message}} {
		if f.Value = notice.Block(f.Value); f.Value != "" {
			row.Facts = append(row.Facts, f)
		}
	}
	return row
}

// jsonOrNull is JSON within a text.
func jsonOrNull(text string) json.RawMessage {
	if !json.Valid([]byte(text)) {
		return nil
	}
	return json.RawMessage(text)
}

// maxReleases is how many earlier releases a row may say that it came after.
const maxReleases = 10

// madeBefore returns the last releases of the day before a time, the newest first, of all in that
// order.
func madeBefore(releases []codedeploy.DeploymentInfo, at time.Time) []codedeploy.DeploymentInfo {
	first, _ := slices.BinarySearchFunc(releases, at, func(d codedeploy.DeploymentInfo, at time.Time) int { return at.Compare(d.Created) })
	last := first
	for last < len(releases) && last-first < maxReleases && releases[last].Created.After(at.Add(-day)) {
		last++
	}
	return releases[first:last:last]
}
