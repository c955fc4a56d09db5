"""From SES to the shop's queue, as the template connects them."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infrastructure.resources import HERE
from infrastructure.stacks import Stack
from mails.models import Suppression
from shop.management.commands import worker
from tests.infrastructure.templates import resources
from tests.mails.events import recorded

DEADLINE = 20.0  # seconds
REGION = "eu-central-1"
PARAMETERS = {"Stage": "mailed", "MailFrom": "orders@mailed.test", "MailDomain": "mailed.test"}


@pytest.fixture
def outputs(settings: Any) -> Iterator[dict[str, str]]:
    """Of a stack that was deployed to the local AWS."""
    cfn = boto3.client("cloudformation", region_name=REGION)
    stack = Stack(cfn, "shop-mailed-infrastructure", local=True)
    made = stack.deploy(HERE / "template.yaml", PARAMETERS)
    settings.QUEUES = {**settings.QUEUES, "mail-events": made["MailEventQueueName"]}
    yield made
    stack.delete()


@pytest.mark.django_db(transaction=True)
def test_what_ses_publishes_reaches_the_shop(outputs: dict[str, str]) -> None:
    """GIVEN the topic that SES's events go to WHEN a bounce is published there THEN the address
    gets no more mail."""
    assert outputs["MailEventQueueName"] == "shop-mailed-mail-events"
    assert outputs["MailConfigurationName"] == "shop-mailed"
    topic = outputs["MailEventQueueArn"].replace(":sqs:", ":sns:")
    sns = boto3.client("sns", region_name=REGION)
    sns.publish(TopicArn=topic, Message=json.dumps(recorded("bounce")))

    queue, deadline = worker.Queue("mail-events"), time.monotonic() + DEADLINE
    while not Suppression.objects.filter(pk="recipient@example.com").exists():
        assert time.monotonic() < deadline
        worker.process_batch(queue)


def test_what_is_published() -> None:
    """All that the consumer knows, by the set that each mail names; and to the queue alone."""
    made = {name: each["Properties"] for name, each in resources().items() if "Properties" in each}
    destination = made["MailEvents"]
    assert destination["ConfigurationSetName"] == "MailConfiguration"
    assert destination["EventDestination"]["SnsDestination"] == {"TopicARN": "MailEventTopic"}
    assert destination["EventDestination"]["MatchingEventTypes"] == [
        "bounce",
        "complaint",
        "reject",
        "deliveryDelay",
    ]
    assert made["MailEventSubscription"] == {
        "TopicArn": "MailEventTopic",
        "Protocol": "sqs",
        "Endpoint": "MailEventQueue.Arn",
    }
    (allowed,) = made["MailEventQueuePolicy"]["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "sns.amazonaws.com"}
    assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": "MailEventTopic"}}
    dead = made["MailEventQueue"]["RedrivePolicy"]
    assert dead == {"deadLetterTargetArn": "MailEventDeadLetters.Arn", "maxReceiveCount": 3}
