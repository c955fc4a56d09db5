"""Sending mail, and to whom no more is sent.

Every mail of the shop goes through `send_mail`, so that none goes to an address that has
bounced or complained: SES closes accounts that go on sending to such.
"""

from datetime import datetime

from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.utils import timezone

from dynamodb.reads import get_one
from mails.addresses import envelope_form, normal_form
from mails.errors import Undeliverable, WrongMailAddress
from mails.models import Cause, Suppression

LONGEST = 15.0  # seconds that a mail may take; see mails/backend.py, which is slow to import


def send_mail(*, message: EmailMessage) -> None:
    """Send it. One read by key for each recipient.

    Raises Undeliverable if trying again would change nothing, else what the backend raises.
    """
    for recipient in message.recipients():
        check_recipient(address=recipient)
    message.send()


def check_recipient(*, address: str) -> None:
    """Raises Undeliverable for an address that is none, or that gets no mail."""
    try:
        key = normal_form(envelope_form(address))
    except WrongMailAddress as wrong:
        raise Undeliverable(str(wrong)) from wrong
    known = get_one(Suppression, key)
    if known is not None and not known.lifted:
        raise Undeliverable(
            f"the address {known.get_cause_display()} on {known.changed_at:%Y-%m-%d}"
        )


def suppress_address(*, address: str, cause: Cause, detail: str, at: datetime) -> bool:
    """Send nothing more to `address`, for what happened `at`; False if that is no news.

    One write, two for an address that is known: events come twice and in any order, and none
    from before its lifting counts. Raises WrongMailAddress.
    """
    key = normal_form(address)
    columns = {"cause": cause, "detail": detail[:200], "lifted": False, "changed_at": at}
    try:
        Suppression(pk=key, **columns).save(force_insert=True)
    except IntegrityError:
        older = Suppression.objects.filter(pk=key, changed_at__lt=at)
        return older.update(**columns) == 1
    return True


def lift_suppression(*, address: str) -> bool:
    """Let the address have mail again; False if it has."""
    suppressed = Suppression.objects.filter(pk=address, lifted=False)
    return suppressed.update(lifted=True, changed_at=timezone.now()) == 1
