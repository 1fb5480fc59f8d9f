"""ARNs in policies: what kind of resource one is of, and those that an action can be granted on."""
import re

from policy_sentry.querying.actions import get_action_data

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
# What is made up in an ARN, as it is known to AWS alone.
MADE_UP = {"TaskId": "0f3c", "ServiceDeploymentId": "0f3c", "ServiceRevisionId": "1", "InstanceId": "i-0123456789abcdef0", "LogStreamName": "s"}


def kind(resource):
    """What an ARN is of: arn:aws:ecs:…:service/a/b is of ecs service."""
    parts = resource.split(":", 5)
    return parts[2], re.split("[:/]", parts[5])[0]


def is_whole_kind(resource):
    """Whether an ARN stands for all of a kind in the Region."""
    return re.search(r":[a-z-]+[:/]\*$", resource) is not None


def forms(action):
    """The forms of the ARNs that an action can be granted on."""
    service, name = action.split(":")
    data = get_action_data(service, name)
    return sorted({r["resource_arn_format"] for r in data[service]} - {"*"}) if data else []


def fits(action, resource):
    """Whether an ARN in a policy is of a kind that the action can be granted on."""
    return kind(resource) in {kind(PLACEHOLDER.sub("x", form)) for form in forms(action)}


def resources(stack, action, known, unnamed=None):
    """The ARNs of an action's resources where a stack is, in each combination of names that are known.

    What has no known name is called unnamed, if that is given."""
    found = []
    for form in forms(action):
        filled = set()
        for names in known:
            values = {**MADE_UP, "Partition": "aws", "Region": stack.region, "Account": stack.account, **names}
            values = {p: values.get(p, unnamed) for p in PLACEHOLDER.findall(form)}
            if None not in values.values():
                filled.add(in_policies(PLACEHOLDER.sub(lambda m: values[m[1]], form)))
        found += sorted(filled)
    return found


def in_policies(resource):
    """An ARN as policies are compared with it: a log group's has something after its name.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html"""
    return resource + ":log-stream:" if re.search(r":log-group:[^:]*$", resource) else resource
