"""Starts the emulators on this machine."""
import atexit
import os
import signal
import subprocess
import sys
import urllib.error

from cloud import Cloud, get, until

MOTO = "http://127.0.0.1:5555"
# What LocalStack's open core does not have, and moto does.
IN_MOTO = ["SESV2", "AUTO_SCALING", "EC2", "CODEDEPLOY", "CLOUDTRAIL", "ECS"]


def start(name, scratch, command, environment):
    """Starts a server in a process group of its own, which ends with this program."""
    log = open(f"{scratch}/{name}.log", "w")
    server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    atexit.register(lambda: server.poll() is None and os.killpg(server.pid, signal.SIGKILL))
    return server


def answers(url):
    """Whether a server answers at all."""
    try:
        get(url)
    except urllib.error.HTTPError:
        return True
    except (OSError, urllib.error.URLError):
        return False
    return True


def moto(scratch):
    start("moto", scratch, [f"{scratch}/moto/bin/moto_server", "-H", "127.0.0.1", "-p", "5555"], {})
    until("moto", lambda: answers(MOTO + "/moto-api/data.json"), 60)
    return Cloud("moto", MOTO)


def localstack(scratch, recipients):
    record = f"{scratch}/invocations.jsonl"
    folder = f"{scratch}/localstack-files"
    os.makedirs(folder, exist_ok=True)
    function = {f"LS_PROCESS_ENV_AWS_ENDPOINT_URL_{service}": MOTO for service in IN_MOTO}
    function["LS_PROCESS_ENV_EXTRAEYE_REHEARSAL"] = recipients.url
    function["LS_PROCESS_OPT_EXTRAEYE_TABLE"] = "extraeye/table.jsonl"
    start("localstack", scratch, [f"{scratch}/localstack/bin/python", "-m", "localstack.runtime.main"], {
        **function, "LAMBDA_RUNTIME_EXECUTOR": "process", "LS_PROCESS_RECORD": record,
        "GATEWAY_LISTEN": "127.0.0.1:4566", "LOCALSTACK_HOST": "127.0.0.1:4566", "DNS_ADDRESS": "0",
        "DISABLE_EVENTS": "1", "SKIP_SSL_CERT_DOWNLOAD": "1", "SKIP_INFRA_DOWNLOADS": "1", "LAMBDA_RETRY_BASE_DELAY": "2",
        "FILESYSTEM_ROOT": folder, "TMPDIR": folder, "XDG_CACHE_HOME": folder + "/cache",
    })
    until("LocalStack", lambda: answers("http://127.0.0.1:4566/_localstack/health"), 120)
    return Cloud("LocalStack", "http://127.0.0.1:4566"), record


def ministack(scratch):
    certificate, port = f"{scratch}/certificate.pem", "4577"
    endpoint = f"https://127.0.0.1:{port}"
    # Only AWS may put events of its own sources on a bus: here, this program is AWS.
    program = "from ministack.services import eventbridge as e; e._put_events.__defaults__ = (True,); from ministack import app; app.main()"
    start("ministack", scratch, [f"{scratch}/ministack/bin/python", "-c", program], {
        "AUTH": "true", "GATEWAY_PORT": port, "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1", "LAMBDA_EXECUTOR": "local", "USE_SSL": "1",
        "MINISTACK_SSL_CERT": certificate, "MINISTACK_SSL_KEY": f"{scratch}/key.pem", "SSL_CERT_FILE": certificate, "AWS_ENDPOINT_URL": endpoint,
    })
    # It refuses alarms on an expression, and does not know these types.
    lacks = ("AWS::CodeDeploy::", "AWS::Logs::QueryDefinition")
    cloud = Cloud("MiniStack", endpoint, certificate, lambda r: "Metrics" in r.get("Properties", {}) or r["Type"].startswith(lacks))

    def up():
        try:
            return cloud("sts").get_caller_identity()
        except Exception:  # whatever a server says that is starting
            return None

    until("MiniStack", up, 60)
    return cloud
