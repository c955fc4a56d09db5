"""Orders whose mail cannot be sent: they go on, say so, and their message ends."""

import json
import os
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core import mail

from catalog.models import Variant
from mails.models import Mail, Suppression
from orders.models import Order
from outbox.models import OutboxMessage
from outbox.sweeping import sweep_messages
from shop.management.commands import worker
from tests.cart.shoppers import Shopper
from tests.mails.events import recorded, tell
from tests.mails.ses import SES
from tests.orders.shopping import (
    PLACED,
    check_out,
    deliver,
    follow,
    make_order,
    store_message,
)
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)

BOUNCING = "bounce@simulator.amazonses.com"
DEADLINE = 20.0  # seconds


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def outcome(order: Order) -> tuple[str, str, bool]:
    mail = Mail.objects.get(about=order.pk)
    return mail.kind, mail.problem, mail.sent_at is not None


def test_a_mail_that_was_sent_has_no_problem(mug: Variant) -> None:
    order = make_order()
    assert deliver(order) == []
    assert outcome(order) == ("confirmed", "", True)


def test_an_address_that_bounced(mug: Variant) -> None:
    """Also if the order writes it otherwise."""
    tell(recorded("bounce"))
    order = make_order(email="Recipient@Example.com")
    message = store_message(order)

    assert [deliver(order, message) for _ in range(2)] == [[], []]

    assert outcome(order) == ("confirmed", "the address bounced on 2017-08-05", False)
    assert mail.outbox == []
    assert not OutboxMessage.objects.filter(pk=message).exists()


def test_an_address_that_is_lifted_gets_mail(mug: Variant) -> None:
    tell(recorded("complaint"))
    Suppression.objects.update(lifted=True)
    order = make_order(email="recipient@example.com")

    assert deliver(order) == []

    assert outcome(order) == ("confirmed", "", True)
    assert [sent.to for sent in mail.outbox] == [["recipient@example.com"]]


def test_refused_for_good(mug: Variant, order_queue: TestQueue, ses: SES) -> None:
    """The message ends, and the sweeper has nothing to send again."""
    ses.refusal = "MessageRejected", "Address blacklisted."
    order = make_order(payment_method="test-declined")
    message = store_message(order)

    assert [deliver(order, message) for _ in range(3)] == [[], [], []]

    assert outcome(order) == ("cancelled", "SES refused it: Address blacklisted.", False)
    assert len(ses.requests) == 1
    assert sweep_messages(now=PLACED) == 0


def test_refused_for_now(mug: Variant, ses: SES, monkeypatch: pytest.MonkeyPatch) -> None:
    """Throttled, the message stays and the next try sends it."""
    monkeypatch.setattr("mails.backend.PATIENCE", {"retries": {"total_max_attempts": 1}})
    ses.refusal = "Throttling", "Maximum sending rate exceeded."
    order = make_order()
    message = store_message(order)

    assert deliver(order, message) == [{"itemIdentifier": "m-1"}]
    assert outcome(order) == ("confirmed", "", False)
    assert OutboxMessage.objects.get().type == "order.confirmed"

    ses.refusal = None
    Mail.objects.update(claimed_at=PLACED)  # the lease of who was refused is over
    assert follow(order) == []
    assert outcome(order) == ("confirmed", "", True)


def test_an_order_from_before_addresses_were_checked(mug: Variant, ses: SES) -> None:
    order = make_order(email="dän@example.com")
    assert deliver(order) == []
    status, problem, sent = outcome(order)
    assert (status, sent) == ("confirmed", False)
    assert problem.startswith("Only unaccented Latin letters, digits and signs before the @")
    assert ses.requests == []


def test_what_the_mail_costs(mug: Variant, calls: Any, settings: Any) -> None:
    """The steps of an order, the suppression's look-up being the one before the last write."""
    order = make_order()
    message = store_message(order)
    with calls() as made:
        assert deliver(order, message) == []
    prefix = settings.DATABASES["default"]["NAME"]
    told = [(call.operation, call.table.removeprefix(prefix)) for call in made]
    assert [each for each in told if each[1] == "mails_suppression"] == [
        ("GetItem", "mails_suppression")
    ]
    assert [operation for operation, _ in told if operation != "Scan"] == [  # by the test itself
        *("GetItem", "BatchGetItem", "TransactWriteItems"),  # reserved
        "PutItem",  # charged by the test gateway, in its own store
        "TransactWriteItems",  # paid and confirmed
        *("GetItem", "PutItem", "GetItem"),  # the mail claimed, its address looked up
        *("UpdateItem", "DeleteItem"),  # sent
    ]


@pytest.fixture
def feedback(settings: Any) -> Iterator[worker.Queue]:
    """SES at the local AWS tells of bounces: through a topic, to the shop's queue."""
    settings.QUEUES = {
        **settings.QUEUES,
        "mail-events": f"{settings.QUEUES['mail-events']}-{uuid4().hex}",
    }
    settings.DEFAULT_FROM_EMAIL = f"feedback-{uuid4().hex}@example.com"
    settings.EMAIL_BACKEND = "mails.backend.PromptSESBackend"
    sqs, sns, ses = (boto3.client(name) for name in ("sqs", "sns", "ses"))
    url = sqs.create_queue(QueueName=settings.QUEUES["mail-events"])["QueueUrl"]
    queue = worker.Queue("mail-events")
    topic = sns.create_topic(Name=settings.QUEUES["mail-events"])["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    sender = settings.DEFAULT_FROM_EMAIL
    ses.verify_email_identity(EmailAddress=sender)
    ses.set_identity_notification_topic(Identity=sender, NotificationType="Bounce", SnsTopic=topic)
    yield queue
    ses.delete_identity(Identity=sender)
    sns.delete_topic(TopicArn=topic)
    sqs.delete_queue(QueueUrl=url)


def mails_of(order: Order) -> int:
    """How many of its mails SES took."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages"
    with urllib.request.urlopen(url, timeout=DEADLINE) as answer:  # noqa: S310  our own AWS
        boxes = json.load(answer)["messages"].values()
    return sum(order.pk in mail["Subject"] for box in boxes for mail in box)


def test_from_the_bounce_to_the_next_order(
    buyer: Shopper, order_queue: TestQueue, feedback: worker.Queue
) -> None:
    """GIVEN a mail that bounces WHEN SES has told of it THEN the next order sends none."""
    check_out(buyer, email=BOUNCING)
    first = Order.objects.get()
    assert deliver(first) == []
    assert (outcome(first), mails_of(first)) == (("confirmed", "", True), 1)

    deadline = time.monotonic() + DEADLINE
    while not Suppression.objects.filter(pk=BOUNCING).exists():
        assert time.monotonic() < deadline
        worker.process_batch(feedback)

    second = make_order(email=BOUNCING)
    assert deliver(second) == []
    suppressed = Suppression.objects.get(pk=BOUNCING)
    reason = f"the address bounced on {suppressed.changed_at:%Y-%m-%d}"
    assert (outcome(second), mails_of(second)) == (("confirmed", reason, False), 0)
