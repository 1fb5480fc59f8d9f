"""Every custom notification has the form that AWS documents, and Markdown keeps its lines:
Amazon Q silently drops what it cannot read."""

import json
import re
import urllib.parse

import jsonschema
import markdown_it

from messages import check, units

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT}


def an_object(required=(), **properties):
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


# https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
# https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CustomActionAttachment.html
variables = {
    "type": "object",
    "propertyNames": {"pattern": "^[A-Za-z0-9-_]{1,100}$"},
    "additionalProperties": {"type": "string", "maxLength": 1024},
}
event_type = {"type": "string", "pattern": "^[a-zA-Z0-9-]{1,100}$"}
schema = an_object(
    required=["version", "source", "content"],
    version={"const": "1.0"},
    source={"const": "custom"},
    id=TEXT,
    content=an_object(
        required=["description"],
        textType={"const": "client-markdown"}, title=TEXT, description=TEXT, nextSteps=TEXTS, keywords=TEXTS,
    ),
    metadata=an_object(threadId=TEXT, summary=TEXT, eventType=event_type, relatedResources=TEXTS, additionalContext=variables),
)
validator = jsonschema.Draft202012Validator(schema)
markdown = markdown_it.MarkdownIt()


def problems(_, body):
    notification = json.loads(urllib.parse.parse_qs(body)["Message"][0])
    for error in validator.iter_errors(notification):
        yield f"{list(error.path)}: {error.message}"
    content = notification["content"]
    text = content["description"]
    if units(text) > 8000 or len(body) > 256 << 10:
        yield f"{units(text)} characters, {len(body)} bytes"
    if re.search(r"<[!@#]|\]\(|\{\{", json.dumps(content, ensure_ascii=False)):
        yield "markup"
    if "softbreak" in [child.type for token in markdown.parse(text) for child in token.children or []]:
        yield "lines run together"


check("amazonq", problems)
