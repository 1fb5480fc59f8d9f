"""The messages of the sinks, as lambda/notifier's TestMessages writes them: SINK/NAME.json
with the URL, the header and the body of a request."""

import json
import pathlib
import sys


def check(sink, problems):
    """Calls problems(message, body) for each message of a sink. It prints what problems
    yields, and ends the program with 1 if that was anything, or if there are no messages."""
    folder = pathlib.Path(sys.argv[1]) / sink
    files = sorted(folder.glob("*.json"))
    bad = 0
    for file in files:
        message = json.loads(file.read_text(encoding="utf-8"))
        found = []
        try:
            found.extend(problems(message, message["Body"]))
        except Exception as e:  # what the recipient's software raises is its verdict
            found.append(f"{type(e).__name__}: {e}")
        for problem in found:
            print(f"{sink}/{file.name}: {problem}"[:600])
        bad += bool(found)
    print(f"{sink}: {len(files) - bad} of {len(files)} messages are good")
    sys.exit(bad > 0 or not files)


def units(text):
    """The length of a text as Slack and JavaScript count it."""
    return len(text.encode("utf-16-le")) // 2
