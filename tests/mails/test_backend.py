"""What a mail asks of SES."""

from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from django.core.mail import send_mail
from django_ses import SESBackend

from mails.backend import PATIENCE, PromptSESBackend
from mails.errors import Undeliverable, WrongMailAddress
from mails.once import LEASE
from mails.services import LONGEST
from outbox.records import LAST_WORDS
from shop.functions import function_of
from tests.mails.ses import SES


def test_a_process_makes_one_client_and_asks_for_no_quota(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client is 50 ms of CPU; and of its quota SES tells an account once a second."""
    settings.EMAIL_BACKEND = "mails.backend.PromptSESBackend"
    monkeypatch.setattr(PromptSESBackend, "client", None)
    seen: list[str] = []
    make, ask = SESBackend.create_session, BaseClient._make_api_call

    def noted_make(backend: SESBackend) -> Any:
        seen.append("a client")
        return make(backend)

    def noted_ask(client: Any, operation: str, params: Any) -> Any:
        seen.append(operation)
        return ask(client, operation, params)

    monkeypatch.setattr(SESBackend, "create_session", noted_make)
    monkeypatch.setattr(BaseClient, "_make_api_call", noted_ask)

    for _ in range(2):
        assert send_mail("Subject", "Text", None, ["ada@example.com"]) == 1

    assert seen == ["a client", "SendRawEmail", "SendRawEmail"]


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
    """botocore pauses for a second at most before its second try. And who died with the claim has
    lost it by the time that the queue delivers the order again."""
    tries = PATIENCE["retries"]["total_max_attempts"]  # type: ignore[index]
    longest = tries * (PATIENCE["connect_timeout"] + PATIENCE["read_timeout"]) + (tries - 1)  # type: ignore[operator]
    assert longest <= LONGEST < function_of("orders").timeout - LAST_WORDS
    assert LONGEST < LEASE.total_seconds() < function_of("orders").visibility
