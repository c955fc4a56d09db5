"""Bounces and complaints, as SES publishes them: who gets no more mail, and what is only told."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mails.models import Suppression
from mails.services import lift_suppression
from tests.mails.events import deliver, recorded, tell, wrapped

pytestmark = pytest.mark.django_db(transaction=True)

BOUNCED = datetime(2017, 8, 5, 0, 41, 2, 669000, tzinfo=UTC)
COMPLAINED = datetime(2017, 8, 5, 0, 41, 3, 669000, tzinfo=UTC)
UNKNOWN = "smtp; 550 5.1.1 user unknown"
BOUNCE = ("recipient@example.com", "bounce", UNKNOWN, False, BOUNCED)
COMPLAINT = ("recipient@example.com", "complaint", "abuse", False, COMPLAINED)


def suppressed() -> list[tuple[Any, ...]]:
    columns = "address", "cause", "detail", "lifted", "changed_at"
    return list(Suppression.objects.order_by("address").values_list(*columns))


def changed(name: str, part: str, **values: Any) -> dict[str, Any]:
    event = copy.deepcopy(recorded(name))
    event[part] |= values
    return event


def to(*addresses: str) -> list[dict[str, str]]:
    return [{"emailAddress": address} for address in addresses]


@pytest.mark.parametrize("shape", [wrapped, str])
def test_a_bounce(shape: Any) -> None:
    assert deliver(shape(json.dumps(recorded("bounce")))) == []
    assert suppressed() == [BOUNCE]


def test_a_complaint() -> None:
    assert tell(recorded("complaint")) == []
    assert suppressed() == [COMPLAINT]


def test_an_identity_s_own_topic_says_notification() -> None:
    event = recorded("bounce")
    event["notificationType"] = event.pop("eventType")
    assert tell(event) == []
    assert suppressed() == [BOUNCE]


@pytest.mark.parametrize("names", [("bounce", "complaint"), ("complaint", "bounce")])
def test_the_later_of_two_counts_in_any_order(names: tuple[str, str]) -> None:
    for name in (*names, *names):
        assert tell(recorded(name)) == []
    assert suppressed() == [COMPLAINT]


@pytest.mark.parametrize(
    "event",
    [
        changed("bounce", "bounce", bounceType="Transient", bounceSubType="MailboxFull"),
        changed("bounce", "bounce", bounceType="Undetermined", bounceSubType="Undetermined"),
        changed("complaint", "complaint", complaintFeedbackType="not-spam"),
        changed("complaint", "complaint", complaintFeedbackType="auth-failure"),
        recorded("reject"),
        recorded("delivery_delay"),
        recorded("delivery"),
        {"eventType": "Telepathy", "mail": {}},
        {},
    ],
)
def test_what_suppresses_nobody(event: dict[str, Any]) -> None:
    assert tell(event) == []
    assert suppressed() == []


@pytest.mark.parametrize(
    "body",
    [
        wrapped("Successfully validated SNS topic for Amazon SES event publishing."),
        json.dumps({"Type": "SubscriptionConfirmation", "Message": "You have chosen"}),
    ],
)
def test_what_sns_says_by_itself(body: str) -> None:
    assert deliver(body) == []


def test_no_type_of_complaint() -> None:
    event = changed("complaint", "complaint", complaintSubType="OnAccountSuppressionList")
    del event["complaint"]["complaintFeedbackType"]
    assert tell(event) == []
    assert suppressed() == [(*COMPLAINT[:2], "OnAccountSuppressionList", *COMPLAINT[3:])]


def test_several_at_once_however_they_are_written() -> None:
    recipients = to("Ada <Ada@Example.COM>", "eve@BÜCHER.example")
    assert tell(changed("bounce", "bounce", bouncedRecipients=recipients)) == []
    assert [row[:3] for row in suppressed()] == [
        ("ada@example.com", "bounce", "General"),
        ("eve@xn--bcher-kva.example", "bounce", "General"),
    ]


def test_a_bad_event_fails_alone() -> None:
    """GIVEN events that are not as documented: they come again, and go to the dead letters."""
    bad = [
        changed("bounce", "bounce", timestamp="yesterday"),
        changed("bounce", "bounce", timestamp="2017-08-05T00:41:02.669"),
        changed("bounce", "bounce", bouncedRecipients=to("nobody")),
        {"eventType": "Bounce"},
    ]
    bodies = [wrapped(json.dumps(event)) for event in (*bad, recorded("bounce"))]
    assert deliver(*bodies, "{", "[]") == ["0", "1", "2", "3", "5", "6"]
    assert suppressed() == [BOUNCE]


def test_lifted_by_a_person() -> None:
    """GIVEN an address that was lifted, what is from before tells nothing; a new bounce does."""
    tell(recorded("bounce"))
    assert lift_suppression(address="recipient@example.com") is True
    assert lift_suppression(address="recipient@example.com") is False

    tell(recorded("bounce"))
    tell(recorded("complaint"))
    assert [row[3] for row in suppressed()] == [True]

    tell(changed("bounce", "bounce", timestamp="2999-01-01T00:00:00Z"))
    assert suppressed() == [(*BOUNCE[:4], datetime(2999, 1, 1, tzinfo=UTC))]


def test_what_a_person_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Of mails that were rejected or are late, by their ids: the log names no address."""
    caplog.set_level("INFO")
    for name in ("reject", "delivery_delay", "delivery", "bounce"):
        tell(recorded(name))

    mail = "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000"
    said = [(each.levelname, each.message) for each in caplog.records if "mails" in each.name]
    assert said == [
        ("ERROR", f"SES sent mail {mail} to nobody: Bad content"),
        (
            "WARNING",
            f"Mail {mail} is delayed (TransientCommunicationFailure); "
            "SES tries until 2017-08-05T00:41:02.914Z",
        ),
        ("INFO", f"SES tells of mail {mail}: Delivery"),
        ("WARNING", "An address gets no more mail: bounce"),
    ]
    assert "recipient" not in caplog.text


def test_calls(calls: Any) -> None:
    event = recorded("bounce")
    for expected in (["PutItem"], ["PutItem", "UpdateItem"]):
        with calls() as made:
            tell(event)
        assert [call.operation for call in made] == expected
