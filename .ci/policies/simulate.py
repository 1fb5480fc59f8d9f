"""Asks a simulator of IAM (simulate.mjs) whether roles may do what they need, and nothing else."""
import collections
import json
import os
import subprocess

from policy_sentry.querying.all import get_all_actions

from roles import policy

ALLOWED, DENIED = "Allowed", "ImplicitlyDenied"
TOGETHER = "all roles together"
# What everybody may do: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = {"sts:GetCallerIdentity"}


def simulate(roles):
    """What is wrong, how often each answer was given, and how many actions the simulator does not know."""
    asked = list(questions(roles))
    answers = answered(roles, [question for _, question in asked])
    problems, unknown = [], set()
    for (want, question), got in zip(asked, answers, strict=True):
        who, action, resource, context = question
        if got.startswith("error") and who == TOGETHER:
            unknown.add(action)  # an action that policy_sentry has, and the simulator has not
        elif got != want:
            problems.append(f"simulator: {got}, want {want}: {who} {action} {resource} {context}")
    granted = {a.lower() for r in roles for a in r.granted}
    problems += [f"simulator: unknown, and granted: {action}" for action in sorted(unknown) if action.lower() in granted]
    return problems, collections.Counter(answers), len(unknown)


def answered(roles, questions):
    """The simulator's answers, in the order of the questions."""
    policies = {r.name: r.document() for r in roles}
    distinct = {json.dumps(s, sort_keys=True): s for r in roles for s in r.statements}
    policies[TOGETHER] = policy(list(distinct.values()))
    return json.loads(subprocess.run(
        ["node", os.path.join(os.path.dirname(os.path.abspath(__file__)), "simulate.mjs")], check=True, stdout=subprocess.PIPE,
        input=json.dumps({"policies": policies, "questions": questions}).encode()).stdout)


def questions(roles):
    """What the simulator must answer, and what it is asked: who may do which action on what, in what context."""
    needed = {a for r in roles for a in r.needed()}
    for role in roles:
        for action, resource, context in role.needs:
            yield ALLOWED, (role.name, action, resource, context)
            if resource == "*":
                continue
            for other in elsewhere(resource) + ([] if role.on_whole_kind(action, resource) else renamed(resource)):
                yield DENIED, (role.name, action, other, context)
            for key, value in context.items():
                yield DENIED, (role.name, action, resource, {**context, key: "other-" + value})
        for action in sorted(needed - role.needed()):
            yield DENIED, (role.name, action, "*", {})
    may = {a.lower() for a in needed | FREE}
    for action in sorted(a for a in get_all_actions() if a.lower() not in may):
        yield DENIED, (TOGETHER, action, "*", {})


def elsewhere(resource):
    """The same resource in another account, and in another Region."""
    parts = resource.split(":", 5)
    if parts[2] == "iam":  # a role of whichever account: of the organization, which is a condition
        return []
    return [":".join(p) for p in ([*parts[:4], "999999999999", parts[5]], [*parts[:3], "eu-north-1", *parts[4:]])]


def renamed(resource):
    """Resources of the same kind with other names."""
    if ":log-stream:" in resource:  # whose group is what is granted
        group, stream = resource.split(":log-stream:")
        return [f"{group}-other:log-stream:{stream}"]
    head, _, last = resource.rpartition(":")
    parts = last.split("/")
    first = 1 if len(parts) > 1 and not resource.startswith("arn:aws:codedeploy:") else 0
    return [head + ":" + "/".join([*parts[:first], "other-" + parts[first], *parts[first + 1:]])]
