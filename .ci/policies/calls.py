"""What a role needs for the notifier's own calls: those of a rehearsal, and those in its code."""
import email.utils
import json
import re

import arns
import inputs


def read(path):
    """The calls of rehearsals, with the members of their inputs and of the events' details."""
    with open(path) as f:
        calls = [json.loads(line) for line in f]
    return [{**c, "members": inputs.members(c["input"]), "detail": inputs.members(c["detail"])} for c in calls]


def names(calls):
    """The names in the inputs of calls."""
    return [one for c in calls for one in inputs.names(c["members"])]


def by_rehearsal(me, calls):
    """Adds what the function called in a rehearsal. It returns what is wrong."""
    problems = []
    known = names(calls)
    for c in calls:
        action, members = c["action"], c["members"]
        if action == "ses:SendEmail":
            sender = email.utils.parseaddr(members["FromEmailAddress"][0])[1]
            for identity in (sender, sender.split("@")[1]):
                me.need(action, me.arn("ses", f"identity/{identity}"), {"ses:FromAddress": sender})
        elif exact := inputs.arns(members):
            by_arns(me, action, exact)
        elif me.on_everything(action) or not arns.forms(action):
            me.need(action, "*")
        else:
            own = [one for one in inputs.names(members) if one]
            of_event = inputs.names(c["detail"])
            found = next(filter(None, (arns.resources(me.stack, action, some) for some in (own, of_event, known))), [])
            if not found:
                problems.append(f"{me.name} it is not known on what is called: {action} {members}")
            for resource in found:
                me.need(action, resource)
    return problems


def by_arns(me, action, exact):
    """Adds a call that names ARNs, for the role in their account if the app has one there."""
    if action == "sts:AssumeRole":
        for resource in exact:
            me.need(action, resource, me.context(action))
        return
    for resource in exact:
        me.lookups.get(resource.split(":")[4], me).need(action, resource)


def by_code(me, known, in_code):
    """Adds what the code calls, nothing called in the rehearsal, and the role is granted: a look-up later."""
    for action in sorted((me.granted & in_code) - me.needed()):
        if me.on_everything(action) or not arns.forms(action):
            me.need(action, "*")
            continue
        for resource in granted_resources(me, action, known):
            me.need(action, resource, me.context(action))


def granted_resources(me, action, known):
    """What the function can name of what an action is granted on.

    Of several kinds of resources it names one. What nothing names is granted on all of a kind, or to the letter."""
    granted = me.resources(action)
    kinds = {arns.kind(g) for g in granted}
    whole = {arns.kind(g) for g in granted if arns.is_whole_kind(g)}
    named = [r for r in arns.resources(me.stack, action, known) if arns.kind(r) in kinds]
    unnamed = [r for r in arns.resources(me.stack, action, [{}], unnamed="some-name") if arns.kind(r) in whole]
    return named or unnamed or [re.sub(r"[*?]", "x", g.replace("iam::*", "iam::444455556666")) for g in granted]
