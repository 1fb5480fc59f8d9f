"""Deploys the app of several accounts to two accounts of an emulator, puts an event on the bus of one
of them, and follows it to a mail of the other; and one out of the dead-letter queue of the one, as well."""
import glob
import json
import os
import shutil
import sys

import servers
from cloud import get, read, stacks, until
from recipients import Recipients

CENTRAL, MEMBER, REGION = "111122223333", "444455556666", "eu-west-1"  # those of examples/central
GROUP, INSTANCE = "cart-production", "i-0123456789abcdef0"
ALIAS = "acme-checkout"  # of MEMBER


def termination(account):
    """The event of an instance that was terminated, as an account's Auto Scaling sends it."""
    return {
        "Source": "aws.autoscaling", "DetailType": "EC2 Instance Terminate Successful",
        "Resources": [
            f"arn:aws:autoscaling:{REGION}:{account}:autoScalingGroup:11111111-2222-3333-4444-555555555555:autoScalingGroupName/{GROUP}",
            f"arn:aws:ec2:{REGION}:{account}:instance/{INSTANCE}",
        ],
        "Detail": json.dumps({
            "EC2InstanceId": INSTANCE, "AutoScalingGroupName": GROUP, "ActivityId": "1", "RequestId": "1", "StatusCode": "InProgress", "StatusMessage": "",
            "Description": f"Terminating EC2 instance: {INSTANCE}", "Details": {"Availability Zone": REGION + "a"}, "Progress": 50,
            "Cause": "At 2026-11-27T10:00:00Z an instance was taken out of service in response to an ELB system health check failure.",
            "StartTime": "2026-11-27T10:00:00.000Z", "EndTime": "2026-11-27T10:01:00.000Z", "Origin": "AutoScalingGroup", "Destination": "EC2",
        }),
    }


def redrive(scratch, member):
    """What the account could not forward is handed to the function of the Fleet's account."""
    config = f"{scratch}/config"
    with open(config, "w") as f:
        f.write(f"[profile fleet]\naws_access_key_id = {CENTRAL}\naws_secret_access_key = test\n")
    os.environ["AWS_CONFIG_FILE"] = config
    [queue] = [id for logical, id in member.physical.items() if logical.startswith("ForwarderDeadLetterQueue") and id.startswith("http")]
    [rule] = [id for logical, id in member.physical.items() if logical.startswith("ForwarderForwardRule1")]
    put = termination(MEMBER)
    event = {
        "version": "0", "id": "11111111-2222-3333-4444-666666666666", "detail-type": put["DetailType"], "source": put["Source"], "account": MEMBER,
        "time": "2026-11-27T10:01:00Z", "region": REGION, "resources": put["Resources"], "detail": json.loads(put["Detail"]),
    }
    attributes = {
        "RULE_ARN": f"arn:aws:events:{REGION}:{MEMBER}:rule/{rule}", "TARGET_ARN": f"arn:aws:events:{REGION}:{CENTRAL}:event-bus/extraeye",
        "ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "denied", "RETRY_ATTEMPTS": "0",
    }
    member("sqs").send_message(
        QueueUrl=queue, MessageBody=json.dumps(event),
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()})
    lines = member.command("redrive", "-stack", "checkout-production", "-fleet", "platform-central", "-fleet-profile", "fleet", "-yes", "-json")
    [letter] = map(json.loads, lines.splitlines())
    assert letter["sent"] and INSTANCE in letter["what"][0] and letter["sinks"] == ["the team whose it is"], letter
    assert member.drain(queue) == [], "the letter is in the queue after it was sent"


def deploy(folder, cloud):
    """Deploys each stack to its own account, and returns the accounts as the emulator shows them."""
    accounts = {}
    for name, path in sorted(stacks(folder), key=lambda s: "central" not in s[0]):
        account = {"platform-central": CENTRAL, "checkout-production": MEMBER}[name]
        accounts[account] = one = cloud.of(account, REGION)
        one.bootstrap()
        one.publish(folder, name)
        one.physical = one.create(name, read(path))
    return accounts


def table(scratch):
    """The table of teams. The process that stands for the function has no layers."""
    return glob.glob(f"{scratch}/central/asset.*/extraeye/table.jsonl")[0]


def run_here(scratch):
    """Puts the notifier that is compiled for this machine in place of the one of the app."""
    [bootstrap] = glob.glob(f"{scratch}/central/asset.*/bootstrap")
    shutil.copy(f"{scratch}/notifier/bootstrap", bootstrap)


def put(cloud, account):
    answer = cloud("events").put_events(Entries=[termination(account)])
    assert answer["FailedEntryCount"] == 0, answer


def on_localstack(scratch):
    """LocalStack keeps the account of an event that it forwards."""
    os.environ["LS_PROCESS_ENV_EXTRAEYE_TABLE"] = table(scratch)
    recipients, moto = Recipients(), servers.moto(scratch)
    cloud, _ = servers.localstack(scratch, recipients)
    accounts = deploy(f"{scratch}/central", cloud)
    for identity in ("example.com", "ops@example.com"):
        moto.of(CENTRAL, REGION)("sesv2").create_email_identity(EmailIdentity=identity)
    for service, operation in {"autoscaling": "describe_scaling_activities", "ec2": "describe_instances", "codedeploy": "list_deployments"}.items():
        getattr(moto.of(MEMBER, REGION)(service), operation)()  # which takes moto some seconds, once

    def mails(to):
        sent = json.loads(get(servers.MOTO + "/moto-api/data.json")).get("ses", {}).get("Message", [])
        return [json.dumps(m) for m in sent if to in json.dumps(m)]

    accounts[MEMBER]("iam").create_account_alias(AccountAlias=ALIAS)

    for account, to in {MEMBER: "checkout@example.com", CENTRAL: "platform@example.com"}.items():
        put(accounts[account], account)
        mail = until(f"LocalStack: a mail to {to}", lambda: mails(to), 90)
        assert len(mail) == 1 and GROUP in mail[0] and account in mail[0] and REGION in mail[0], mail
        assert "the first in a day" in mail[0], mail  # which is looked up
        assert (ALIAS in mail[0]) == (account == MEMBER), mail  # which only a role of the account may look up
    redrive(scratch, accounts[MEMBER])
    again = until("LocalStack: a mail of what could not be forwarded", lambda: (found := mails("checkout@example.com"))[1:] and found, 90)
    assert len(again) == 2 and all(GROUP in m and MEMBER in m and ALIAS in m for m in again), again
    print("LocalStack: an event of one account became a mail of the other, with what was looked up in the one, to the team whose account it is; and so did one of the Fleet's own account, and one that could not be forwarded")


def on_ministack(scratch):
    """MiniStack has no policies of buses, and delivers neither to the bus of another account nor mail."""
    cloud = servers.ministack(scratch)
    refuses = cloud.refuses
    cloud.refuses = lambda r: refuses(r) or r["Type"] == "AWS::Events::EventBusPolicy"
    central = deploy(f"{scratch}/central", cloud)[CENTRAL]
    function, group = (next(p for id, p in central.physical.items() if id.startswith("FleetNotifier" + kind)) for kind in ("Function", "LogGroup"))
    central("lambda").update_function_configuration(FunctionName=function, Environment={"Variables": {"EXTRAEYE_TABLE": table(scratch)}})
    put(central, CENTRAL)
    until("MiniStack: the function knows whom to notify", lambda: [line for line in central.log(group) if '"sink":"email"' in line], 120)
    print("MiniStack: both templates are deployed; an event went from the default bus by the Fleet's own to the function. The emulator delivers "
          "neither to the bus of another account nor mail")


if __name__ == "__main__":
    run_here(sys.argv[1])
    on_localstack(sys.argv[1])
    on_ministack(sys.argv[1])
