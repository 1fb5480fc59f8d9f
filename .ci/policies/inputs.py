"""The inputs of requests to AWS: the ARNs and the names in their members."""
import json
import re
import urllib.parse

from templates import listed

# What members are called in the forms of ARNs.
MEMBERS = {
    "applicationName": "ApplicationName", "deploymentGroupName": "DeploymentGroupName", "deploymentGroupNames": "DeploymentGroupName",
    "cluster": "ClusterName", "service": "ServiceName", "services": "ServiceName", "logGroupName": "LogGroupName", "logStreamName": "LogStreamName",
    "InstanceId": "InstanceId", "Name": "ParameterNameWithoutLeadingSlash",
    "application": "ApplicationName", "deploymentGroup": "DeploymentGroupName",  # of events
}


def members(text):
    """The members of an input, in lists."""
    try:
        read = json.loads(text)
    except json.JSONDecodeError:
        read = dict(urllib.parse.parse_qsl(text))
    return {k: listed(v) for k, v in read.items()}


def arns(members):
    """The ARNs that an input names."""
    return [
        v if "secret:" not in v or re.search(r"-\w{6}$", v) else v + "-AbCdEf"
        for name, values in members.items() if name.lower().endswith(("arn", "arns", "secretid")) for v in values
    ]


def names(members):
    """The names in an input, as the forms of ARNs call them, in each combination."""
    found = [{}]
    for member, placeholder in MEMBERS.items():
        if values := [str(v).removeprefix("/") for v in members.get(member, [])]:
            found = [{**one, placeholder: v} for one in found for v in values]
    return found
