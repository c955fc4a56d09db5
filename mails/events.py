"""What SES tells of the mails that it took: its events, as they come through SNS.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.utils.dateparse import parse_datetime

from mails.models import Cause

logger = logging.getLogger(__name__)

Event = Mapping[str, Any]

PERMANENT = "Permanent"  # other bounces may not happen again: a full mailbox, an absent person
# Of complaints: the opposite of one, and what a mail server says of our signatures.
NO_COMPLAINT = {"not-spam", "auth-failure"}


@dataclass(frozen=True)
class Refusal:
    """An address that wants no mail, or cannot get any; why, and since when."""

    address: str
    cause: Cause
    detail: str
    at: datetime


def unwrap(body: Event) -> Event | None:
    """SES's event in a queue's message, in SNS's envelope or without it.

    None for what SNS and SES send by themselves: confirmations, and a sentence in plain text
    when the topic is connected. Raises ValueError for an event that is none.
    """
    if "Type" not in body or "Message" not in body:
        return body
    try:
        event = json.loads(body["Message"])
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def type_of(event: Event) -> str:
    """Its type, by whichever name: `notificationType` where a topic is an identity's own."""
    return str(event.get("eventType") or event.get("notificationType") or "")


def refusals_of(event: Event) -> Iterator[Refusal]:
    """The addresses that must get no more mail. Raises ValueError, KeyError, TypeError for an
    event that is not as documented."""
    if type_of(event) == "Bounce" and event["bounce"]["bounceType"] == PERMANENT:
        bounce = event["bounce"]
        for each in bounce["bouncedRecipients"]:
            said = each.get("diagnosticCode") or bounce.get("bounceSubType") or ""
            yield Refusal(bare(each), Cause.BOUNCE, str(said), moment(bounce))
    elif type_of(event) == "Complaint":
        complaint = event["complaint"]
        feedback = complaint.get("complaintFeedbackType") or ""
        for each in () if feedback in NO_COMPLAINT else complaint["complainedRecipients"]:
            said = feedback or complaint.get("complaintSubType") or ""
            yield Refusal(bare(each), Cause.COMPLAINT, str(said), moment(complaint))


def bare(recipient: Event) -> str:
    return parseaddr(str(recipient["emailAddress"]))[1]


def moment(part: Event) -> datetime:
    """When it happened. Raises ValueError for no moment, or one without its offset."""
    at = parse_datetime(part["timestamp"])
    if at is None or at.tzinfo is None:
        raise ValueError(f"no moment: {part['timestamp']}")
    return at


def log_trouble(event: Event) -> None:
    """Mails that SES did not send, or could not hand over yet: nothing to be done about the
    address, but a person may want to know. The log names the mail, not who gets it."""
    mail = event.get("mail", {}).get("messageId", "")
    kind = type_of(event)
    if kind == "Reject":
        logger.error("SES sent mail %s to nobody: %s", mail, event["reject"].get("reason"))
    elif kind == "DeliveryDelay":
        delay = event["deliveryDelay"]
        until = delay.get("expirationTime", "some time")
        logger.warning(
            "Mail %s is delayed (%s); SES tries until %s", mail, delay.get("delayType"), until
        )
    elif kind not in {"Bounce", "Complaint"}:
        logger.info("SES tells of mail %s: %s", mail, kind or "nothing known")
