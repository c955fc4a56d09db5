"""`manage.py provision` and what it makes, on the local AWS."""

import json
from io import StringIO
from typing import Any

import boto3
import pytest
from django.core.management import call_command

from shop.provision import Outcome, Resources, provision_resources, wanted_resources

QUEUE, DEAD_LETTERS = "trial-orders", "trial-orders-dlq"


@pytest.fixture
def resources() -> Resources:
    return Resources(
        region="eu-central-1",
        image_bucket="trial-images",
        queues={QUEUE: 180},
        sender="trial@example.com",
    )


@pytest.fixture(autouse=True)
def nothing_there(resources: Resources, sqs: Any) -> None:
    boto3.client("ses").delete_identity(Identity=resources.sender)
    s3 = boto3.client("s3")
    if resources.image_bucket in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.delete_bucket(Bucket=resources.image_bucket)
    for url in sqs.list_queues(QueueNamePrefix=QUEUE).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def sqs() -> Any:
    return boto3.client("sqs")


def attributes(sqs: Any, name: str) -> dict[str, str]:
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def test_makes_everything_the_first_time(resources: Resources, sqs: Any) -> None:
    assert provision_resources(resources=resources) == [
        Outcome("bucket", "trial-images", "made"),
        Outcome("queue", DEAD_LETTERS, "made"),
        Outcome("queue", QUEUE, "made"),
        Outcome("mail identity", "trial@example.com", "made"),
    ]
    boto3.client("s3").head_bucket(Bucket="trial-images")
    dead_letters, queue = attributes(sqs, DEAD_LETTERS), attributes(sqs, QUEUE)
    assert dead_letters["MessageRetentionPeriod"] == "1209600"
    assert queue["VisibilityTimeout"] == "180"
    policy = json.loads(queue["RedrivePolicy"])
    assert policy["deadLetterTargetArn"] == dead_letters["QueueArn"]
    assert int(policy["maxReceiveCount"]) == 3


def test_changes_nothing_the_second_time(resources: Resources) -> None:
    provision_resources(resources=resources)
    assert {outcome.result for outcome in provision_resources(resources=resources)} == {"found"}


@pytest.mark.parametrize(
    ("name", "drift"),
    [
        (QUEUE, {"VisibilityTimeout": "30"}),
        (DEAD_LETTERS, {"MessageRetentionPeriod": "60"}),
        (QUEUE, {"RedrivePolicy": ""}),
    ],
)
def test_corrects_what_drifted_and_nothing_else(
    resources: Resources, sqs: Any, name: str, drift: dict[str, str]
) -> None:
    provision_resources(resources=resources)
    wanted = attributes(sqs, name)
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes=drift)

    outcomes = provision_resources(resources=resources)

    assert [o.name for o in outcomes if o.result == "corrected"] == [name]
    moment = "LastModifiedTimestamp"
    assert attributes(sqs, name) | {moment: ""} == wanted | {moment: ""}


def test_a_failing_message_reaches_the_dead_letters(resources: Resources, sqs: Any) -> None:
    # GIVEN a message that every receiver gives back
    provision_resources(resources=resources)
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(3):
        [message] = sqs.receive_message(QueueUrl=url)["Messages"]
        sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
    # WHEN it is asked for a fourth time
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    # THEN it lies in the other queue
    url = sqs.get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "poison"


def test_a_verified_domain_needs_no_address(resources: Resources) -> None:
    ses = boto3.client("ses")
    ses.verify_domain_identity(Domain="example.com")
    try:
        assert provision_resources(resources=resources)[-1].result == "found"
    finally:
        ses.delete_identity(Identity="example.com")


def test_a_queue_hides_what_its_function_works_on(settings: Any) -> None:
    """Six times as long as a call of it may take."""
    assert wanted_resources().queues == {
        settings.QUEUES["orders"]: 180,
        settings.QUEUES["catalog"]: 5400,
        settings.QUEUES["mail-events"]: 180,
    }


def test_the_sender_is_an_identity_in_ascii(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Café Müller <shop@bücher.example>"
    assert wanted_resources().sender == "shop@xn--bcher-kva.example"


def test_the_command_says_what_it_found(settings: Any) -> None:
    """The session's own resources are there: see `provisioned` in conftest."""
    out = StringIO()
    call_command("provision", stdout=out)
    assert out.getvalue().splitlines() == [
        f"found     bucket {settings.IMAGE_BUCKET}",
        f"found     queue {settings.QUEUES['orders']}-dlq",
        f"found     queue {settings.QUEUES['orders']}",
        f"found     queue {settings.QUEUES['catalog']}-dlq",
        f"found     queue {settings.QUEUES['catalog']}",
        f"found     queue {settings.QUEUES['mail-events']}-dlq",
        f"found     queue {settings.QUEUES['mail-events']}",
        "found     mail identity shop@example.com",
    ]
