package assembly

import "strings"

// kinds are the services that can be targets, by their name in ARNs.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
var kinds = map[string]string{
	"batch":                  "AWS::Batch::JobQueue",
	"codebuild":              "AWS::CodeBuild::Project",
	"codepipeline":           "AWS::CodePipeline::Pipeline",
	"ecs":                    "AWS::ECS::Cluster",
	"events:api-destination": "AWS::Events::ApiDestination",
	"events:event-bus":       "AWS::Events::EventBus",
	"execute-api":            "AWS::ApiGateway::RestApi",
	"firehose":               "AWS::KinesisFirehose::DeliveryStream",
	"kinesis":                "AWS::Kinesis::Stream",
	"lambda":                 "AWS::Lambda::Function",
	"logs":                   "AWS::Logs::LogGroup",
	"sns":                    "AWS::SNS::Topic",
	"sqs":                    "AWS::SQS::Queue",
	"ssm":                    "AWS::SSM::Document",
	"states":                 "AWS::StepFunctions::StateMachine",
}

// kindOf returns the kind of resource that an ARN names, or "".
func kindOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	service := parts[2]
	if service == "events" {
		kind, _, _ := strings.Cut(parts[5], "/")
		service += ":" + kind
	}
	return kinds[service]
}
