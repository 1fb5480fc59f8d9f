"""Slack's own models take every message, and find nothing to object to. Then the
documented limits that they do not know."""

import inspect
import json
import logging

from slack_sdk.models.attachments import BlockAttachment
from slack_sdk.models.blocks import Block
from slack_sdk.models.metadata import Metadata
from slack_sdk.web import WebClient

from messages import check, units

warnings = []


class Keep(logging.Handler):
    def emit(self, record):
        warnings.append(record.getMessage())


logging.getLogger().addHandler(Keep())

# https://docs.slack.dev/reference/block-kit/blocks
LONGEST = {"section": 3000, "header": 150, "context": 3000}


def limits(block):
    kind = block["type"]
    if "text" in block and not 1 <= units(block["text"]["text"]) <= LONGEST[kind]:
        yield f"{kind} of {units(block['text']['text'])} characters"
    fields, elements = block.get("fields", []), block.get("elements", [])
    if len(fields) > 10 or any(not 1 <= units(f["text"]) <= 2000 for f in fields):
        yield f"{len(fields)} fields"
    if kind == "section" and "text" not in block and not fields:
        yield "an empty section"
    if kind == "context" and not 1 <= len(elements) <= 10 or kind == "actions" and not 1 <= len(elements) <= 25:
        yield f"{kind} of {len(elements)} elements"
    texts = [block["text"]] if "text" in block else []
    for element in elements:
        if element["type"] == "button":
            if not 1 <= units(element["text"]["text"]) <= 75 or not 1 <= units(element["url"]) <= 3000:
                yield "a long button"
        else:
            texts.append(element)
    for text in texts + fields:
        if not text["text"].strip():
            yield "a text of spaces"
        if ("verbatim" if text["type"] == "plain_text" else "emoji") in text:
            yield f"{text} has what belongs to the other type of text"


# What chat.postMessage takes.
PARAMETERS = inspect.signature(WebClient.chat_postMessage).parameters


def threading(message):
    unknown = [name for name in message if name not in PARAMETERS]
    if unknown:
        yield f"the client knows no {unknown}"
    if "metadata" in message:
        metadata = Metadata(**message["metadata"])
        metadata.validate_json()
        if metadata.to_dict() != message["metadata"] or not metadata.event_type.replace("_", "").isalnum():
            yield f"Slack reads {message['metadata']} as {metadata.to_dict()}"
    if message.get("reply_broadcast") and "thread_ts" not in message:
        yield "a broadcast of no reply"


def problems(_, body):
    message = json.loads(body)
    yield from threading(message)
    attachments = message.get("attachments", [])
    blocks = message["blocks"] + [b for a in attachments for b in a["blocks"]]
    if len(blocks) > 50 or not 1 <= units(message["text"]) <= 4000:
        yield f"{len(blocks)} blocks, {units(message['text'])} characters of text"
    warnings.clear()
    for raw, block in zip(blocks, Block.parse_all(blocks), strict=True):
        block.validate_json()
        if block.to_dict() != raw:
            yield f"Slack reads {raw} as {block.to_dict()}"
        yield from limits(raw)
    for attachment in attachments:
        parsed = Block.parse_all(attachment["blocks"])
        BlockAttachment(blocks=parsed, color=attachment["color"], fallback=message["text"]).validate_json()
    yield from warnings


check("slack", problems)
