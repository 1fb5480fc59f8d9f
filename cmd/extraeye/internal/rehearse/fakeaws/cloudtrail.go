package fakeaws

import (
	"encoding/json"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/internal/wire"
)

func init() { operations["cloudtrail.LookupEvents"] = Account.lookupEvents }

// lookupEvents says that Alice made the deployments that a user made.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudtrail.html
func (a Account) lookupEvents(r Request) answer.Answer {
	var in struct{ StartTime, EndTime float64 }
	r.read(&in)
	events := []any{}
	for _, d := range a.deployments() {
		if d.creator != wire.CreatorUser || !(timeRange{in.StartTime, in.EndTime}).has(d.created) {
			continue
		}
		record, _ := json.Marshal(map[string]any{
			"eventVersion": "1.08",
			"userIdentity": map[string]any{
				"type": "IAMUser", "principalId": "AIDAEXAMPLE1234567890", "arn": "arn:aws:iam::" + a.event.Account + ":user/alice",
				"accountId": a.event.Account, "userName": "alice",
			},
			"eventTime": d.created.UTC().Format("2006-01-02T15:04:05Z"), "eventSource": "codedeploy.amazonaws.com",
			"eventName": "CreateDeployment", "awsRegion": a.event.Region, "sourceIPAddress": "203.0.113.11",
			"requestParameters": map[string]any{"applicationName": d.application, "deploymentGroupName": d.group},
			"responseElements":  map[string]any{"deploymentId": d.id},
			"eventID":           RequestID, "eventType": "AwsApiCall", "recipientAccountId": a.event.Account,
		})
		events = append(events, map[string]any{
			"EventId": RequestID, "EventName": "CreateDeployment", "EventTime": seconds(d.created), "EventSource": "codedeploy.amazonaws.com",
			"ReadOnly": "false", "Username": "alice", "Resources": []any{}, "CloudTrailEvent": string(record),
		})
	}
	return jsonAnswer(map[string]any{"Events": events})
}
