// Package codedeploy reads the events of AWS CodeDeploy.
package codedeploy

import "github.com/extraeye/extraeye/lambda/event"

// Decoders are what reads the events of AWS CodeDeploy, by detail-type.
var Decoders = event.Decoders{
	"CodeDeploy Deployment State-change Notification": decodeDeployment,
	"CodeDeploy Instance State-change Notification":   decodeDeploymentInstance,
}

// groupKey identifies a deployment group for [notice.Notice.Key].
func groupKey(e *event.Event, application, group string) string {
	return e.Key("codedeploy", application+"/"+group)
}
