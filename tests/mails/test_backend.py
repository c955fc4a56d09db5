"""What a mail asks of SES."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError
from django.core.mail import send_mail
from django_ses import SESBackend, cached_rate_limits
from django_ses.signals import message_sent

from dynamodb.client.retries import LONGEST_DELAY
from dynamodb.client.signing import Credentials, Signer, endpoint_of
from mails.backend import PATIENCE, PromptSESBackend
from mails.errors import Undeliverable, WrongMailAddress
from mails.once import LEASE
from mails.services import LONGEST
from mails.ses import SES as SES_API
from mails.ses import TIMEOUT, TRIES
from outbox.records import LAST_WORDS
from shop.functions import function_of
from tests.mails.ses import SENT, SES


def test_a_process_makes_one_client_and_asks_for_no_quota(
    ses: SES, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client of boto3's is 50 ms of CPU; and of its quota SES tells an account once a second."""
    clients, calls = count_boto3(monkeypatch)

    for _ in range(2):
        assert send_mail("Subject", "Text", None, ["ada@example.com"]) == 1

    assert [request["Action"] for request in ses.requests] == ["SendRawEmail"] * 2
    found = 1 if settings.SES_CLIENT == "boto3" else 0
    assert (len(clients), calls) == (found, ["SendRawEmail"] * 2 * found)


def count_boto3(monkeypatch: pytest.MonkeyPatch) -> tuple[list[SESBackend], list[str]]:
    """The sessions that django-ses makes from here on, and the operations that boto3 asks for."""
    sessions: list[SESBackend] = []
    operations: list[str] = []
    make, ask = SESBackend.create_session, BaseClient._make_api_call

    def noted_make(backend: SESBackend) -> Any:
        sessions.append(backend)
        return make(backend)

    def noted_ask(client: Any, operation: str, params: Any) -> Any:
        operations.append(operation)
        return ask(client, operation, params)

    monkeypatch.setattr(SESBackend, "create_session", noted_make)
    monkeypatch.setattr(BaseClient, "_make_api_call", noted_ask)
    return sessions, operations


def test_both_clients_ask_the_same(ses: SES, settings: Any) -> None:
    settings.AWS_SES_CONFIGURATION_SET = "shop-dev"
    settings.AWS_SES_SOURCE_ARN = "arn:aws:ses:eu-central-1:1:identity/example.com"
    send_mail("Grüße & mehr", "Text +=%", None, ["ada@example.com", "bob@example.com"])
    (request,) = ses.requests
    assert {name: value for name, value in request.items() if name != "RawMessage.Data"} == {
        "Action": "SendRawEmail",
        "Version": "2010-12-01",
        "Source": "shop@example.com",
        "Destinations.member.1": "ada@example.com",
        "Destinations.member.2": "bob@example.com",
        "SourceArn": "arn:aws:ses:eu-central-1:1:identity/example.com",
    }
    assert ses.mail["Subject"] == "=?utf-8?b?R3LDvMOfZSAmIG1laHI=?="
    assert ses.mail["X-SES-CONFIGURATION-SET"] == "shop-dev"
    assert ses.mail.get_payload(decode=True) == b"Text +=%"


def test_the_signal_and_what_it_carries(ses: SES) -> None:
    told: list[dict[str, Any]] = []

    def note(message: Any, **_: Any) -> None:
        told.append(message.extra_headers)

    message_sent.connect(note)
    try:
        send_mail("Subject", "Text", None, ["ada@example.com"])
    finally:
        message_sent.disconnect(note)
    assert told == [{"status": 200, "message_id": "0-1", "request_id": "r-1"}]


def test_a_rate_is_asked_for_where_a_setting_wants_one(ses: SES, settings: Any) -> None:
    settings.AWS_SES_AUTO_THROTTLE = 0.5
    cached_rate_limits.clear()
    send_mail("Subject", "Text", None, ["ada@example.com"])
    assert [request["Action"] for request in ses.requests] == ["GetSendQuota", "SendRawEmail"]
    assert set(cached_rate_limits.values()) == {14.0}


@pytest.mark.parametrize(
    "options",
    [
        {"aws_access_key": "a", "aws_secret_key": "b"},
        {"aws_session_profile": "shop"},
        {"use_ses_v2": True},
        {"aws_config": Config(read_timeout=9)},
    ],
)
def test_what_only_boto3_s_client_can_do(options: dict[str, Any]) -> None:
    assert PromptSESBackend(**options).needs_boto3
    assert not PromptSESBackend().needs_boto3


@pytest.mark.parametrize(
    ("status", "code", "refusals", "tries", "sent"),
    [
        (503, "ServiceUnavailable", 1, 2, True),
        (500, "InternalFailure", 1, 2, True),
        (400, "Throttling", 1, 2, True),
        (400, "Throttling", 9, 2, False),
        (400, "MessageRejected", 9, 1, False),
    ],
)
def test_one_more_try(
    ses: SES, status: int, code: str, refusals: int, tries: int, sent: bool
) -> None:
    ses.refusal, ses.status, ses.refusals = (code, "A sentence."), status, refusals
    if sent:
        send_mail("Subject", "Text", None, ["ada@example.com"])
    else:
        with pytest.raises((ClientError, Undeliverable)):
            send_mail("Subject", "Text", None, ["ada@example.com"])
    assert len(ses.requests) == tries


@pytest.mark.parametrize("answer", ["", "<html>Sign in</html>", SENT[:60]])
def test_an_answer_that_is_none(ses: SES, answer: str) -> None:
    """GIVEN a proxy's page, or half an answer WHEN a mail is sent THEN it is not taken for sent."""
    ses.sent = answer
    with pytest.raises((ClientError, KeyError, ResponseParserError)) as caught:
        send_mail("Subject", "Text", None, ["ada@example.com"])
    assert not isinstance(caught.value, Undeliverable)
    assert len(ses.requests) == 1


def test_nobody_answers(ses: SES, settings: Any) -> None:
    settings.AWS_SES_REGION_ENDPOINT_URL = "http://127.0.0.1:9"
    with pytest.raises(EndpointConnectionError, match=r"127\.0\.0\.1:9"):
        send_mail("Subject", "Text", None, ["ada@example.com"])


def test_signed_as_botocore_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form, of a service whose address has another name than its signature."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_SES", raising=False)
    host, keys, now = (
        "email.eu-central-1.amazonaws.com",
        ("AKID", "secret", "token"),
        1_800_000_000.0,
    )
    assert endpoint_of("eu-central-1", SES_API) == f"https://{host}"
    body = b"Action=GetSendQuota&Version=2010-12-01"
    signer = Signer("eu-central-1", host, lambda: Credentials(*keys), SES_API)
    ours = signer.headers("GetSendQuota", body, now)

    moment = datetime.fromtimestamp(now, UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment)
    headers = {"content-type": ours["content-type"]}
    request = AWSRequest("POST", f"https://{host}/", headers, body)
    SigV4Auth(BotocoreCredentials(*keys), "ses", "eu-central-1").add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]
    assert ours["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"


def test_a_name_beyond_ascii_and_a_domain_beyond_it(settings: Any, ses: SES) -> None:
    """GIVEN a shop named Café Müller WHEN it writes to a German domain THEN all is ASCII."""
    settings.DEFAULT_FROM_EMAIL = "Café Müller <shop@bücher.example>"

    assert send_mail("Subject", "Text", None, ["ada@straße.example"]) == 1

    (request,) = ses.requests
    assert request["Source"] == "shop@xn--bcher-kva.example"
    assert request["Destinations.member.1"] == "ada@xn--strae-oqa.example"
    assert ses.mail["From"] == "=?utf-8?b?Q2Fmw6kgTcO8bGxlcg==?= <shop@xn--bcher-kva.example>"
    assert ses.mail["To"] == "ada@xn--strae-oqa.example"


def test_a_name_in_ascii(settings: Any, ses: SES) -> None:
    settings.DEFAULT_FROM_EMAIL = "Corner Shop <shop@example.com>"

    send_mail("Subject", "Text", None, ['"Ada, Countess" <ada@example.com>'])

    assert ses.requests[0]["Source"] == "shop@example.com"
    assert ses.requests[0]["Destinations.member.1"] == "ada@example.com"
    assert ses.mail["From"] == "Corner Shop <shop@example.com>"


@pytest.mark.parametrize("name", ["", "shop-dev"])
def test_the_configuration_set(settings: Any, ses: SES, name: str) -> None:
    settings.AWS_SES_CONFIGURATION_SET = name or None

    send_mail("Subject", "Text", None, ["ada@example.com"])

    assert ses.mail["X-SES-CONFIGURATION-SET"] == (name or None)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("MessageRejected", "Address blacklisted."),
        ("InvalidParameterValue", "Local address contains control or whitespace"),
        ("InvalidParameterValue", "Domain contains illegal character"),
    ],
)
def test_refused_for_good(ses: SES, code: str, message: str) -> None:
    ses.refusal = code, message
    with pytest.raises(Undeliverable) as refused:
        send_mail("Subject", "Text", None, ["ada@example.com"])
    assert refused.value.reason == f"SES refused it: {message}"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("Throttling", "Maximum sending rate exceeded."),
        ("AccountSendingPausedException", "Sending is paused for this account."),
        ("ConfigurationSetDoesNotExist", "Configuration set does not exist"),
        ("MessageRejected", "Sending suspended for this account."),
        ("MessageRejected", "Email address is not verified. The following identities failed"),
    ],
)
def test_refused_for_now(ses: SES, code: str, message: str) -> None:
    ses.refusal = code, message
    with pytest.raises(ClientError) as refused:
        send_mail("Subject", "Text", None, ["ada@example.com"])
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("sender", "recipient"),
    [
        ("Shop\r\nBcc: eve@example.com <shop@example.com>", "ada@example.com"),
        ("shop@example.com", "Ada\r\nBcc: eve@example.com <ada@example.com>"),
        ("shop@example.com", "ada@example.com\nBcc: eve@example.com"),
    ],
)
def test_no_header_of_somebody_else_s(settings: Any, ses: SES, sender: str, recipient: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    with pytest.raises(WrongMailAddress):
        send_mail("Subject", "Text", None, [recipient])
    assert ses.requests == []


def test_a_mail_ends_within_its_batch_and_before_the_claim_on_it() -> None:
    """By either client: botocore pauses for a second at most before its second try. And who died
    with the claim has lost it by the time that the queue delivers the order again."""
    tries = PATIENCE["retries"]["total_max_attempts"]  # type: ignore[index]
    longest = tries * (PATIENCE["connect_timeout"] + PATIENCE["read_timeout"]) + (tries - 1)  # type: ignore[operator]
    assert longest <= LONGEST
    assert (
        TRIES * 2 * TIMEOUT + (TRIES - 1) * LONGEST_DELAY
        <= LONGEST
        < function_of("orders").timeout - LAST_WORDS
    )
    assert LONGEST < LEASE.total_seconds() < function_of("orders").visibility
