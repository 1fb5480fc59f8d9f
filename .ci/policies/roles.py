"""A role: what its policies grant, and what it needs."""
from arns import is_whole_kind, kind
from templates import listed


class Role:
    """A role, and what it needs: [action, resource, context]."""

    def __init__(self, stack, id, statements):
        self.stack, self.id, self.statements, self.needs = stack, id, statements, []
        self.lookups = {}  # the roles of the same app that are assumed for look-ups, by their accounts
        self.name = f"{stack.app}/{stack.name}/{id}"
        self.granted = {action for action, _ in self.grants()}

    def grants(self):
        """Each action that is granted, with the statement."""
        return ((action, s) for s in self.statements for action in listed(s["Action"]))

    def granting(self, action):
        """The statements that grant an action."""
        return [s for granted, s in self.grants() if granted == action]

    def resources(self, action):
        """What an action is granted on."""
        return [r for s in self.granting(action) for r in listed(s["Resource"])]

    def on_everything(self, action):
        return any(listed(s["Resource"]) == ["*"] for s in self.granting(action))

    def on_whole_kind(self, action, resource):
        """Whether an action is granted on all of a resource's kind in the Region, which needs no names."""
        return any(is_whole_kind(r) and kind(r) == kind(resource) for r in self.resources(action))

    def context(self, action):
        """What a request for an action must have."""
        return next((conditions(s) for s in self.granting(action)), {})

    def need(self, action, resource, context=None):
        if [action, resource, context or {}] not in self.needs:
            self.needs.append([action, resource, context or {}])

    def needed(self):
        return {action for action, _, _ in self.needs}

    def arn(self, service, resource):
        """The ARN of something where the role is."""
        return f"arn:aws:{service}:{self.stack.region}:{self.stack.account}:{resource}"

    def document(self):
        return policy(self.statements)


def policy(statements):
    return {"Version": "2012-10-17", "Statement": statements}


def conditions(statement):
    """What a request must have for a statement."""
    return {k: listed(v)[0] for k, v in statement.get("Condition", {}).get("StringEquals", {}).items()}
