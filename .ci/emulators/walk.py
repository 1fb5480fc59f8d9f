"""Deploys the apps, puts AWS's events on the bus, and follows them to everyone who is notified."""
import base64
import collections
import glob
import json
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


def url(physical, id):
    """The URL of a queue, by the beginning of its logical ID."""
    found = [p for logical, p in physical.items() if logical.startswith(id) and "/" in str(p)]
    assert found, f"no queue {id} in {sorted(physical)}"
    return found[0]


class Walk:
    """The app with everything, deployed to one emulator."""

    def __init__(self, cloud, aws, recipients, lines, scratch):
        """lines returns what the function has logged by now."""
        self.cloud, self.aws, self.recipients, self.lines, self.scratch = cloud, aws, recipients, lines, scratch

    def deploy(self):
        for app in sorted(glob.glob(f"{self.scratch}/synth/*")):
            physical = self.cloud.deploy(app)
        self.physical = self.cloud.deploy(f"{self.scratch}/synth/app")

    def outcomes(self, events):
        """What the function logged of events: (event, watch, sink, outcome), with how often."""
        found = collections.Counter()
        for line in self.lines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue
            if entry.get("event") in events and "outcome" in entry:
                found[entry["event"], entry["watch"], entry["sink"], entry["outcome"]] += 1
        return found

    def settled(self, events, seconds=60):
        """Waits until nothing more is logged of events, and returns what was."""
        last, since, end = None, time.monotonic(), time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.outcomes(events)
            if found != last:
                last, since = found, time.monotonic()
            if time.monotonic() - since > 5 and found:
                return found
            time.sleep(0.5)
        raise SystemExit(f"{self.cloud.name}: events are still under way after {seconds} s: {last}")
