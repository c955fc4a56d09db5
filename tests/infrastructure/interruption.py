"""A deployment that is killed on its way: by a proxy before the local AWS, which counts the calls
that change anything, and kills whoever made one once AWS has done it, before it hears so.

From outside, and of any process: Zappa's, manage.py's, our own.
"""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Collection
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

from infrastructure.targets import ROOT

READING = ("Get", "List", "Describe", "Query", "Scan", "BatchGet")
# What is a name or an id in a path, and no part of an operation.
NAMES = re.compile(
    r"arn%3A.*?%3Afunction%3A[^/]*|shop-[^/]*|[0-9a-f]{6,}(-[0-9a-f]+)*"
    r"|(?<=models/)\w+|(?<=gatewayresponses/)\w+|(?<=methods/)\w+|(?<=stages/)\w+|(?<=policy/)\w+"
)
HOP = {"connection", "transfer-encoding", "content-length"}

PACKED = str(Path(__file__).with_name("packed"))


class Proxy:
    """Passes on to the AWS at `endpoint`, and kills `deployment` after each kind of call once;
    a context manager. `after` names the only kinds that are meant, where given."""

    def __init__(self, endpoint: str, after: Collection[str] | None = None):
        self.target = urlsplit(endpoint)
        self.after = after
        self.broken: list[str] = []  # after which calls, in order
        self.lock = threading.Lock()
        self.may_break = False
        self.deployment: subprocess.Popen[str] | None = None
        handler = type("Bound", (Handler,), {"proxy": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def deploy(self, stage: str, package: Path | None = None) -> tuple[int, str]:
        """`make deploy` through here; its exit code, -9 if it was killed, and what it said.

        `package`, made before, goes out in place of a new one.
        """
        packed = {"SHOP_TEST_PACKAGE": str(package), "PYTHONPATH": PACKED} if package else {}
        self.may_break = True
        self.deployment = subprocess.Popen(
            [sys.executable, "-m", "infrastructure", "deploy", stage],
            cwd=ROOT,
            env={**os.environ, **packed, "AWS_ENDPOINT_URL": self.endpoint},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that all that it starts goes with it
        )
        said, _ = self.deployment.communicate()
        return self.deployment.returncode, said

    def note(self, operation: str) -> None:
        """After AWS has done it."""
        meant = self.after is None or operation in self.after
        with self.lock:
            if meant and self.may_break and self.deployment and operation not in self.broken:
                self.broken.append(operation)
                self.may_break = False  # one kind a deployment
                os.killpg(self.deployment.pid, signal.SIGKILL)


class Handler(BaseHTTPRequestHandler):
    """One connection of the deployment's."""

    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):  # whoever was killed
            super().handle_one_request()

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.proxy.target
        upstream = http.client.HTTPConnection(str(target.hostname), target.port, timeout=120)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        upstream.request(self.command, self.path, body, headers)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        operation = operation_of(self.command, self.path, self.headers, body)
        if operation and answer.status < 400:
            self.proxy.note(operation)
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = pass_on

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the deployment speaks for itself."""


def operation_of(verb: str, path: str, headers: Message, body: bytes) -> str | None:
    """A name for what a request changes in AWS; None if it changes nothing."""
    if path.startswith("/_"):  # a customer's
        return None
    if name := headers.get("X-Amz-Target"):
        operation = name.rpartition(".")[2]
        return None if operation.startswith(READING) else operation
    if "x-www-form-urlencoded" in headers.get("Content-Type", ""):
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form["Action"].startswith(READING):
            return None
        stack = form.get("StackName", "").split("-", 2)  # shop-dev-infrastructure, or shop-dev
        return " ".join([form["Action"], *stack[2:]])
    if verb in {"GET", "HEAD"}:
        return None
    if "s3" in headers.get("Authorization", "").split("/aws4_request")[0]:
        return f"{verb} object"
    return f"{verb} {NAMES.sub('*', urlsplit(path).path)}"
