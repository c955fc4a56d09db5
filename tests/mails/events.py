"""What SES tells, on its way through SNS and SQS to the consumer."""

import json
from pathlib import Path
from typing import Any

from shop.events import consume_mail_events

RECORDED = Path(__file__).with_name("recorded")
TOPIC = "arn:aws:sns:eu-central-1:123456789012:shop-dev-mail-events"


def recorded(name: str) -> dict[str, Any]:
    """A documented event."""
    event: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text())
    return event


def wrapped(message: str) -> str:
    """In SNS's envelope, as a queue gets it that is not subscribed raw."""
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": TOPIC,
            "Subject": "Amazon SES Email Event Notification",
            "Message": message,
            "Timestamp": "2017-08-05T00:41:03.000Z",
            "SignatureVersion": "1",
            "Signature": "EXAMPLEw6JRN",
            "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService.pem",
            "UnsubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe",
        }
    )


def deliver(*bodies: str) -> list[str]:
    """A batch of such messages; the failed ones by their place in it."""
    records = [
        {"messageId": str(place), "body": body, "eventSource": "aws:sqs"}
        for place, body in enumerate(bodies)
    ]
    failures = consume_mail_events({"Records": records}, None)["batchItemFailures"]
    return [failure["itemIdentifier"] for failure in failures]


def tell(event: dict[str, Any]) -> list[str]:
    """Deliver one event in its envelope."""
    return deliver(wrapped(json.dumps(event)))
