"""What Parliament and policy_sentry say of a policy."""
import json

from parliament import analyze_policy_string
from policy_sentry.querying.actions import get_action_data

from arns import fits, forms
from templates import listed

# What changes something, and what for. Everything else must only read.
CHANGES = {
    "ses:SendEmail": "sink.Email", "sns:Publish": "sink.Topic and sink.AmazonQ", "kms:Decrypt": "encrypted topics and secrets",
    "kms:GenerateDataKey": "encrypted topics", "sqs:SendMessage": "dead letters", "states:StartExecution": "what is sent later",
    "logs:CreateLogStream": "the log and the journal", "logs:PutLogEvents": "the log and the journal", "events:PutEvents": "sink.Bus",
    "lambda:InvokeFunction": "what is sent later", "sts:AssumeRole": "look-ups of other accounts and Regions", "sqs:DeleteMessage": "sink.Grouped", "sqs:ReceiveMessage": "sink.Grouped",
}
# What is granted on everything although AWS supports less, and why that does not do.
BROAD = {
    "cloudwatch:DescribeAlarms": "composite alarms are left out otherwise: "
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html",
    "cloudwatch:DescribeAlarmHistory": "composite alarms are left out otherwise: "
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html",
    "ecs:ListTasks": "it can be granted on container instances alone, which Fargate has not: "
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html",
}
# Actions that are younger than the lists of Parliament and policy_sentry. The simulator's has them.
YOUNG = {"ec2:DescribeApplicationStatus"}


def by_parliament(role):
    for f in analyze_policy_string(json.dumps(role.document())).findings:
        unknown = f.issue == "UNKNOWN_ACTION" and any(a.split(":")[1] in str(f.detail) + str(f.location) for a in YOUNG)
        # Its list of resources is older than policy_sentry's.
        older = f.issue == "RESOURCE_MISMATCH" and all(fits(d["action"], r) for d in f.detail for r in role.resources(d["action"]))
        if not unknown and not older:
            yield f"{role.name} Parliament: {f.issue} {f.detail} {str(f.location)[:300]}"


def by_policy_sentry(role):
    for action, statement in role.grants():
        service, name = action.split(":")
        data = get_action_data(service, name)
        if not data:
            if action not in YOUNG:
                yield f"{role.name} policy_sentry: no such action: {action}"
            continue
        level = data[service][0]["access_level"]
        if level not in ("Read", "List") and (level != "Write" or action not in CHANGES):
            yield f"{role.name} policy_sentry: {action} is {level}"
        if listed(statement["Resource"]) == ["*"] and forms(action) and action not in BROAD:
            yield f"{role.name} policy_sentry: {action} can be granted on {forms(action)}"
