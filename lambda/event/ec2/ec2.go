// Package ec2 reads the events of Amazon EC2.
package ec2

import "github.com/extraeye/extraeye/lambda/event"

// Decoders are what reads the events of Amazon EC2, by detail-type.
var Decoders = event.Decoders{
	"EC2 Instance State-change Notification": decodeInstanceStateChange,
	"EC2 Spot Instance Interruption Warning": decodeSpotInterruption,
	"EC2 Instance Rebalance Recommendation":  decodeSpotInterruption,
}
