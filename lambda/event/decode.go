package event

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// decoders are the events that can be read, by source and detail-type.
var decoders = map[[2]string]func(*Event, fields) Subject{
	{"aws.autoscaling", "EC2 Instance Terminate Successful"}:                    decodeTermination,
	{"aws.autoscaling", "EC2 Instance Terminate Unsuccessful"}:                  decodeTermination,
	{"aws.autoscaling", "EC2 Instance Launch Successful"}:                       decodeLaunch,
	{"aws.autoscaling", "EC2 Instance Launch Unsuccessful"}:                     decodeLaunch,
	{"aws.autoscaling", "EC2 Instance-launch Lifecycle Action"}:                 decodeLifecycle,
	{"aws.autoscaling", "EC2 Instance-terminate Lifecycle Action"}:              decodeLifecycle,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Started"}:            decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Succeeded"}:          decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Failed"}:             decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Cancelled"}:          decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Checkpoint Reached"}: decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Started Baking"}:     decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Rollback Started"}:   decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Rollback Succeeded"}: decodeRefresh,
	{"aws.autoscaling", "EC2 Auto Scaling Instance Refresh Rollback Failed"}:    decodeRefresh,
	{"aws.codedeploy", "CodeDeploy Deployment State-change Notification"}:       decodeDeployment,
	{"aws.codedeploy", "CodeDeploy Instance State-change Notification"}:         decodeDeploymentInstance,
	{"aws.ec2", "EC2 Instance State-change Notification"}:                       decodeInstance,
	{"aws.ec2", "EC2 Spot Instance Interruption Warning"}:                       decodeSpot,
	{"aws.ec2", "EC2 Instance Rebalance Recommendation"}:                        decodeSpot,
	{"aws.ecs", "ECS Task State Change"}:                                        decodeTask,
	{"aws.ecs", "ECS Deployment State Change"}:                                  decodeECSDeployment,
	{"aws.ecs", "ECS Service Action"}:                                           decodeECSService,
	{"aws.cloudwatch", "CloudWatch Alarm State Change"}:                         decodeAlarm,
	{"aws.health", "AWS Health Event"}:                                          decodeHealth,
	{"aws.health", "AWS Health Abuse Event"}:                                    decodeHealth,
}

// Decode reads an event for a watch. It never fails: what it cannot read has an
// [Unknown] subject.
func Decode(raw json.RawMessage, watch wire.Watch) *Event {
	e := &Event{Watch: watch, raw: raw}
	f, ok := object(raw)
	if !ok {
		e.ID = digest(raw)
		e.Subject = &Unknown{Reason: "it is not a JSON object"}
		return e
	}
	e.ID = f.text("id")
	if e.ID == "" {
		e.ID = digest(raw)
	}
	e.DetailType = f.text("detail-type")
	e.Source = f.text("source")
	e.Account = f.text("account")
	e.Time = f.time("time")
	e.Resources = f.texts("resources")
	e.Region = f.text("region")
	if e.Region == "" {
		e.Region = e.fromARN(3)
	}
	if e.Account == "" {
		e.Account = e.fromARN(4)
	}

	decode, known := decoders[[2]string{e.Source, e.DetailType}]
	detail, ok := object(f["detail"])
	switch {
	case watch.Pattern != nil:
		e.Subject = &Match{event: f}
	case !known:
		e.Subject = &Unknown{Reason: "events of this source and detail-type are not known"}
	case !ok:
		e.Subject = &Unknown{Reason: "its detail is not a JSON object"}
	default:
		e.Subject = decode(e, detail)
	}
	return e
}

// Notice writes the event, and the evidence gathered by now, as a notice.
func (e *Event) Notice(now time.Time) *notice.Notice {
	n := &notice.Notice{
		ID:      e.ID,
		Time:    e.Time,
		Account: e.Account,
		Region:  e.Region,
		Alias:   e.Alias.Value,
		Service: e.Watch.Service,
		Facts:   []notice.Fact{},
		Links:   []notice.Link{},
		Event:   e.raw,
	}
	if !json.Valid(e.raw) {
		n.Event, _ = json.Marshal(string(e.raw))
	}
	e.Subject.tell(n, e, now)
	n.Title = strings.Join(strings.Fields(n.Title), " ")
	n.Summary = strings.Join(strings.Fields(n.Summary), " ")
	return n
}

// fromARN returns part i of the first resource that has it. An ARN is
// arn:partition:service:region:account:resource.
func (e *Event) fromARN(i int) string {
	for _, r := range e.Resources {
		if parts := strings.SplitN(r, ":", 6); len(parts) == 6 && parts[0] == "arn" && parts[i] != "" {
			return parts[i]
		}
	}
	return ""
}

// resource returns what follows the marker in the first resource that has it,
// whatever the order of the resources.
func (e *Event) resource(marker string) string {
	for _, r := range e.Resources {
		if _, name, ok := strings.Cut(r, marker); ok {
			return name
		}
	}
	return ""
}

// digest names an event that came without an id by its content, so that a
// repeated delivery still has the same id.
func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return "sha256-" + hex.EncodeToString(sum[:8])
}

// fields is a JSON object whose values are read without trusting their types.
type fields map[string]json.RawMessage

func object(raw json.RawMessage) (fields, bool) {
	var f fields
	err := json.Unmarshal(raw, &f)
	return f, err == nil && f != nil
}

// text returns a string, number or boolean as text, and "" for anything else.
func (f fields) text(key string) string { return text(f[key]) }

func text(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return strings.TrimSpace(s)
	case '{', '[', 'n':
		return ""
	default:
		return string(raw)
	}
}

// texts returns the elements of an array that are text; a lone text is an array of one.
func (f fields) texts(key string) []string {
	var elements []json.RawMessage
	if json.Unmarshal(f[key], &elements) != nil {
		elements = []json.RawMessage{f[key]}
	}
	var all []string
	for _, e := range elements {
		if t := text(e); t != "" {
			all = append(all, t)
		}
	}
	return all
}

// object returns a nested object, empty if there is none.
func (f fields) object(key string) fields {
	o, _ := object(f[key])
	return o
}

// timeLayouts are the ways in which AWS writes times in events.
var timeLayouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999Z0700", // CloudWatch alarms: +0000
	"Mon, 02 Jan 2006 15:04:05 GMT",      // AWS Health; of other zones' names nobody knows the offset
	time.RFC1123Z,
}

// time returns a time, or the zero time for what is none.
func (f fields) time(key string) time.Time {
	s := f.text(key)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
