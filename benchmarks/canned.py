"""A server that answers from memory what the local AWS answered once.

In a process of its own: what it costs is in nobody's figures. The first time it sees a
request it asks the local AWS; the warm-up before each measurement sees to that.
"""

import http.client
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

KEPT_HEADERS = ("Content-Type", "x-amz-crc32", "x-amzn-RequestId")


class CannedServer:
    """A context manager; `endpoint` is where it listens."""

    def __init__(self, upstream: str):
        self.upstream = upstream

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.canned", self.upstream],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.endpoint = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *error: object) -> None:
        with self.process:
            self.process.terminate()


class Replay(BaseHTTPRequestHandler):
    """Answers by operation and body, whoever signed it and when."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    upstream = ""
    recorded: dict[tuple[str, bytes], bytes] = {}
    recording = threading.Lock()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = (self.headers["X-Amz-Target"], body)
        if key not in self.recorded:
            with self.recording:
                self.recorded[key] = self.ask(body)
        self.wfile.write(self.recorded[key])

    def ask(self, body: bytes) -> bytes:
        """The local AWS's answer as it goes over the wire, in one piece."""
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc, timeout=60)
        try:
            connection.request("POST", "/", body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        kept = "".join(
            f"{name}: {answer.headers[name]}\r\n" for name in KEPT_HEADERS if name in answer.headers
        )
        head = f"HTTP/1.1 {answer.status} {answer.reason}\r\n{kept}Content-Length: {len(content)}"
        return f"{head}\r\n\r\n".encode() + content

    def log_message(self, format: str, *args: object) -> None:
        pass


def main(upstream: str) -> None:
    Replay.upstream = upstream
    server = ThreadingHTTPServer(("127.0.0.1", 0), Replay)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
