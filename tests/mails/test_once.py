"""A mail that is sent once: claimed, leased, sent again after a death, or never."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import timezone

from dynamodb.errors import ConflictError
from dynamodb.patience import deadline
from mails import once
from mails.errors import Undeliverable
from mails.models import Mail, Suppression
from mails.once import LEASE, claim, send_once
from mails.services import LONGEST
from outbox.records import TryLater
from shop.functions import function_of
from tests.cart.races import at_once
from tests.mails.events import recorded, tell

pytestmark = pytest.mark.django_db(transaction=True)

ABOUT, KIND = "8VR2-BENK-54GK", "confirmed"
ADDRESS = "recipient@example.com"
BUSY = f"somebody is at the mail {KIND} of {ABOUT}"
PATIENCE = 20.0  # seconds


def make() -> EmailMessage:
    return EmailMessage(subject="Your order", body="Thank you.", to=[ADDRESS])


def send(about: str = ABOUT, kind: str = KIND, make: Callable[[], EmailMessage] = make) -> None:
    send_once(about=about, kind=kind, make=make)


def stored() -> Mail:
    return Mail.objects.get(about=ABOUT, kind=KIND)


def let_lease_pass() -> None:
    """The claim was made a lease ago."""
    Mail.objects.update(claimed_at=timezone.now() - LEASE)


def tried(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except TryLater as later:
        return str(later)


def test_sent_and_noted() -> None:
    send()
    assert [sent.subject for sent in mail.outbox] == ["Your order"]
    assert (stored().sent_at is not None, stored().problem, stored().is_done) == (True, "", True)


def test_asked_for_again_it_is_not_made_again() -> None:
    send()
    send(make=unwanted)
    assert len(mail.outbox) == 1


def unwanted() -> EmailMessage:
    raise AssertionError("this mail is not to be made")


def test_each_kind_is_a_mail_of_its_own() -> None:
    for about, kind in ((ABOUT, "confirmed"), (ABOUT, "cancelled"), ("another", "confirmed")):
        for _ in range(2):
            send(about, kind)
    assert len(mail.outbox) == len(Mail.objects.all()) == 3


# Claims ----------------------------------------------------------------------------------


def test_a_claim_is_one_s_own() -> None:
    assert claim(ABOUT, KIND) is True
    with pytest.raises(TryLater, match=BUSY):
        claim(ABOUT, KIND)
    assert stored().is_done is False


def test_of_five_one_claims() -> None:
    claims = at_once(*[partial(tried, partial(claim, ABOUT, KIND))] * 5)
    assert sorted(map(str, claims)) == ["True", *[BUSY] * 4]


def test_of_five_one_takes_over_a_stale_claim() -> None:
    claim(ABOUT, KIND)
    let_lease_pass()
    claims = at_once(*[partial(tried, partial(claim, ABOUT, KIND))] * 5)
    assert sorted(map(str, claims)) == ["True", *[BUSY] * 4]


def take_over() -> None:
    assert claim(ABOUT, KIND) is True


def note_as_sent() -> None:
    """Somebody slow has sent it after all."""
    Mail.objects.update(sent_at=timezone.now())


@pytest.mark.parametrize("happens", [take_over, note_as_sent])
def test_what_happens_between_the_look_and_the_claim(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]
) -> None:
    """GIVEN a stale claim that another has taken over or ended meanwhile, the write fails."""
    claim(ABOUT, KIND)
    let_lease_pass()
    faster = iter([happens])

    def is_done(self: Mail) -> bool:
        for meanwhile in faster:
            at_once(meanwhile)
        return self.sent_at is not None

    monkeypatch.setattr(Mail, "is_done", property(is_done))
    with pytest.raises(TryLater, match=BUSY):
        claim(ABOUT, KIND)


@pytest.mark.parametrize(
    ("age", "free"),
    [(LEASE - timedelta(seconds=60), False), (LEASE + timedelta(seconds=1), True)],
)
def test_a_claim_lasts_as_long_as_its_lease(age: timedelta, free: bool) -> None:
    claim(ABOUT, KIND)
    Mail.objects.update(claimed_at=timezone.now() - age)
    assert tried(partial(claim, ABOUT, KIND)) == (True if free else BUSY)


def test_the_lease_outlasts_a_batch_and_ends_before_the_message_comes_again() -> None:
    """So nobody is disturbed who lives, and who comes after a death need not wait for more."""
    orders = function_of("orders")
    assert LONGEST < orders.timeout < LEASE.total_seconds() < orders.visibility


def test_who_has_the_mail_is_not_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a sender that SES keeps waiting, a second one sends nothing, and comes later."""
    asked, go_on = threading.Event(), threading.Event()

    def slow() -> EmailMessage:
        asked.set()
        assert go_on.wait(PATIENCE)
        return make()

    def first() -> None:
        try:
            send(make=slow)
        finally:
            connections.close_all()

    sender = threading.Thread(target=first)
    sender.start()
    assert asked.wait(PATIENCE)
    assert tried(partial(send, make=unwanted)) == BUSY
    go_on.set()
    sender.join(PATIENCE)

    send(make=unwanted)
    assert len(mail.outbox) == 1


# Deaths ----------------------------------------------------------------------------------


def test_sent_again_after_a_death_before_ses() -> None:
    with pytest.raises(KeyboardInterrupt):
        send(make=killed)
    assert (mail.outbox, stored().is_done) == ([], False)

    assert tried(send) == BUSY
    let_lease_pass()
    send()
    assert (len(mail.outbox), stored().is_done) == (1, True)


def killed() -> EmailMessage:
    raise KeyboardInterrupt


def test_sent_twice_after_a_death_before_the_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """What SES cannot give: that it has taken the mail, and our note of it, are two things."""
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(once, "retry_on_conflict", lambda note: killed())
        send()
    assert (len(mail.outbox), stored().is_done) == (1, False)

    let_lease_pass()
    send()
    send()
    assert (len(mail.outbox), stored().is_done) == (2, True)


def test_a_mail_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the backend raises comes through, and the next one sends it when the lease is over."""
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no route"):
        patch.setattr(EmailMessage, "send", unreachable)
        send()
    let_lease_pass()
    send()
    assert (len(mail.outbox), stored().is_done) == (1, True)


def unreachable(self: EmailMessage) -> None:
    raise OSError("no route")


def test_a_conflict_at_the_note_sends_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    conflicts, update = iter([True, True]), type(Mail.objects.all()).update

    def busy(self: Any, **columns: Any) -> int:
        if "sent_at" in columns and next(conflicts, False):
            raise ConflictError
        return update(self, **columns)

    monkeypatch.setattr(type(Mail.objects.all()), "update", busy)
    send()
    assert (len(mail.outbox), stored().is_done) == (1, True)


# Time ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0.0, 14.9])
def test_no_mail_begins_with_too_little_time(seconds: float) -> None:
    """GIVEN less time than a mail may take, it is not even claimed."""
    with deadline(seconds), pytest.raises(TryLater, match="too little time is left for a mail"):
        send(make=unwanted)
    assert not Mail.objects.exists()

    with deadline(60):
        send()
    assert len(mail.outbox) == 1


# Never -----------------------------------------------------------------------------------


def test_an_address_that_bounced() -> None:
    tell(recorded("bounce"))

    for _ in range(2):
        send()

    assert mail.outbox == []
    assert (stored().sent_at, stored().problem) == (None, "the address bounced on 2017-08-05")
    assert stored().is_done

    Suppression.objects.update(lifted=True)  # later: what was not sent stays so
    send(make=unwanted)
    assert mail.outbox == []


def test_why_not_is_kept_in_short(caplog: pytest.LogCaptureFixture) -> None:
    def refused() -> EmailMessage:
        raise Undeliverable("x" * 300)

    send(make=refused)

    assert stored().problem == "x" * 200
    assert f"The mail {KIND} of {ABOUT} will never be sent" in caplog.messages
    assert ADDRESS not in caplog.text


# Costs -----------------------------------------------------------------------------------


def test_calls(calls: Any) -> None:
    with calls() as made:
        send()
    assert [call.operation for call in made] == ["PutItem", "GetItem", "UpdateItem"]
    with calls() as made:
        send()
    assert [call.operation for call in made] == ["PutItem", "GetItem"]
