"""What the shop needs of AWS besides its tables, defined once for every account.

Provisioning is idempotent: what is missing is made, what differs is corrected, the
rest is left alone. The tables are made by `migrate`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import boto3
from botocore.exceptions import ClientError
from django.conf import settings

from mails.addresses import envelope_form
from shop.functions import function_of

Result = Literal["made", "found", "corrected"]

MAX_RECEIVES = 3
DAY = 24 * 60 * 60
DEAD_LETTER_RETENTION = 14 * DAY  # seconds; the longest that SQS keeps anything


@dataclass(frozen=True)
class Resources:
    """The names of what is to be there. `queues` have the seconds that each hides a message which
    is worked on; `sender` is the address that mails come from."""

    region: str
    image_bucket: str
    queues: Mapping[str, int]
    sender: str


@dataclass(frozen=True)
class Outcome:
    """One resource, and what was done about it."""

    kind: str
    name: str
    result: Result

    def __str__(self) -> str:
        return f"{self.result:<9} {self.kind} {self.name}"


def wanted_resources() -> Resources:
    """What the settings ask for."""
    return Resources(
        region=settings.AWS_REGION,
        image_bucket=settings.IMAGE_BUCKET,
        queues={name: function_of(kind).visibility for kind, name in settings.QUEUES.items()},
        sender=envelope_form(settings.DEFAULT_FROM_EMAIL),
    )


def provision_resources(*, resources: Resources) -> list[Outcome]:
    """Make everything in `resources` exist; what was done, in order.

    Raises botocore's `ClientError` when the account refuses.
    """
    return list(provision_each(resources))


def provision_each(resources: Resources) -> Iterator[Outcome]:
    session = boto3.session.Session(region_name=resources.region)
    yield ensure_bucket(session.client("s3"), resources.image_bucket, resources.region)
    sqs = session.client("sqs")
    for name, visibility in resources.queues.items():
        yield from ensure_queue_pair(sqs, name, visibility)
    yield ensure_sender(session.client("ses"), resources.sender)


def ensure_bucket(s3: Any, name: str, region: str) -> Outcome:
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
    else:
        return Outcome("bucket", name, "found")
    # us-east-1 is the one region that must not be named.
    where = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": where} if where else {}))
    return Outcome("bucket", name, "made")


def ensure_queue_pair(sqs: Any, name: str, visibility: int) -> Iterator[Outcome]:
    """The queue, which hides what is worked on for so many seconds, and the one that takes what
    failed three times."""
    dead_letters = f"{name}-dlq"
    yield ensure_queue(sqs, dead_letters, {"MessageRetentionPeriod": str(DEAD_LETTER_RETENTION)})
    redrive = {"deadLetterTargetArn": queue_arn(sqs, dead_letters), "maxReceiveCount": MAX_RECEIVES}
    yield ensure_queue(
        sqs,
        name,
        {"VisibilityTimeout": str(visibility), "RedrivePolicy": json.dumps(redrive)},
    )


def ensure_queue(sqs: Any, name: str, wanted: Mapping[str, str]) -> Outcome:
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist:
        sqs.create_queue(QueueName=name, Attributes=wanted)
        return Outcome("queue", name, "made")
    present = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(wanted))
    attributes = present.get("Attributes", {})
    drifted = {key: value for key, value in wanted.items() if not same(attributes.get(key), value)}
    if not drifted:
        return Outcome("queue", name, "found")
    sqs.set_queue_attributes(QueueUrl=url, Attributes=drifted)
    return Outcome("queue", name, "corrected")


def same(present: str | None, wanted: str) -> bool:
    """Whether two attributes say the same; a policy is JSON, its counts numbers or texts."""
    if present is None:
        return False
    return normalised(present) == normalised(wanted)


def normalised(text: str) -> Any:
    value = json.loads(text)
    if isinstance(value, dict):
        return {key: str(part) for key, part in value.items()}
    return value


def queue_arn(sqs: Any, name: str) -> str:
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(attributes["Attributes"]["QueueArn"])


def ensure_sender(ses: Any, address: str) -> Outcome:
    """The address, or its domain, as an identity that SES sends for.

    On a real account a new address first has to be confirmed by a link in a mail.
    """
    pages = ses.get_paginator("list_identities").paginate()
    known = {identity for page in pages for identity in page["Identities"]}
    if address in known or is_verified(ses, address.rpartition("@")[2], known):
        return Outcome("mail identity", address, "found")
    ses.verify_email_identity(EmailAddress=address)
    return Outcome("mail identity", address, "made")


def is_verified(ses: Any, domain: str, known: set[str]) -> bool:
    """Whether the domain is an identity whose ownership was proven."""
    if domain not in known:
        return False
    answer = ses.get_identity_verification_attributes(Identities=[domain])
    return bool(answer["VerificationAttributes"][domain]["VerificationStatus"] == "Success")
