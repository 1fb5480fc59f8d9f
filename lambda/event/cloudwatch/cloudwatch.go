// Package cloudwatch reads the events of Amazon CloudWatch.
package cloudwatch

import "github.com/extraeye/extraeye/lambda/event"

// Decoders are what reads the events of Amazon CloudWatch, by detail-type.
var Decoders = event.Decoders{
	"CloudWatch Alarm State Change":             decodeAlarm,
	"CloudWatch Alarm Contributor State Change": decodeAlarm,
}
