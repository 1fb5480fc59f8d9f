"""What a synthesized app may do: its templates with their values filled in, and the identity policies in them."""
import glob
import json
import os

# Where a stack is that does not say it, as in a rehearsal.
ACCOUNT, REGION = "123456789012", "us-east-1"
# As the rehearsal fills them in: cmd/extraeye/internal/assembly.
ARNS = {
    "AWS::SQS::Queue": "sqs:{at}:{name}", "AWS::SNS::Topic": "sns:{at}:{name}", "AWS::Lambda::Function": "lambda:{at}:function:{name}",
    "AWS::Events::Rule": "events:{at}:rule/{name}", "AWS::Events::EventBus": "events:{at}:event-bus/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}", "AWS::StepFunctions::StateMachine": "states:{at}:stateMachine:{name}",
    "AWS::Logs::LogGroup": "logs:{at}:log-group:{name}:*", "AWS::KMS::Key": "kms:{at}:key/{name}", "AWS::SecretsManager::Secret": "secretsmanager:{at}:secret:{name}-AbCdEf",
}
ARN_IS_REF = ("AWS::SNS::Topic", "AWS::StepFunctions::StateMachine", "AWS::SecretsManager::Secret")


class Stack:
    """A stack of an app, its values filled in."""

    def __init__(self, app, name, environment, template):
        self.app, self.name, self.raw = app, name, template["Resources"]
        account, region = environment.removeprefix("aws://").split("/")
        self.account, self.region = ACCOUNT if account == "unknown-account" else account, REGION if region == "unknown-region" else region
        self.pseudo = {"AWS::Region": self.region, "AWS::AccountId": self.account, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
        self.resources = {id: self.filled(r) for id, r in self.raw.items()}

    def of(self, kind):
        return {id: r.get("Properties", {}) for id, r in self.resources.items() if r["Type"] == kind}

    def physical(self, id):
        """The name of a resource: its own, or one that is made up."""
        r = self.raw.get(id, {"Type": ""})
        properties, kind = r.get("Properties", {}), r["Type"].rsplit("::", 1)[-1]
        for key in (kind + "Name", "Name", kind):
            if key in properties and (given := self.filled(properties[key])):
                return given
        return f"{self.name}-{id}"

    def arn(self, id):
        form = ARNS.get(self.raw[id]["Type"], "service:{at}:thing/{name}")
        return "arn:aws:" + form.format(at=f"{self.region}:{self.account}", account=self.account, name=self.physical(id))

    def filled(self, v):
        """A value without intrinsic functions."""
        if isinstance(v, list):
            return [self.filled(x) for x in v]
        if not isinstance(v, dict):
            return v
        if set(v) == {"Ref"}:
            ref = v["Ref"]
            return self.pseudo.get(ref) or (self.arn(ref) if self.raw.get(ref, {}).get("Type") in ARN_IS_REF else self.physical(ref))
        if set(v) == {"Fn::GetAtt"}:
            id, attribute = v["Fn::GetAtt"]
            return self.arn(id) if attribute == "Arn" else self.physical(id)
        if set(v) == {"Fn::Join"}:
            return v["Fn::Join"][0].join(str(self.filled(x)) for x in v["Fn::Join"][1])
        if set(v) == {"Fn::Split"}:
            return self.filled(v["Fn::Split"][1]).split(v["Fn::Split"][0])
        if set(v) == {"Fn::Select"}:
            return self.filled(v["Fn::Select"][1])[int(v["Fn::Select"][0])]
        return {k: self.filled(x) for k, x in v.items()}

    def identities(self):
        """The statements that each role has, by its ID."""
        roles = {id: [] for id in self.of("AWS::IAM::Role")}
        for id, role in self.of("AWS::IAM::Role").items():
            for inline in role.get("Policies", []):
                roles[id] += inline["PolicyDocument"]["Statement"]
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            for id, policy in self.of(kind).items():
                for role in self.raw[id]["Properties"]["Roles"]:
                    roles[role["Ref"]] += policy["PolicyDocument"]["Statement"]
        return roles

    def is_ours(self, role):
        """Whether a role is made by extraeye, and not by the app for something of its own."""
        return self.of("AWS::IAM::Role")[role].get("Description", "").startswith("extraeye: ")


def read(folder):
    """The stacks of all apps in a folder."""
    for path in sorted(glob.glob(f"{folder}/*/manifest.json")):
        app = os.path.dirname(path)
        with open(path) as f:
            artifacts = json.load(f)["artifacts"]
        for id, artifact in sorted(artifacts.items()):
            if artifact["type"] == "aws:cloudformation:stack":
                with open(os.path.join(app, artifact["properties"]["templateFile"])) as f:
                    yield Stack(os.path.basename(app), artifact["properties"].get("stackName", id), artifact["environment"], json.load(f))


def listed(v):
    return v if isinstance(v, list) else [v]
