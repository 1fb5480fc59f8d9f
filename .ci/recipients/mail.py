"""Python's mail package writes and reads every mail, and has no objection to its addresses
and headers."""

import email
import email.message
import email.policy
import json
import re

from email_validator import validate_email

from messages import check

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\U000e0000-\U000e007f]")


def address_problems(request):
    to = request["Destination"]
    for address in [request["FromEmailAddress"], *to["ToAddresses"], *to.get("CcAddresses", []), *request.get("ReplyToAddresses", [])]:
        header = email.message_from_string(f"To: {address}\n\n", policy=email.policy.default)["To"]
        if header.defects or len(header.addresses) != 1:
            yield f"{address} reads as {header.addresses}: {header.defects}"
            continue
        validate_email(header.addresses[0].addr_spec, check_deliverability=False, test_environment=True)


def problems(_, body):
    request = json.loads(body)
    yield from address_problems(request)
    simple = request["Content"]["Simple"]
    subject, html, text = simple["Subject"]["Data"], simple["Body"]["Html"]["Data"], simple["Body"]["Text"]["Data"]

    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["Subject"] = subject
    for header in simple["Headers"]:
        mail[header["Name"]] = header["Value"]
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    back = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    if back.defects or back["Subject"].strip() != subject.strip():
        yield f"{subject} reads as {back['Subject']}: {back.defects}"

    # https://github.com/hteumeuleu/email-bugs/issues/41
    if len(html.encode()) > 102 << 10:
        yield f"Gmail clips HTML of {len(html.encode())} bytes"
    if not text.strip() or HIDDEN.search(subject + html + text) or "\n" in subject:
        yield "no text, or characters that nobody sees"
    for url in re.findall(r'href="([^"]*)"', html):
        if not re.fullmatch(r"""https?://[^\s"<>|\\^`]+""", url):
            yield f"link to {url}"
    if "<script" in html.lower() or re.search(r"(?i)<[^>]* on\w+=", re.sub(r'"[^"]*"', '""', html)):
        yield "a script"
    for header in simple["Headers"]:
        if header["Name"] == "References" and not re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", header["Value"]):
            yield f"References: {header['Value']}"


check("email", problems)
