// Package autoscaling reads the events of Amazon EC2 Auto Scaling.
package autoscaling

import "github.com/extraeye/extraeye/lambda/event"

// Decoders are what reads the events of Amazon EC2 Auto Scaling, by detail-type.
var Decoders = event.Decoders{
	"EC2 Instance Terminate Successful":                    decodeTermination,
	"EC2 Instance Terminate Unsuccessful":                  decodeTermination,
	"EC2 Instance Launch Successful":                       decodeLaunch,
	"EC2 Instance Launch Unsuccessful":                     decodeLaunch,
	"EC2 Instance-launch Lifecycle Action":                 decodeLifecycle,
	"EC2 Instance-terminate Lifecycle Action":              decodeLifecycle,
	"EC2 Auto Scaling Instance Refresh Started":            decodeInstanceRefresh,
	"EC2 Auto Scaling Instance Refresh Succeeded":          decodeInstanceRefresh,
	"EC2 Auto Scaling Instance Refresh Failed":             decodeInstanceRefresh,
	"EC2 Auto Scaling Instance Refresh Cancelled":          decodeInstanceRefresh, //nolint:misspell // as AWS spells it
	"EC2 Auto Scaling Instance Refresh Checkpoint Reached": decodeInstanceRefresh,
	"EC2 Auto Scaling Instance Refresh Started Baking":     decodeInstanceRefresh,
	"EC2 Auto Scaling Instance Refresh Rollback Started":   decodeInstanceRefresh,
	"EC2 Auto Scaling Instance Refresh Rollback Succeeded": decodeInstanceRefresh,
	"EC2 Auto Scaling Instance Refresh Rollback Failed":    decodeInstanceRefresh,
}
