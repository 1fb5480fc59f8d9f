"""Checks every identity policy of synthesized apps with software that is not extraeye's: Parliament
reads each policy, policy_sentry says what each action is and on what it can be granted, and a
simulator of IAM decides who may do what. What a role needs comes from what the notifier called in a
rehearsal, from what its code calls, and from what the template has AWS's services do as that role;
that is allowed, and every other action of AWS is not.

check.py FOLDER-OF-APPS CALLS-OF-REHEARSALS CALLS-IN-CODE"""
import collections
import email.utils
import json
import os
import re
import subprocess
import sys
import urllib.parse

from parliament import analyze_policy_string
from policy_sentry.querying.actions import get_action_data
from policy_sentry.querying.all import get_all_actions

import templates
from templates import listed

HERE = os.path.dirname(os.path.abspath(__file__))
ALLOWED, DENIED = "Allowed", "ImplicitlyDenied"

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
# What the code calls in no role of extraeye's: with the credentials of whoever runs a command, or never.
NOT_GRANTED = {
    "ecs:ListServices": "extraeye timeline, to find the services of a cluster",
}
# What everybody may do: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = {"sts:GetCallerIdentity"}

# An ARN that stands for all of a kind in the Region.
WHOLE_KIND = re.compile(r":[a-z-]+[:/]\*$")

problems = []


def wrong(*what):
    problems.append(" ".join(str(w) for w in what))


class Role:
    """A role, and what it needs: [action, resource, context]."""

    def __init__(self, stack, id, statements):
        self.stack, self.id, self.statements, self.needs = stack, id, statements, []
        self.lookups = {}  # the roles of the same app that are assumed for look-ups, by their accounts
        self.name = f"{stack.app}/{stack.name}/{id}"
        self.granted = {a for s in statements for a in listed(s["Action"])}

    def need(self, action, resource, context=None):
        if [action, resource, context or {}] not in self.needs:
            self.needs.append([action, resource, context or {}])

    def on_everything(self, action):
        return any(action in listed(s["Action"]) and listed(s["Resource"]) == ["*"] for s in self.statements)

    def arn(self, service, resource):
        """The ARN of something where the role is."""
        return f"arn:aws:{service}:{self.stack.region}:{self.stack.account}:{resource}"

    def document(self):
        return {"Version": "2012-10-17", "Statement": self.statements}


def by_services(stack, roles):
    """Adds what AWS's services do as a role, as the template has them do it."""
    def role(of):
        return roles.get(of.rsplit("/", 1)[1].removeprefix(stack.name + "-"))

    functions = {}
    for id, f in stack.of("AWS::Lambda::Function").items():
        functions[stack.physical(id)] = functions[stack.arn(id)] = me = role(f["Role"])
        if me and "LoggingConfig" in f:
            for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
                me.need(action, me.arn("logs", f"log-group:{f['LoggingConfig']['LogGroup']}:log-stream:2026/11/25/[$LATEST]abc"))
    for config in stack.of("AWS::Lambda::EventInvokeConfig").values():
        if me := functions.get(config["FunctionName"]):
            me.need("sqs:SendMessage", config["DestinationConfig"]["OnFailure"]["Destination"])
    for mapping in stack.of("AWS::Lambda::EventSourceMapping").values():
        for action in ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"):
            functions[mapping["FunctionName"]].need(action, mapping["EventSourceArn"])
    for id, machine in stack.of("AWS::StepFunctions::StateMachine").items():
        for state in json.loads(machine["DefinitionString"])["States"].values():
            if state.get("Resource", "").endswith(":states:::lambda:invoke"):
                role(machine["RoleArn"]).need("lambda:InvokeFunction", state["Parameters"]["FunctionName"])
                functions[state["Parameters"]["FunctionName"]].need("states:StartExecution", stack.arn(id))
            elif state.get("Resource", "").endswith(":states:::sqs:sendMessage"):
                role(machine["RoleArn"]).need("sqs:SendMessage", role(machine["RoleArn"]).arn("sqs", state["Parameters"]["QueueUrl"]))
            elif state["Type"] == "Task":
                wrong(stack.name, "it is not known what the state needs:", state)
    for rule in stack.of("AWS::Events::Rule").values():
        for target in rule.get("Targets", []):
            if target.get("RoleArn"):
                role(target["RoleArn"]).need({"states": "states:StartExecution", "events": "events:PutEvents"}[target["Arn"].split(":")[2]], target["Arn"])
    return next((f for f in functions.values() if f), None)


# What a request's members are called in the forms of ARNs.
MEMBERS = {
    "applicationName": "ApplicationName", "deploymentGroupName": "DeploymentGroupName", "deploymentGroupNames": "DeploymentGroupName",
    "cluster": "ClusterName", "service": "ServiceName", "services": "ServiceName", "logGroupName": "LogGroupName", "logStreamName": "LogStreamName",
    "InstanceId": "InstanceId", "Name": "ParameterNameWithoutLeadingSlash",
    "application": "ApplicationName", "deploymentGroup": "DeploymentGroupName",  # of events
}
# What is made up in a request's ARN, as it is known to AWS alone.
MADE_UP = {"TaskId": "0f3c", "ServiceDeploymentId": "0f3c", "ServiceRevisionId": "1", "InstanceId": "i-0123456789abcdef0", "LogStreamName": "s"}


# Where nothing in an app says a name, as in a Fleet, whose function may ask about all there is.
ANY_NAME = {}


def inputs(text):
    """The members of a request, in lists."""
    try:
        members = json.loads(text)
    except json.JSONDecodeError:
        members = dict(urllib.parse.parse_qsl(text))
    return {k: listed(v) for k, v in members.items()}


def arns(members):
    """The ARNs that a request names."""
    for name, values in members.items():
        if name.lower().endswith(("arn", "arns", "secretid")):
            yield from (v if "secret:" not in v or re.search(r"-\w{6}$", v) else v + "-AbCdEf" for v in values)


def names(members):
    """The names in a request, as the forms of ARNs call them, in each combination."""
    all = [dict()]
    for member, placeholder in MEMBERS.items():
        values = [str(v).removeprefix("/") for v in members.get(member, [])]
        if values:
            all = [{**one, placeholder: v} for one in all for v in values]
    return all


def forms(action):
    """The forms of the ARNs that an action can be granted on."""
    service, name = action.split(":")
    data = get_action_data(service, name)
    return sorted({r["resource_arn_format"] for r in data[service]} - {"*"}) if data else []


def in_policies(resource):
    """An ARN as policies are compared with it: a log group's has something after its name.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html"""
    return resource + ":log-stream:" if re.search(r":log-group:[^:]*$", resource) else resource


def fits(action, resource):
    """Whether an ARN in a policy is of a kind that the action can be granted on."""
    return kind(resource) in {kind(re.sub(r"\$\{\w+\}", "x", form)) for form in forms(action)}


def resources(me, action, known):
    """The ARNs of an action's resources with names that are known, by their form."""
    found = collections.defaultdict(set)
    for form in forms(action):
        wanted = [p for p in re.findall(r"\$\{(\w+)\}", form) if p not in ("Partition", "Region", "Account")]
        for one in known:
            values = {**MADE_UP, "Partition": "aws", "Region": me.stack.region, "Account": me.stack.account, **one}
            if one is ANY_NAME:
                values = {p: "some-name" for p in wanted} | values
            if all(p in values for p in wanted):
                found[form].add(in_policies(re.sub(r"\$\{(\w+)\}", lambda m: values[m[1]], form)))
    return found


def by_calls(me, called):
    """Adds what the function called in a rehearsal."""
    known = [one for c in called for one in names(c["members"])]
    for c in called:
        action, members = c["action"], c["members"]
        if action == "ses:SendEmail":
            sender = email.utils.parseaddr(members["FromEmailAddress"][0])[1]
            for identity in (sender, sender.split("@")[1]):
                me.need(action, me.arn("ses", f"identity/{identity}"), {"ses:FromAddress": sender})
        elif exact := list(arns(members)):
            context = next((conditions(s) for s in me.statements if action == "sts:AssumeRole" and action in listed(s["Action"])), {})
            for resource in exact:
                account = resource.split(":")[4]
                away = action != "sts:AssumeRole" and me.lookups.get(account)
                (away or me).need(action, resource, context)  # with the role there, if the app has one
        elif me.on_everything(action) or not forms(action):
            me.need(action, "*")
        else:
            own = [n for n in names(members) if n]
            found = resources(me, action, own) or resources(me, action, names(c["detail"])) or resources(me, action, known)
            if not found:
                wrong(me.name, "it is not known on what is called:", action, members)
            for all in found.values():
                for resource in sorted(all):
                    me.need(action, resource)
    return known


def by_code(me, known, in_code):
    """Adds what the code calls, nothing called in the rehearsal, and the role is granted: a look-up later."""
    for action in sorted((me.granted & in_code) - {a for a, _, _ in me.needs}):
        if me.on_everything(action) or not forms(action):
            me.need(action, "*")
            continue
        # Of several kinds of resources the function names one. What nothing names is granted on all of a kind, or to the letter.
        statements = [s for s in me.statements if action in listed(s["Action"])]
        granted = [r for s in statements for r in listed(s["Resource"])]
        found = [r for all in resources(me, action, known).values() for r in sorted(all) if kind(r) in {kind(g) for g in granted}]
        anything = [r for all in resources(me, action, [ANY_NAME]).values() for r in sorted(all) if kind(r) in {kind(g) for g in granted if whole_kind(me, action, g)}]
        for resource in found or anything or [re.sub(r"[*?]", "x", g.replace("iam::*", "iam::444455556666")) for g in granted]:
            me.need(action, resource, conditions(statements[0]))


def conditions(statement):
    """What a request must have for a statement."""
    return {k: listed(v)[0] for k, v in statement.get("Condition", {}).get("StringEquals", {}).items()}


def kind(resource):
    """What an ARN is of: arn:aws:ecs:…:service/a/b is of ecs service."""
    parts = resource.split(":", 5)
    return parts[2], re.split("[:/]", parts[5])[0]


def by_keys(me):
    """Adds what encrypted topics and secrets need: the key, through the service alone."""
    for s in me.statements:
        for action in listed(s["Action"]):
            if action.startswith("kms:"):
                for resource in listed(s["Resource"]):
                    me.need(action, resource, conditions(s))


def lint(role):
    """What Parliament and policy_sentry say of a policy."""
    for f in analyze_policy_string(json.dumps(role.document())).findings:
        unknown = f.issue == "UNKNOWN_ACTION" and any(a.split(":")[1] in str(f.detail) + str(f.location) for a in YOUNG)
        # Its list of resources is older than policy_sentry's.
        older = f.issue == "RESOURCE_MISMATCH" and all(
            fits(d["action"], r) for d in f.detail for st in role.statements if d["action"] in listed(st["Action"]) for r in listed(st["Resource"]))
        if not unknown and not older:
            wrong(role.name, "Parliament:", f.issue, f.detail, str(f.location)[:300])
    if not role.stack.is_ours(role.id):
        return
    for s in role.statements:
        for action in listed(s["Action"]):
            service, name = action.split(":")
            data = get_action_data(service, name)
            if not data:
                if action not in YOUNG:
                    wrong(role.name, "policy_sentry: no such action:", action)
                continue
            level = data[service][0]["access_level"]
            if level not in ("Read", "List") and (level not in ("Write",) or action not in CHANGES):
                wrong(role.name, "policy_sentry:", action, "is", level)
            if listed(s["Resource"]) == ["*"] and forms(action) and action not in BROAD:
                wrong(role.name, "policy_sentry:", action, "can be granted on", forms(action))


def elsewhere(resource):
    """The same resource in another account, and in another Region."""
    parts = resource.split(":", 5)
    if parts[2] == "iam":  # a role of whichever account: of the organization, which is a condition
        return []
    return [":".join(p) for p in ([*parts[:4], "999999999999", parts[5]], [*parts[:3], "eu-north-1", *parts[4:]])]


def renamed(resource):
    """Resources of the same kind with other names."""
    head, _, last = resource.rpartition(":")
    if ":log-stream:" in resource:  # whose group is what is granted
        head, last = resource.split(":log-stream:")
        return [f"{head}-other:log-stream:{last}"]
    parts = last.split("/")
    first = 1 if len(parts) > 1 and not resource.startswith("arn:aws:codedeploy:") else 0
    return [head + ":" + "/".join([*parts[:first], "other-" + parts[first], *parts[first + 1:]])]


def whole_kind(role, action, resource):
    """Whether a role is granted all of a kind in the Region, which needs no names."""
    return any(action in listed(s["Action"]) and WHOLE_KIND.search(r) and kind(r) == kind(resource) for s in role.statements for r in listed(s["Resource"]))


def questions(roles):
    """What the simulator is asked, and what it must answer."""
    every = get_all_actions()
    needed = {a for r in roles for a, _, _ in r.needs}
    for role in roles:
        for action, resource, context in role.needs:
            yield ALLOWED, role.name, action, resource, context
            if resource == "*":
                continue
            for other in elsewhere(resource) + ([] if whole_kind(role, action, resource) else renamed(resource)):
                yield DENIED, role.name, action, other, context
            for key, value in context.items():
                yield DENIED, role.name, action, resource, {**context, key: "other-" + value}
        for action in sorted(needed - {a for a, _, _ in role.needs}):
            yield DENIED, role.name, action, "*", {}
    for action in sorted(every - {a for a in every if a.lower() in {n.lower() for n in needed | FREE}}):
        yield DENIED, "all roles together", action, "*", {}


def simulate(roles):
    asked = list(questions(roles))
    policies = {r.name: r.document() for r in roles}
    distinct = {json.dumps(s, sort_keys=True): s for r in roles for s in r.statements}
    policies["all roles together"] = {"Version": "2012-10-17", "Statement": list(distinct.values())}
    answers = json.loads(subprocess.run(
        ["node", f"{HERE}/simulate.mjs"], check=True, stdout=subprocess.PIPE,
        input=json.dumps({"policies": policies, "questions": [q[1:] for q in asked]}).encode()).stdout)
    counts = collections.Counter(a for a in answers)
    unknown = set()
    for (want, *question), got in zip(asked, answers, strict=True):
        if got.startswith("error") and question[0] == "all roles together":
            unknown.add(question[1])  # an action that policy_sentry has, and the simulator has not
        elif got != want:
            wrong(f"simulator: {got}, want {want}:", *question)
    named = {a.lower() for r in roles for a in r.granted}
    for action in sorted(unknown):
        if action.lower() in named:
            wrong("simulator: unknown, and granted:", action)
    return counts, len(unknown)


def main(folder, rehearsed, code):
    with open(rehearsed) as f:
        calls = [json.loads(line) for line in f]
    with open(code) as f:
        in_code = set(f.read().split())
    everything, roles = [], []
    for stack in templates.read(folder):
        all = {id: Role(stack, id, s) for id, s in stack.identities().items() if s}
        everything += all.values()
        roles += [r for id, r in all.items() if stack.is_ours(id)]
    lookups = [r for r in roles if r.stack.of("AWS::IAM::Role")[r.id]["Description"].startswith("extraeye: looks up what happened, for a Fleet")]
    for stack in {id(r.stack): r.stack for r in roles}.values():
        me = by_services(stack, {r.id: r for r in roles if r.stack is stack})
        if me:
            me.lookups = {r.stack.account: r for r in lookups if r.stack.app == stack.app and r.stack is not stack}
            called = [{**c, "members": inputs(c["input"]), "detail": inputs(c["detail"])} for c in calls if c["app"] == stack.app and c["stack"] in (stack.name, "")]
            by_code(me, by_calls(me, called), in_code)
            by_keys(me)
    for role in lookups:
        by_code(role, [], in_code)
    for role in everything:
        lint(role)
    granted = {a for r in roles for a in r.granted}
    for action in sorted(in_code - granted - set(NOT_GRANTED)):
        wrong("the code calls what no template grants:", action)
    for action in sorted(set(NOT_GRANTED) & granted):
        wrong("a role is granted what NOT_GRANTED says that none is:", action)
    for role in roles:
        for action in sorted(role.granted - {a for a, _, _ in role.needs}):
            wrong(role.name, "is granted what nothing needs:", action)
    counts, unknown = simulate(roles)
    print(f"{len(everything)} roles of {len({r.stack.app for r in everything})} apps, {len(roles)} of them extraeye's, with {len(granted)} actions; "
          f"the simulator allowed {counts[ALLOWED]} requests and denied {counts[DENIED]}; it does not know {unknown} actions, none of which is granted")
    print("granted on all of a kind: " + "; ".join(sorted({f"{r.stack.name}: {' '.join(kind(g))}" for r in roles for s in r.statements
                                                         for g in listed(s["Resource"]) if WHOLE_KIND.search(g)})))
    for p in problems:
        print("WRONG:", p)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main(*sys.argv[1:])
