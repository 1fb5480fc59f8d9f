// Package ecs reads the events of Amazon ECS.
package ecs

import "github.com/extraeye/extraeye/lambda/event"

// Decoders are what reads the events of Amazon ECS, by detail-type.
var Decoders = event.Decoders{
	"ECS Task State Change":       decodeTask,
	"ECS Deployment State Change": decodeDeployment,
	"ECS Service Action":          decodeService,
}
