"""What the peer's visitor sends by WSGI, and reads."""

import json
from typing import Any

import pytest

from benchmarks.peers.sides import Answer, Visitor, session_of


class Body(list[bytes]):
    closed = False

    def close(self) -> None:
        self.closed = True


def test_a_request_is_sent_again_whole() -> None:
    """GIVEN a POST that was sent once WHEN it is sent again THEN its body is there again."""
    read: list[Any] = []
    body = Body([b'{"id":', b" 1}"])

    def handler(environ: dict[str, Any], start: Any) -> Body:
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        read.append(
            (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["HTTP_COOKIE"],
             json.loads(sent))
        )  # fmt: skip
        start("200 OK", [("Set-Cookie", "sessionid=abc; Path=/")])
        return body

    visitor = Visitor(handler)
    environ = visitor.request("basket/", "sessionid=x", {"quantity": 1})
    answers = [visitor.send(environ), visitor.send(environ)]

    assert read == [("POST", "/api/basket/", "sessionid=x", {"quantity": 1})] * 2
    assert [answer.json() for answer in answers] == [{"id": 1}] * 2
    assert session_of(answers[0]) == "sessionid=abc"
    assert body.closed


def test_a_get_has_no_body() -> None:
    environ = Visitor(lambda environ, start: Body()).request("products/")
    assert (environ["REQUEST_METHOD"], environ["CONTENT_LENGTH"]) == ("GET", "0")


def test_a_refusal_is_no_figure() -> None:
    with pytest.raises(AssertionError, match="406 Not Acceptable"):
        Answer("406 Not Acceptable", [], b"{}").json()
