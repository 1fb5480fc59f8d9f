"""Deploys the apps, puts AWS's events on the bus, and follows them to everyone who is notified."""
import base64
import collections
import glob
import io
import json
import os
import sys
import time
import zipfile

import servers
from cloud import ACCOUNT, REGION, get, read, until
from recipients import Recipients

SECRETS = {
    "slack": "xoxb-1-2-3", "slack-webhook": "https://hooks.slack.com/services/T0/B0/x", "teams": "https://teams.example.com/workflows/x",
    "pagerduty": "0" * 32, "newrelic": "NRAK-1", "datadog": "dd", "grafana": "glsa_1", "signing": "whsec_" + base64.b64encode(b"k" * 32).decode(),
}
# Where each sink's messages arrive, by the name that the function's log has for it.
HOSTS = {
    "slack": ["slack.com", "hooks.slack.com"], "teams": ["teams.example.com"], "pagerduty": ["events.pagerduty.com"],
    "newrelic": ["api.newrelic.com"], "datadog": ["api.datadoghq.com"], "grafana": ["grafana.example.com"], "webhook": ["hook.example.com"],
}


def events():
    """The rehearsal's built-in events, for the emulator's account and Region."""
    for path in sorted(glob.glob("cmd/extraeye/internal/rehearse/samples/events/*.json")):
        text = read(path).decode().replace("123456789012", ACCOUNT)
        yield path.rsplit("/", 1)[1].removesuffix(".json"), json.loads(text)
    yield "my-app", {"source": "my.app", "detail-type": "Thing", "resources": [], "detail": {"state": "FAILED", "what": 'quote " backslash \\ line\nbreak <x>'}}


def put(cloud, event):
    """Puts an event on the bus, and returns its ID."""
    answer = cloud("events").put_events(Entries=[{
        "Source": event["source"], "DetailType": event["detail-type"], "Resources": event["resources"], "Detail": json.dumps(event["detail"]),
    }])
    assert answer["FailedEntryCount"] == 0, answer
    return answer["Entries"][0]["EventId"]


def seed(cloud, aws):
    """Makes what the app expects to be there. Moto answers for the emulator where aws is moto."""
    for name, value in SECRETS.items():
        cloud("secretsmanager").create_secret(Name=name, SecretString=value)
    cloud("iam").create_account_alias(AccountAlias="acme-production")
    for identity in ("example.com", "ops@example.com"):
        aws("sesv2").create_email_identity(EmailIdentity=identity)


class Walk:
    """The app with everything, deployed to one emulator."""

    def __init__(self, cloud, recipients, lines, mails, refused=frozenset()):
        """lines returns what the function has logged by now, and mails how many were sent. The
        emulator refuses what is sent to some sinks."""
        self.cloud, self.recipients, self.lines, self.mails, self.refused = cloud, recipients, lines, mails, set(refused)
        self.got = collections.Counter()  # messages by sink

    def deploy(self, folder):
        self.physical = self.cloud.deploy(f"{folder}/app")

    def examples(self, folder):
        """Deploys every example, at last: some see all events of the bus."""
        for app in sorted(set(glob.glob(f"{folder}/*")) - {f"{folder}/app", f"{folder}/many"}):
            self.cloud.deploy(app)

    def queue(self, id):
        """The messages of a queue, by the beginning of its logical ID."""
        urls = [p for logical, p in sorted(self.physical.items()) if logical.startswith(id) and "/" in str(p)]
        assert urls, f"no queue {id} in {sorted(self.physical)}"
        return [json.loads(m["Body"]) if m["Body"].startswith("{") else m["Body"] for m in self.cloud.drain(urls[0])]

    def outcomes(self, events):
        """What the function logged of events, as [event, sink, outcome, attempt]."""
        found = []
        for line in self.lines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue
            if entry.get("event") in events and "outcome" in entry:
                found.append([entry[name] for name in ("event", "sink", "outcome", "attempt")])
        return found

    def settled(self, events, seconds, functions=1):
        """Waits until each event is dealt with by so many functions and nothing is to be sent later, and returns the outcomes."""
        last, since, end = None, time.monotonic(), time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.outcomes(events)
            if found != last:
                last, since = found, time.monotonic()
            missing = set(events) - {f[0] for f in found}
            begun, ended = sum(f[3] == 0 for f in found), sum(f[2] != "later" for f in found)
            if not missing and begun == ended and len(found) >= functions and time.monotonic() - since > 5:
                return found
            time.sleep(0.5)
        raise SystemExit(f"{self.cloud.name}: after {seconds} s: not logged: {[events[id] for id in missing]}; begun {begun}, ended {ended}")

    def arrived(self, name):
        """How many messages of a sink arrived since the last time."""
        if name == "email":
            total = self.mails()
        elif name in ("topic", "amazonq"):
            total = self.got[name] + len(self.queue({"topic": "TopicQueue", "amazonq": "ChatQueue"}[name]))
        else:
            total = sum(self.recipients.count(host) for host in HOSTS[name])
        new, self.got[name] = total - self.got[name], total
        return new

    def everything(self, chosen):
        """Puts events on the bus: each arrives as it is, and everybody is notified who is to be."""
        put_as = {put(self.cloud, e): (name, e) for name, e in chosen}
        found = self.settled({id: name for id, (name, _) in put_as.items()}, 300)
        raw = collections.defaultdict(list)
        for e in self.queue("Queue"):
            raw[e["id"]].append(e["detail"])
        for id, (name, e) in put_as.items():
            assert raw[id] and all(detail == e["detail"] for detail in raw[id]), f"{name} is not in the queue as it was: {raw[id]}"
        count = lambda outcome: collections.Counter(sink for _, sink, o, _ in found if o == outcome)  # noqa: E731
        sent, later, failed = count("sent"), count("later"), count("failed")
        for sink, n in sorted(sent.items()):
            got = self.arrived(sink)
            # One that answers too late on a busy machine has a message twice.
            assert n <= got <= 2 * n, f"{n} messages were sent to {sink}, and {got} arrived"
        assert set(sent) | self.refused == {"email", "topic", "amazonq", *HOSTS}, f"sinks that nothing was sent to: {sent}"
        letters = collections.Counter(name for letter in self.queue("NotifierDeadLetterQueue") for name in letter["retry"]["sink"])
        assert letters == failed and set(failed) == self.refused, f"failed: {failed}, dead letters: {letters}"
        print(f"{self.cloud.name}: {len(put_as)} events, {sum(sent.values())} messages to {len(sent)} kinds of sinks, all arrived; "
              f"{sum(count('skipped').values())} skipped, {sum(later.values())} late, {sum(letters.values())} dead letters")

    def outage(self, event):
        """Slack is down for a minute, and Teams has lost its webhook: one is late, the other a dead letter."""
        self.recipients.down = {"slack.com": (503, "down"), "teams.example.com": (404, "gone")}
        id = put(self.cloud, event)
        until(f"{self.cloud.name}: the outage is noticed", lambda: {"slack", "teams"} <= {f[1] for f in self.outcomes([id]) if f[2] in ("later", "failed")}, 90)
        before, self.recipients.down = self.recipients.count("slack.com"), {}
        found = self.settled({id: "an event in an outage"}, 180)
        assert self.recipients.count("slack.com") > before, found
        late = [body for host, body in self.recipients.got if host == "slack.com"][-1]
        assert " late" in late and "503" in late, late
        healthy = collections.Counter(sink for _, sink, outcome, _ in found if outcome == "sent" and sink not in ("slack", "teams"))
        assert healthy and set(healthy.values()) == {1}, f"healthy sinks were notified more than once: {found}"
        self.redrive()
        print(f"{self.cloud.name}: an outage made one message late; what could not pass was in the dead-letter queue, with its reason, and was sent again from there")

    def redrive(self):
        """The command lists what Teams did not take, and sends it again, now that Teams has its webhook."""
        def letters(*arguments):
            lines = self.cloud.command("redrive", "-stack", "everything", "-json", *arguments)
            return [l for l in map(json.loads, lines.splitlines()) if "teams" in l["sinks"]]

        listed = letters()
        assert len(listed) == 1 and "404" in listed[0]["reason"] and not listed[0]["sent"], listed
        before = self.recipients.count("teams.example.com")
        assert [l["sent"] for l in letters("-yes", "-message", listed[0]["id"])] == [True]
        until(f"{self.cloud.name}: Teams has what was sent again", lambda: self.recipients.count("teams.example.com") == before + 1, 60)
        time.sleep(3)  # in which it would come back
        assert letters() == [], "the letter is in the queue after it was sent"
        left = [m for m in self.queue("NotifierDeadLetterQueue") if not self.refused & set(m["retry"]["sink"])]
        assert left == [], left

    def fleet(self, folder, sample, prepare=lambda stack: None):
        """Of 300 services in 30 teams, an event notifies the team whose it is; what is nobody's, the others. Of the
        Eye that names them all, an event of any service becomes a mail."""
        self.cloud.deploy(f"{folder}/many")
        for stack in ("many-teams", "many-names"):
            prepare(stack)

        def messages():
            with self.recipients.lock:
                return [body for host, body in self.recipients.got if host == "slack.com"]

        for number in (0, 73, 299, None):
            group = "nobodys" if number is None else f"some-service-{number:03}-production"
            channel = "" if number is None else f"C{number // 10:09}"
            event = {**sample, "detail": {**sample["detail"], "AutoScalingGroupName": group}}
            before, mails = len(messages()), self.mails()
            id = put(self.cloud, event)
            found = self.settled({id: group}, 120, functions=1 if number is None else 2)
            sent = collections.Counter(sink for _, sink, outcome, _ in found if outcome == "sent")
            want = {"email": 1} if number is None else {"email": 2, "slack": 1}
            assert sent == {s: n for s, n in want.items() if s not in self.refused}, found
            new = messages()[before:]
            assert len(new) == sent["slack"] and all(channel in m and group in m for m in new), new
            assert self.mails() - mails == sent["email"], found
        print(f"{self.cloud.name}: events of a Fleet of 300 services notified the teams whose they were, and those of an Eye of 300 names everybody")


def on_localstack(scratch, chosen):
    recipients, moto = Recipients(), servers.moto(scratch)
    cloud, record = servers.localstack(scratch, recipients)

    def lines():
        if not os.path.exists(record):
            return []
        return [line for entry in read(record).decode().splitlines() for line in json.loads(entry)["logs"].splitlines()]

    def mails():
        return len(json.loads(get(servers.MOTO + "/moto-api/data.json")).get("ses", {}).get("Message", []))

    cloud.bootstrap()
    seed(cloud, moto)
    walk = Walk(cloud, recipients, lines, mails)
    walk.deploy(f"{scratch}/synth")
    walk.everything(chosen)
    walk.outage(dict(chosen)["my-app"])
    walk.fleet(f"{scratch}/synth", dict(chosen)["100-termination-elb-health-check"])
    walk.examples(f"{scratch}/synth")


def on_ministack(scratch, chosen):
    recipients, cloud = Recipients(), servers.ministack(scratch)
    cloud.bootstrap()
    seed(cloud, cloud)
    groups = []

    def prepare(stack):
        """Redirects the function of a stack, as a rehearsal does, and reads its log from now on."""
        found = cloud("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
        group, function = (next(r["PhysicalResourceId"] for r in found if r["LogicalResourceId"].startswith(id)) for id in ("NotifierLogGroup", "NotifierFunction"))
        groups.append(group)
        configuration = cloud("lambda").get_function_configuration(FunctionName=function)
        variables = {**configuration.get("Environment", {}).get("Variables", {}), "EXTRAEYE_REHEARSAL": recipients.url}
        for layer in configuration.get("Layers", []):  # which it keeps, and does not put where a function finds them
            path = cloud("lambda").get_layer_version_by_arn(Arn=layer["Arn"])["Content"]["Location"].split("/", 3)[3]
            with zipfile.ZipFile(io.BytesIO(get(f"{cloud.endpoint}/{path}", cloud.certificate))) as z:
                z.extractall(f"{scratch}/opt")
            variables["EXTRAEYE_TABLE"] = f"{scratch}/opt/extraeye/table.jsonl"
        cloud("lambda").update_function_configuration(FunctionName=function, Environment={"Variables": variables})

    # It asks for the permission to send mail from every identity there is.
    walk = Walk(cloud, recipients, lambda: [line for group in groups for line in cloud.log(group)], lambda: 0, refused={"email"})
    walk.deploy(f"{scratch}/synth")
    prepare("everything")
    walk.everything(chosen)
    walk.outage(dict(chosen)["my-app"])
    walk.fleet(f"{scratch}/synth", dict(events())["100-termination-elb-health-check"], prepare)
    walk.examples(f"{scratch}/synth")


if __name__ == "__main__":
    on_localstack(sys.argv[1], list(events()))
    on_ministack(sys.argv[1], list(events())[::6] + list(events())[-1:])  # a few of each kind: it is about what the role may do
