"""What a mail asks of SES."""

from typing import Any

import pytest
from botocore.client import BaseClient
from django.core.mail import send_mail
from django_ses import SESBackend

from mails.backend import PromptSESBackend


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
