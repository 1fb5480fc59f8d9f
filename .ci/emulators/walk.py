"""Deploys the apps, puts AWS's events on the bus, and follows them to everyone who is notified."""
import base64
import collections
import glob
import json
import os
import sys
import time

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
        for app in sorted(glob.glob(f"{folder}/*")):
            physical = self.cloud.deploy(app)
            if app.endswith("/app"):
                self.physical = physical

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

    def settled(self, events, seconds):
        """Waits until each event is dealt with and nothing is to be sent later, and returns the outcomes."""
        last, since, end = None, time.monotonic(), time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.outcomes(events)
            if found != last:
                last, since = found, time.monotonic()
            missing = set(events) - {f[0] for f in found}
            begun, ended = sum(f[3] == 0 for f in found), sum(f[2] != "later" for f in found)
            if not missing and begun == ended and time.monotonic() - since > 5:
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
        letters = [m for m in self.queue("NotifierDeadLetterQueue") if "teams" in m["retry"]["sink"]]
        assert len(letters) == 1 and "404" in json.dumps(letters[0]["deadLetter"]), letters
        print(f"{self.cloud.name}: an outage made one message late; what cannot pass is in the dead-letter queue, with its reason")


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


def on_ministack(scratch, chosen):
    recipients, cloud = Recipients(), servers.ministack(scratch)
    cloud.bootstrap()
    seed(cloud, cloud)
    # It asks for the permission to send mail from every identity there is.
    walk = Walk(cloud, recipients, lambda: cloud.log(walk.physical["log"]), lambda: 0, refused={"email"})
    walk.deploy(f"{scratch}/synth")
    walk.physical["log"] = next(p for id, p in walk.physical.items() if id.startswith("NotifierLogGroup"))
    function = next(p for id, p in walk.physical.items() if id.startswith("NotifierFunction"))
    variables = cloud("lambda").get_function_configuration(FunctionName=function).get("Environment", {}).get("Variables", {})
    cloud("lambda").update_function_configuration(FunctionName=function, Environment={"Variables": {**variables, "EXTRAEYE_REHEARSAL": recipients.url}})
    walk.everything(chosen)
    walk.outage(dict(chosen)["my-app"])


if __name__ == "__main__":
    on_localstack(sys.argv[1], list(events()))
    on_ministack(sys.argv[1], list(events())[::6] + list(events())[-1:])  # a few of each kind: it is about what the role may do
