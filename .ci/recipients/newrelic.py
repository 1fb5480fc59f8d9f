"""The query is valid, and its variable fits the types of New Relic's own client."""

import json
import pathlib

from graphql import build_schema, parse, validate
from graphql.execution.values import get_variable_values

from messages import check

schema = build_schema((pathlib.Path(__file__).parent / "newrelic.graphql").read_text(encoding="utf-8"))


def problems(_, body):
    request = json.loads(body)
    document = parse(request["query"])
    for error in validate(schema, document):
        yield error.message
    values = get_variable_values(schema, document.definitions[0].variable_definitions, request["variables"])
    for error in values if isinstance(values, list) else getattr(values, "errors", None) or []:
        yield error.message
    # https://docs.newrelic.com/docs/change-tracking/config/nerdgraph
    event = request["variables"]["event"]
    if any(len(event.get(field, "")) > 4095 for field in ("description", "shortDescription")):
        yield "too long"


check("newrelic", problems)
