"""Everything outside of AWS that the notifier posts to, as one server on this machine: the
function is started with the variable that a rehearsal redirects it with."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What each destination answers to a message that it accepts. The sources are in the package
# of each sink, below lambda/sink.
ACCEPTED = {
    "slack.com": (200, {"ok": True, "channel": "C0123456789", "ts": "1503435956.000247", "message": {"type": "message"}}),
    "hooks.slack.com": (200, "ok"),
    "teams.example.com": (202, ""),
    "events.pagerduty.com": (202, {"status": "success", "message": "Event processed", "dedup_key": "k"}),
    "api.newrelic.com": (200, {"data": {"changeTrackingCreateEvent": {"changeTrackingEvent": {"changeTrackingId": "1"}, "messages": []}}}),
    "api.datadoghq.com": (202, {"status": "ok", "event": {"id": 1}}),
    "grafana.example.com": (200, {"id": 1, "message": "Annotation added"}),
    "hook.example.com": (204, ""),
}


class Recipients:
    """The server, what it got, and who is down."""

    def __init__(self):
        self.got, self.down, self.lock = [], {}, threading.Lock()
        recipients = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = recipients.take(self.headers["X-Extraeye-Host"].removeprefix("https://"), self.path, body)
                text = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if isinstance(answer, str) else "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def take(self, host, path, body):
        if path.startswith("/api/conversations.history"):  # asks, and sends nothing
            return 200, {"ok": True, "messages": [], "has_more": False}
        with self.lock:
            if host in self.down:
                return self.down[host]
            self.got.append((host, body.decode()))
        return ACCEPTED.get(host, (404, "who is " + host + "?"))

    def count(self, host):
        with self.lock:
            return sum(h == host for h, _ in self.got)
