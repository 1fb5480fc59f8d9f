// Package decode picks what reads an event: by the service that sent it and its
// detail-type, or the watch's own pattern.
package decode

import (
	"encoding/json"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/cloudwatch"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/ecs"
	"github.com/extraeye/extraeye/lambda/event/health"
)

// services are the services whose events can be read, by source.
var services = map[string]event.Decoders{
	"aws.autoscaling": autoscaling.Decoders,
	"aws.cloudwatch":  cloudwatch.Decoders,
	"aws.codedeploy":  codedeploy.Decoders,
	"aws.ec2":         ec2.Decoders,
	"aws.ecs":         ecs.Decoders,
	"aws.health":      health.Decoders,
}

// Decode reads an event for a watch. It never fails: what it cannot read has an
// [Unknown] subject.
func Decode(raw json.RawMessage, watch wire.Watch) *event.Event {
	e, fields, ok := event.Read(raw, watch)
	if !ok {
		e.Subject = &Unknown{Reason: "it is not a JSON object"}
		return e
	}
	decode, known := services[e.Source][e.DetailType]
	detail := fields.Object("detail")
	switch {
	case watch.Pattern != nil:
		e.Subject = &PatternMatch{event: fields}
	case !known:
		e.Subject = &Unknown{Reason: "events of this source and detail-type are not known"}
	case detail == nil:
		e.Subject = &Unknown{Reason: "its detail is not a JSON object"}
	default:
		e.Subject = decode(e, detail)
	}
	return e
}
