"""The model of Datadog's own client takes every event, and knows all of it. Then the
documented limits, and what would act in a text."""

import json
import re

from datadog_api_client.configuration import Configuration
from datadog_api_client.model_utils import validate_and_convert_types
from datadog_api_client.v1.model.event_create_request import EventCreateRequest

from messages import check


def problems(_, body):
    event = json.loads(body)
    read = validate_and_convert_types(event, (EventCreateRequest,), ["event"], True, True, configuration=Configuration())
    if getattr(read, "_unparsed", False) or read._data_store.keys() - read.attribute_map.keys():
        yield f"the client does not know {list(read._data_store)}"
    if read.to_dict() != event:
        yield f"the client reads {read.to_dict()}"
    # https://docs.datadoghq.com/api/latest/events/post-an-event
    if not 1 <= len(event["title"]) <= 500 or not 1 <= len(event["text"]) <= 4000 or len(event.get("aggregation_key", "")) > 100:
        yield "too long"
    # https://docs.datadoghq.com/getting_started/tagging/#define-tags
    for tag in event["tags"]:
        if not re.fullmatch(r"[^\W\d_][\w\-:./]{0,199}", tag) or tag != tag.lower():
            yield f"tag {tag}"
    if "%%%" in event["text"] or re.search(r"(?<!\w)@\w", event["text"]):
        yield "Markdown or a mention"


check("datadog", problems)
