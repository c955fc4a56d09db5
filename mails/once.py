"""A mail that is sent once, whoever is asked for it, and how often.

It cannot be part of a transaction: who dies after SES has taken it and before that is noted sends
it again. Losing it instead would be worse.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone

from dynamodb.conflicts import retry_on_conflict
from dynamodb.duplicates import deferred_duplicates
from dynamodb.patience import time_left
from mails.errors import Undeliverable
from mails.models import Mail
from mails.services import LONGEST, send_mail
from outbox.records import TryLater

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # that a consumer has a mail; shorter than a queue hides a message
LONGEST_PROBLEM = 200  # characters


def send_once(*, about: str, kind: str, make: Callable[[], EmailMessage]) -> None:
    """Send the mail that `make` makes, unless it is sent or never can be.

    Raises TryLater where another consumer is at it, who may yet die, and where less time is left
    than a mail may take: whoever ends in its middle sends it twice. Else what the backend raises.
    """
    if time_left(LONGEST) < LONGEST:
        raise TryLater("too little time is left for a mail")
    if not claim(about, kind):
        return
    outcome: dict[str, object] = {}
    try:
        send_mail(message=make())
        outcome["sent_at"] = timezone.now()
    except Undeliverable as error:
        outcome["problem"] = error.reason[:LONGEST_PROBLEM]
        logger.warning("The mail %s of %s will never be sent", kind, about)
    # By itself: a conflict that ran the whole again would find the mail claimed.
    retry_on_conflict(lambda: Mail.objects.filter(about=about, kind=kind).update(**outcome))


def claim(about: str, kind: str) -> bool:
    """Take the mail on for two minutes; False if nothing is left to be done. Raises TryLater."""
    now = timezone.now()
    mail = Mail(about=about, kind=kind, claimed_at=now)
    try:
        with transaction.atomic(), deferred_duplicates():
            mail.save(force_insert=True)
        return True
    except IntegrityError:
        known = Mail.objects.get(about=about, kind=kind)
    if known.is_done:
        return False
    stale = Mail.objects.filter(about=about, kind=kind, claimed_at=known.claimed_at)
    stale = stale.filter(sent_at__isnull=True)
    if known.claimed_at > now - LEASE or not stale.update(claimed_at=now):
        raise TryLater(f"somebody is at the mail {kind} of {about}")
    return True
