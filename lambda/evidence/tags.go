package evidence

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/cloudwatch"
	"github.com/extraeye/extraeye/lambda/retry"
)

const (
	// tagsFresh is how long the tag of a thing is not asked for again: whose a thing is
	// changes rarely.
	tagsFresh = 5 * time.Minute
	// maxTags is how many tags are kept.
	maxTags = 2000
)

// tags are the tags that were asked for in the last minutes. The zero value is ready.
type tags struct {
	sync.Mutex
	known map[tagQuestion]knownTag
}

type tagQuestion struct {
	spot
	key   string
	thing wire.Thing
}

type knownTag struct {
	value, problem string
	asked          time.Time
}

// Tag returns the value of a tag of what an event is about, or a problem. It takes as long as
// all look-ups for an event may.
func (l *Lookups) Tag(ctx context.Context, e *event.Event, key string) (value, problem string) {
	thing := tagged(e)
	if value, ok := sentTag(e, key); ok || thing.Name == "" {
		return value, ""
	}
	q := tagQuestion{spotOf(e), key, thing}
	if t, ok := l.tags.recent(q); ok && !l.Unshared {
		return t.value, t.problem
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	value, problem = l.askTag(l.at(ctx, spotOf(e)), e, thing, key)
	l.tags.keep(q, knownTag{value, problem, retry.WallClock()})
	return value, problem
}

// recent returns a tag that was asked for a short while ago. After a failure it is asked for
// again sooner.
func (t *tags) recent(q tagQuestion) (knownTag, bool) {
	t.Lock()
	defer t.Unlock()
	known, ok := t.known[q]
	long := tagsFresh
	if known.problem != "" {
		long = fresh
	}
	return known, ok && within(known.asked, retry.WallClock(), long)
}

func (t *tags) keep(q tagQuestion, answer knownTag) {
	t.Lock()
	defer t.Unlock()
	if len(t.known) >= maxTags {
		t.known = nil // which is asked for again
	}
	if t.known == nil {
		t.known = map[tagQuestion]knownTag{}
	}
	t.known[q] = answer
}

// tagged is what an event is about that has tags.
func tagged(e *event.Event) (thing wire.Thing) {
	if all := e.Things(); len(all) > 0 {
		thing = all[0]
	}
	return thing
}

// sentTag is a tag that the event has with it: alarms may send theirs.
func sentTag(e *event.Event, key string) (value string, ok bool) {
	alarm, isAlarm := e.Subject.(*cloudwatch.Alarm)
	if !isAlarm {
		return "", false
	}
	for _, line := range alarm.Tags {
		if value, ok := strings.CutPrefix(line, key+": "); ok {
			return value, true
		}
	}
	return "", false
}

// askTag asks the service of a thing.
func (l *Lookups) askTag(ctx context.Context, e *event.Event, thing wire.Thing, key string) (value, problem string) {
	switch thing.Kind {
	case wire.AutoScalingGroup:
		return l.tagOfGroup(ctx, e.Region, thing.Name, key)
	case wire.CodeDeployApplication:
		return l.tagByARN(ctx, codeDeployTarget, "CodeDeploy", "codedeploy", "ResourceArn", "Tags", key, of(ctx, e, "codedeploy", "application:"+thing.Name))
	case wire.ECSService:
		return l.tagByARN(ctx, ecsTarget, "ECS", "ecs", "resourceArn", "tags", key, of(ctx, e, "ecs", "service/"+thing.Name))
	case wire.ECSCluster:
		return l.tagByARN(ctx, ecsTarget, "ECS", "ecs", "resourceArn", "tags", key, of(ctx, e, "ecs", "cluster/"+thing.Name))
	case wire.Alarm:
		return l.tagOfAlarm(ctx, e, thing.Name, key)
	}
	return "", ""
}

// of is the ARN of a thing in the account and Region of an event.
func of(ctx context.Context, e *event.Event, service, resource string) arn.ARN {
	partition := "aws"
	if own, known := awsapi.Own(ctx); known {
		partition = own.Partition
	}
	return arn.ARN{Partition: partition, Service: service, Region: e.Region, AccountID: e.Account, Resource: resource}
}

// aTag is a tag as answers have it, in either spelling.
type aTag struct {
	Key   string `json:"Key" xml:"Key"`
	Value string `json:"Value" xml:"Value"`
}

func valueOf(all []aTag, key string) string {
	for _, t := range all {
		if t.Key == key {
			return t.Value
		}
	}
	return ""
}

// tagOfGroup asks Auto Scaling.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html
func (l *Lookups) tagOfGroup(ctx context.Context, region, group, key string) (value, problem string) {
	var answer struct {
		Tags []aTag `xml:"DescribeTagsResult>Tags>member"`
	}
	problem = l.autoScaling(ctx, region, "DescribeTags", url.Values{
		"Filters.member.1.Name": {"auto-scaling-group"}, "Filters.member.1.Values.member.1": {group},
		"Filters.member.2.Name": {"key"}, "Filters.member.2.Values.member.1": {key},
	}, &answer)
	return valueOf(answer.Tags, key), problem
}

// tagByARN asks a service that answers in JSON for the tags of an ARN.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListTagsForResource.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
func (l *Lookups) tagByARN(ctx context.Context, target, service, name, parameter, member, key string, of arn.ARN) (value, problem string) {
	call := awsapi.Call{Service: name, Operation: "ListTagsForResource", Region: of.Region}
	var answer map[string]json.RawMessage
	if problem = l.json(ctx, call, service, target, map[string]string{parameter: of.String()}, member, &answer); problem != "" {
		return "", problem
	}
	var all []aTag // encoding/json takes "key" for "Key"
	_ = json.Unmarshal(answer[member], &all)
	return valueOf(all, key), ""
}

// cloudWatchVersion is the version of CloudWatch's API.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListTagsForResource.html
const cloudWatchVersion = "2010-08-01"

func (l *Lookups) tagOfAlarm(ctx context.Context, e *event.Event, name, key string) (value, problem string) {
	call := awsapi.Call{Service: "monitoring", Operation: "ListTagsForResource", Region: e.Region}
	var answer struct {
		Tags []aTag `xml:"ListTagsForResourceResult>Tags>member"`
	}
	if err := l.query(ctx, call, cloudWatchVersion, url.Values{"ResourceARN": {of(ctx, e, "cloudwatch", "alarm:"+name).String()}}, &answer); err != nil {
		return "", l.problem(call, "CloudWatch", err)
	}
	return valueOf(answer.Tags, key), ""
}
