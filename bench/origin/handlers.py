"""The two handlers of the write-up that extraeye began with, written again from its description:
each looks one thing up, mails the team and, for a release, sets a deployment marker. As there, the
clients are made for each event, and what fails is not caught."""

import json
import os
import urllib.request

import boto3

CONSOLE = "https://console.aws.amazon.com"


def terminated(event, context):
    region = event["region"]
    instance_id = event["detail"]["EC2InstanceId"]
    group = event["detail"]["AutoScalingGroupName"]
    ec2 = boto3.client("ec2", region_name=region)
    found = ec2.describe_instances(InstanceIds=[instance_id])
    tags = found["Reservations"][0]["Instances"][0]["Tags"]
    name = next(tag["Value"] for tag in tags if tag["Key"] == "Name")
    return mail(
        region,
        f"{name} was terminated",
        f'<p>{name} (<a href="{CONSOLE}/ec2/home?region={region}#Instances:instanceId={instance_id}">{instance_id}</a>)'
        f' of <a href="{CONSOLE}/ec2/home?region={region}#AutoScalingGroups:id={group}">{group}</a> was terminated:'
        f' {event["detail"]["Cause"]}</p>',
    )


def deployed(event, context):
    region = event["region"]
    deployment_id = event["detail"]["deploymentId"]
    application = event["detail"]["application"]
    codedeploy = boto3.client("codedeploy", region_name=region)
    deployment = codedeploy.get_deployment(deploymentId=deployment_id)["deploymentInfo"]
    revision = deployment["revision"]["s3Location"]["key"]
    sent = mail(
        region,
        f"{application} was deployed",
        f'<p><a href="{CONSOLE}/codesuite/codedeploy/deployments/{deployment_id}?region={region}">{deployment_id}</a>'
        f" of {application}: {revision}</p>",
    )
    marker = urllib.request.Request(
        "https://api.newrelic.com/v2/applications/123456/deployments.json",
        data=json.dumps({"deployment": {"revision": revision, "description": deployment_id}}).encode(),
        headers={"Content-Type": "application/json", "Api-Key": os.environ["NEW_RELIC_API_KEY"]},
    )
    urllib.request.urlopen(marker, timeout=10).close()
    return sent


def mail(region, subject, html):
    ses = boto3.client("ses", region_name=region)
    return ses.send_email(
        Source="ops@example.com",
        Destination={"ToAddresses": ["team@example.com"]},
        Message={"Subject": {"Data": subject}, "Body": {"Html": {"Data": html}}},
    )["MessageId"]
