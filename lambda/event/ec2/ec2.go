// Package ec2 reads the events of Amazon EC2.
package ec2

import "github.com/extraeye/extraeye/lambda/event"

// Decoders read the events of Amazon EC2, by detail-type. Capacity Block warnings have two
// names in AWS's documentation.
//
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ec2.html
var Decoders = event.Decoders{
	"EC2 Instance State-change Notification":                 decodeInstanceStateChange,
	"EC2 Spot Instance Interruption Warning":                 decodeInterruption,
	"EC2 Instance Rebalance Recommendation":                  decodeInterruption,
	"EC2 Capacity Reservation Instance Interruption Warning": decodeInterruption,
	"Capacity Block Expiration Warning":                      decodeCapacityBlock,
	"Capacity Block Reservation Expiration Warning":          decodeCapacityBlock,
}
