"""An SES of a test's own: takes what is sent, or refuses it as SES does."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest

from mails.backend import PromptSESBackend

NAMESPACE = "http://ses.amazonaws.com/doc/2010-12-01/"
SENT = (
    f'<SendRawEmailResponse xmlns="{NAMESPACE}"><SendRawEmailResult><MessageId>0-1</MessageId>'
    "</SendRawEmailResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>"
    "</SendRawEmailResponse>"
)
QUOTA = (
    f'<GetSendQuotaResponse xmlns="{NAMESPACE}"><GetSendQuotaResult><Max24HourSend>200.0'
    "</Max24HourSend><SentLast24Hours>1.0</SentLast24Hours><MaxSendRate>14.0</MaxSendRate>"
    "</GetSendQuotaResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>"
    "</GetSendQuotaResponse>"
)
REFUSED = (
    '<ErrorResponse xmlns="{namespace}"><Error><Type>Sender</Type><Code>{code}</Code>'
    "<Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
)


class SES:
    """`requests` has the parameters of each; `refusal` a code and a sentence, or None; `status` is
    that of a refusal, of which there are `refusals` at most, `sent` the answer to what is taken."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []
        self.refusal: tuple[str, str] | None = None
        self.status, self.refusals = 400, 1000
        self.sent = SENT

    def answer(self, body: str) -> tuple[int, str]:
        self.requests.append(dict(parse_qsl(body)))
        if self.requests[-1]["Action"] == "GetSendQuota":
            return 200, QUOTA
        if self.refusal is None or len(self.requests) > self.refusals:
            return 200, self.sent
        code, message = self.refusal
        return self.status, REFUSED.format(namespace=NAMESPACE, code=code, message=message)

    @property
    def mail(self) -> Message:
        """The last mail that was sent, as it went over the wire."""
        return message_from_bytes(base64.b64decode(self.requests[-1]["RawMessage.Data"]))


@contextmanager
def served(ses: SES) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, text = ses.answer(body.decode())
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["native", "boto3"])
def ses(
    request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SES]:
    """Where the shop's mails go in this test, by one client and by the other."""
    ses = SES()
    settings.SES_CLIENT = request.param
    with served(ses) as url:
        settings.EMAIL_BACKEND = "mails.backend.PromptSESBackend"
        settings.AWS_SES_REGION_ENDPOINT_URL = url
        monkeypatch.setattr(PromptSESBackend, "client", None)
        yield ses
