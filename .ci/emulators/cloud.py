"""An emulator of AWS: its clients, and the deployment of a synthesized app."""
import glob
import io
import json
import os
import ssl
import subprocess
import time
import urllib.request
import zipfile

import boto3
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "000000000000"
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION=REGION)


class Cloud:
    """One emulator, as one account and Region see it."""

    def __init__(self, name, endpoint, certificate=None, refuses=lambda resource: False, account=ACCOUNT, region=REGION):
        """refuses says which resources the emulator refuses to make; they are left out."""
        self.name, self.endpoint, self.certificate, self.refuses, self.clients = name, endpoint, certificate, refuses, {}
        self.account, self.region = account, region
        self.bucket = f"cdk-hnb659fds-assets-{account}-{region}"  # of the CDK's bootstrap stack

    def of(self, account, region):
        """The same emulator, as another account and Region see it."""
        return Cloud(f"{self.name}: {account}", self.endpoint, self.certificate, self.refuses, account, region)

    def __call__(self, service, region=None):
        """The client of a service."""
        region = region or self.region
        if (service, region) not in self.clients:
            # Emulators take an access key of 12 digits as the account's.
            key = None if self.account == ACCOUNT else self.account
            self.clients[service, region] = boto3.client(
                service, endpoint_url=self.endpoint, region_name=region, verify=self.certificate,
                aws_access_key_id=key, aws_secret_access_key=key and "test",
                config=Config(retries={"total_max_attempts": 3}, read_timeout=60))
        return self.clients[service, region]

    def deploy(self, folder):
        """Deploys the stacks of an app in their order, and returns their resources by logical ID."""
        self.publish(folder)
        physical = {}
        for name, path in stacks(folder):
            physical.update(self.create(name, read(path)))
        return physical

    def bootstrap(self):
        """Makes what the stacks of every CDK app and of the examples read."""
        for name, value in {"/cdk-bootstrap/hnb659fds/version": "30", "/image": "ami-12345678"}.items():
            self("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    def publish(self, folder, stack="*"):
        """Uploads an app's assets, or those of one stack, to where its templates expect them."""
        s3 = self("s3")
        for path in glob.glob(f"{folder}/{stack}.assets.json"):
            with open(path) as f:
                files = json.load(f)["files"].values()
            for asset in files:
                source = os.path.join(folder, asset["source"]["path"])
                body = zipped(source) if asset["source"]["packaging"] == "zip" else read(source)
                for place in asset["destinations"].values():
                    bucket, key = self.filled(place["bucketName"]), self.filled(place["objectKey"])
                    self.make_bucket(bucket)
                    s3.put_object(Bucket=bucket, Key=key, Body=body)

    def make_bucket(self, name):
        s3 = self("s3")
        where = {} if self.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        try:
            s3.create_bucket(Bucket=name, **where)
        except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
            pass

    def filled(self, text):
        for variable, value in {"${AWS::AccountId}": self.account, "${AWS::Region}": self.region, "${AWS::Partition}": "aws"}.items():
            text = text.replace(variable, value)
        return text

    def create(self, name, body):
        """Creates a stack, and returns the physical IDs of its resources by their logical ones."""
        formation, template = self("cloudformation"), json.loads(body)
        wanted = template["Resources"]
        refused = {id for id, r in wanted.items() if self.refuses(r)}
        template["Resources"] = without(refused, {id: r for id, r in wanted.items() if id not in refused})
        # A template is in a bucket, as the CDK's command puts it there: it may be longer than a request.
        self("s3").put_object(Bucket=self.bucket, Key=name, Body=json.dumps(template))
        formation.create_stack(
            StackName=name, TemplateURL=f"{self.endpoint}/{self.bucket}/{name}", Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": id, "ParameterValue": "/image"} for id, p in template.get("Parameters", {}).items() if p["Default"].startswith("/aws/")])
        until(f"{self.name}: stack {name}", lambda: self.status(name) and not self.status(name).endswith("IN_PROGRESS"), 300)
        resources = formation.describe_stack_resources(StackName=name)["StackResources"]
        if self.status(name) != "CREATE_COMPLETE":
            failed = [(r.get("LogicalResourceId"), r["ResourceType"], r.get("ResourceStatusReason")) for r in resources if "FAILED" in r["ResourceStatus"]]
            raise SystemExit(f"{self.name}: stack {name} is {self.status(name)}: {failed}")
        made = {r["LogicalResourceId"]: r.get("PhysicalResourceId") for r in resources if r.get("LogicalResourceId")}
        lacking = sorted({wanted[i]["Type"] for i in wanted if not made.get(i) or str(made[i]).startswith("unknown")})
        print(f"{self.name}: {name}: {len(wanted)} resources" + (f"; the emulator lacks {', '.join(lacking)}" if lacking else ""))
        return made

    def command(self, *arguments):
        """What the command prints that is run with the emulator for AWS."""
        environment = {**os.environ, "AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": self.region}
        if self.account != ACCOUNT:
            environment["AWS_ACCESS_KEY_ID"] = self.account
        if self.certificate:
            environment["AWS_CA_BUNDLE"] = self.certificate
        done = subprocess.run([os.environ["EXTRAEYE"], *arguments], env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def status(self, name):
        return self("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]

    def drain(self, url):
        """Takes all messages out of a queue."""
        sqs, messages = self("sqs"), []
        while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], WaitTimeSeconds=1).get("Messages"):
            messages += got
            for m in got:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
        return messages

    def log(self, group):
        """The messages of a log group, in order; none if it is not there."""
        logs, messages = self("logs"), []
        try:
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
                messages += page["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        return [e["message"] for e in sorted(messages, key=lambda e: e["timestamp"])]


def stacks(folder):
    """The names and templates of an app's stacks, each after those that it depends on."""
    artifacts = json.loads(read(f"{folder}/manifest.json"))["artifacts"]
    found, done = [], set()

    def visit(id):
        if id in done:
            return
        done.add(id)
        artifact = artifacts[id]
        for other in artifact.get("dependencies", []):
            visit(other)
        if artifact["type"] == "aws:cloudformation:stack":
            found.append((artifact["properties"].get("stackName", id), os.path.join(folder, artifact["properties"]["templateFile"])))

    for id in sorted(artifacts):
        visit(id)
    return found


def without(refused, value):
    """A template's value in which resources that are not made are known by their logical IDs."""
    if isinstance(value, list):
        return [without(refused, v) for v in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in refused:
        return value["Ref"]
    if isinstance(value.get("Fn::GetAtt"), list) and value["Fn::GetAtt"][0] in refused:
        return value["Fn::GetAtt"][0]
    kept = {k: without(refused, v) for k, v in value.items()}
    if "DependsOn" in kept:
        kept["DependsOn"] = [id for id in kept["DependsOn"] if id not in refused]
    return kept


def read(path):
    with open(path, "rb") as f:
        return f.read()


def zipped(folder):
    """A folder as Lambda wants it: its files can be run."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        for root, _, files in os.walk(folder):
            for name in files:
                entry = zipfile.ZipInfo(os.path.relpath(os.path.join(root, name), folder))
                entry.external_attr = 0o755 << 16
                z.writestr(entry, read(os.path.join(root, name)))
    return archive.getvalue()


def until(what, done, seconds):
    """Waits until something is true."""
    end = time.monotonic() + seconds
    while not (value := done()):
        if time.monotonic() > end:
            raise SystemExit(f"{what}: not done after {seconds} s")
        time.sleep(0.5)
    return value


def get(url, certificate=None):
    with urllib.request.urlopen(url, context=certificate and ssl.create_default_context(cafile=certificate)) as answer:
        return answer.read()
