"""Checks every identity policy of synthesized apps with software that is not extraeye's: Parliament
reads each policy, policy_sentry says what each action is and on what it can be granted, and a
simulator of IAM decides who may do what. What a role needs comes from what the notifier called in a
rehearsal, from what its code calls, and from what the template has AWS's services do as that role;
that is allowed, and every other action of AWS is not.

check.py FOLDER-OF-APPS CALLS-OF-REHEARSALS CALLS-IN-CODE"""
import sys

import calls
import lint
import services
import templates
from arns import is_whole_kind, kind
from roles import Role
from simulate import ALLOWED, DENIED, simulate
from templates import listed

# What the code calls in no role of extraeye's: with the credentials of whoever runs a command, or never.
NOT_GRANTED = {
    "ecs:ListServices": "extraeye timeline, to find the services of a cluster",
}


def add_needs(roles, rehearsed, in_code):
    """Adds what each role needs. It returns what is wrong."""
    problems = []
    lookups = [r for r in roles if r.stack.of("AWS::IAM::Role")[r.id]["Description"].startswith("extraeye: looks up what happened, for a Fleet")]
    for stack in dict.fromkeys(r.stack for r in roles):
        own = {r.id: r for r in roles if r.stack is stack}
        functions = services.function_roles(stack, own)
        services.by_lambda(stack, functions)
        problems += services.by_step_functions(stack, own, functions)
        services.by_eventbridge(stack, own)
        if me := next(filter(None, functions.values()), None):
            me.lookups = {r.stack.account: r for r in lookups if r.stack.app == stack.app and r.stack is not stack}
            called = [c for c in rehearsed if c["app"] == stack.app and c["stack"] in (stack.name, "")]
            problems += calls.by_rehearsal(me, called)
            calls.by_code(me, calls.names(called), in_code)
            services.by_kms(me)
    for role in lookups:
        calls.by_code(role, [], in_code)
    return problems


def unneeded(roles, in_code):
    """What is granted and not needed, and the other way around."""
    granted = {a for r in roles for a in r.granted}
    for action in sorted(in_code - granted - set(NOT_GRANTED)):
        yield f"the code calls what no template grants: {action}"
    for action in sorted(set(NOT_GRANTED) & granted):
        yield f"a role is granted what NOT_GRANTED says that none is: {action}"
    for role in roles:
        for action in sorted(role.granted - role.needed()):
            yield f"{role.name} is granted what nothing needs: {action}"


def whole_kinds(roles):
    """What is granted on all of a kind, by stacks."""
    granted = ((r.stack.name, g) for r in roles for _, s in r.grants() for g in listed(s["Resource"]))
    return sorted({f"{stack}: {' '.join(kind(g))}" for stack, g in granted if is_whole_kind(g)})


def main(folder, rehearsed, code):
    with open(code) as f:
        in_code = set(f.read().split())
    everything = [Role(stack, id, s) for stack in templates.read(folder) for id, s in stack.identities().items() if s]
    roles = [r for r in everything if r.stack.is_ours(r.id)]

    problems = add_needs(roles, calls.read(rehearsed), in_code)
    for role in everything:
        problems += lint.by_parliament(role)
        if role in roles:
            problems += lint.by_policy_sentry(role)
    problems += unneeded(roles, in_code)
    found, counts, unknown = simulate(roles)
    problems += found

    apps, granted = {r.stack.app for r in everything}, {a for r in roles for a in r.granted}
    print(f"{len(everything)} roles of {len(apps)} apps, {len(roles)} of them extraeye's, with {len(granted)} actions; "
          f"the simulator allowed {counts[ALLOWED]} requests and denied {counts[DENIED]}; it does not know {unknown} actions, none of which is granted")
    print("granted on all of a kind: " + "; ".join(whole_kinds(roles)))
    for p in problems:
        print("WRONG:", p)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main(*sys.argv[1:])
