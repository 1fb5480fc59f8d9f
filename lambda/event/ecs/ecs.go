// Package ecs reads the events of Amazon ECS.
package ecs

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
)

// Decoders are what reads the events of Amazon ECS, by detail-type.
var Decoders = event.Decoders{
	"ECS Task State Change":       decodeTask,
	"ECS Deployment State Change": decodeDeployment,
	"ECS Hook State Change":       decodeHook,
	"ECS Service Action":          decodeService,
}

// serviceOf names the service that an event is about, and its cluster. The ARN ends in
// service/CLUSTER/NAME, or in service/NAME for accounts that keep the old form; newer fields
// of the detail may name what it does not.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
func serviceOf(e *event.Event, detail event.Fields) (cluster, service string) {
	service = e.Resource(":service/")
	if c, s, long := strings.Cut(service, "/"); long {
		cluster, service = c, s
	}
	cluster = cmp.Or(cluster, lastPart(detail.Text("clusterArn")))
	service = cmp.Or(service, lastPart(cmp.Or(detail.Text("serviceName"), detail.Text("service"))))
	return cluster, service
}

// lastPart returns what follows the last slash of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// serviceKey identifies a service for [notice.Notice.Key].
func serviceKey(e *event.Event, cluster, service string) string {
	return e.Key("ecs", cluster+"/"+service)
}

// kindAndName is "cluster prod", or "an unnamed cluster".
func kindAndName(kind, name string) string {
	if name == "" {
		return "an unnamed " + kind
	}
	return kind + " " + name
}
