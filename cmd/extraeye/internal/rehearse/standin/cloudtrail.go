package standin

import (
	"encoding/json"

	"github.com/extraeye/extraeye/internal/wire"
)

// lookupEvents says that Alice made the deployments that a user made.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudtrail.html
func (s Scene) lookupEvents(r request) answer {
	var in struct{ StartTime, EndTime float64 }
	json.Unmarshal(r.body, &in)
	event := s.subject()
	events := []any{}
	for _, d := range s.deployments() {
		at := seconds(d.created)
		if d.creator != wire.CreatorUser || at < in.StartTime || in.EndTime > 0 && at > in.EndTime {
			continue
		}
		record, _ := json.Marshal(map[string]any{
			"eventVersion": "1.08",
			"userIdentity": map[string]any{
				"type": "IAMUser", "principalId": "AIDAEXAMPLE1234567890", "arn": "arn:aws:iam::" + event.Account + ":user/alice",
				"accountId": event.Account, "userName": "alice",
			},
			"eventTime": d.created.UTC().Format("2006-01-02T15:04:05Z"), "eventSource": "codedeploy.amazonaws.com",
			"eventName": "CreateDeployment", "awsRegion": event.Region, "sourceIPAddress": "203.0.113.11",
			"requestParameters": map[string]any{"applicationName": d.application, "deploymentGroupName": d.group},
			"responseElements":  map[string]any{"deploymentId": d.id},
			"eventID":           requestID, "eventType": "AwsApiCall", "recipientAccountId": event.Account,
		})
		events = append(events, map[string]any{
			"EventId": requestID, "EventName": "CreateDeployment", "EventTime": at, "EventSource": "codedeploy.amazonaws.com",
			"ReadOnly": "false", "Username": "alice", "Resources": []any{}, "CloudTrailEvent": string(record),
		})
	}
	return jsonAnswer(map[string]any{"Events": events})
}
