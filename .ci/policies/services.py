"""What a role needs for AWS's services, which act as that role as the template has them do it."""
import json

from roles import conditions
from templates import listed


def function_roles(stack, roles):
    """The roles of functions, by the names of the functions and by their ARNs."""
    found = {}
    for id, f in stack.of("AWS::Lambda::Function").items():
        found[stack.physical(id)] = found[stack.arn(id)] = role_of(f["Role"], stack, roles)
    return found


def role_of(arn, stack, roles):
    """The role with an ARN, if it is one of these roles of the stack."""
    return roles.get(arn.rsplit("/", 1)[1].removeprefix(stack.name + "-"))


def by_lambda(stack, functions):
    """Adds what Lambda does: it writes logs, sends what failed to a queue, and reads queues."""
    for id, f in stack.of("AWS::Lambda::Function").items():
        me = functions[stack.arn(id)]
        if me and "LoggingConfig" in f:
            for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
                me.need(action, me.arn("logs", f"log-group:{f['LoggingConfig']['LogGroup']}:log-stream:2026/11/25/[$LATEST]abc"))
    for config in stack.of("AWS::Lambda::EventInvokeConfig").values():
        if me := functions.get(config["FunctionName"]):
            me.need("sqs:SendMessage", config["DestinationConfig"]["OnFailure"]["Destination"])
    for mapping in stack.of("AWS::Lambda::EventSourceMapping").values():
        for action in ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"):
            functions[mapping["FunctionName"]].need(action, mapping["EventSourceArn"])


def by_step_functions(stack, roles, functions):
    """Adds what the states of state machines do, and that their functions start them. It returns what is wrong."""
    problems = []
    for id, machine in stack.of("AWS::StepFunctions::StateMachine").items():
        me = role_of(machine["RoleArn"], stack, roles)
        for state in json.loads(machine["DefinitionString"])["States"].values():
            if state.get("Resource", "").endswith(":states:::lambda:invoke"):
                function = state["Parameters"]["FunctionName"]
                me.need("lambda:InvokeFunction", function)
                functions[function].need("states:StartExecution", stack.arn(id))
            elif state.get("Resource", "").endswith(":states:::sqs:sendMessage"):
                me.need("sqs:SendMessage", me.arn("sqs", state["Parameters"]["QueueUrl"]))
            elif state["Type"] == "Task":
                problems.append(f"{stack.name} it is not known what the state needs: {state}")
    return problems


def by_eventbridge(stack, roles):
    """Adds what rules send to their targets."""
    actions = {"states": "states:StartExecution", "events": "events:PutEvents"}
    for rule in stack.of("AWS::Events::Rule").values():
        for target in rule.get("Targets", []):
            if target.get("RoleArn"):
                role_of(target["RoleArn"], stack, roles).need(actions[target["Arn"].split(":")[2]], target["Arn"])


def by_kms(me):
    """Adds what encrypted topics and secrets need: the key, through the service alone."""
    for action, s in me.grants():
        if action.startswith("kms:"):
            for resource in listed(s["Resource"]):
                me.need(action, resource, conditions(s))
