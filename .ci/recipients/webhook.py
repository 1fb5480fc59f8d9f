"""The library of Standard Webhooks verifies every request, and none that was changed."""

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from messages import check

# The secret of lambda/notifier's tests.
webhook = Webhook("0123456789abcdef0123456789abcdef")


def problems(message, body):
    headers = {name.lower(): values[0] for name, values in message["Header"].items()}
    webhook.verify(body, headers)
    for changed in (body + " ", body.replace("e", "f", 1)):
        try:
            webhook.verify(changed, headers)
            yield "a changed body is verified"
        except WebhookVerificationError:
            pass


check("webhook", problems)
