"""The recorded events have the fields of AWS's examples, no more and no fewer."""

from typing import Any

import pytest

from tests.mails.events import recorded

ALWAYS = {"timestamp", "source", "sourceArn", "sendingAccountId", "messageId", "destination"}
MAIL = {*ALWAYS, "headersTruncated", "headers", "commonHeaders", "tags"}
HEADERS = ["From", "To", "Subject", "MIME-Version", "Content-Type"]
TAGS = ["ses:configuration-set", "ses:source-ip", "ses:from-domain", "ses:caller-identity"]


@pytest.mark.parametrize(
    ("name", "kind", "part", "fields", "headers", "tags"),
    [
        (
            "bounce", "Bounce", "bounce",
            {"bounceType", "bounceSubType", "bouncedRecipients", "timestamp", "feedbackId",
             "reportingMTA"},
            HEADERS, TAGS,
        ),
        (
            "complaint", "Complaint", "complaint",
            {"complainedRecipients", "timestamp", "feedbackId", "userAgent",
             "complaintFeedbackType", "arrivalDate"},
            HEADERS, TAGS,
        ),
        (
            "delivery", "Delivery", "delivery",
            {"timestamp", "processingTimeMillis", "recipients", "smtpResponse", "remoteMtaIp",
             "reportingMTA"},
            [*HEADERS, "Content-Transfer-Encoding"], [*TAGS, "ses:outgoing-ip", "stage"],
        ),
        (
            "reject", "Reject", "reject", {"reason"},
            [*HEADERS, "X-SES-MESSAGE-TAGS"], [*TAGS, "stage"],
        ),
        (
            "delivery_delay", "DeliveryDelay", "deliveryDelay",
            {"timestamp", "delayType", "expirationTime", "delayedRecipients"},
            None, TAGS[:1],
        ),
    ],
)  # fmt: skip
def test_fields(
    name: str,
    kind: str,
    part: str,
    fields: set[str],
    headers: list[str] | None,
    tags: list[str],
) -> None:
    event: Any = recorded(name)
    assert (event["eventType"], set(event)) == (kind, {"eventType", "mail", part})
    assert set(event[part]) == fields
    mail = event["mail"]
    assert set(mail) == (MAIL - {"headers", "commonHeaders"} if headers is None else MAIL)
    assert [each["name"] for each in mail.get("headers", [])] == (headers or [])
    assert list(mail["tags"]) == tags
