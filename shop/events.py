"""What Lambda calls besides the web application; `zappa_settings.json` names these."""

from typing import Any

from mails.consumers import consume as consume_feedback
from outbox.consumers import consume, sweep
from shop.redelivery import retry_soon
from telemetry.functions import observed

Failures = dict[str, list[dict[str, str]]]


@observed
def consume_orders(event: dict[str, Any], context: Any) -> Failures:
    """A batch of the order queue; answers with the records that must come again."""
    return consume(event, context)


@observed
def consume_catalog(event: dict[str, Any], context: Any) -> Failures:
    """A batch of the catalogue's queue: what a change has made out of date is made anew."""
    answer = consume(event, context)
    retry_soon(event, answer)
    return answer


@observed
def consume_mail_events(event: dict[str, Any], context: Any) -> Failures:
    """A batch of what SES tells of mails: bounces and complaints end the mail to an address."""
    return consume_feedback(event, context)


@observed
def sweep_outbox(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's tick: stored messages that are due are sent again."""
    return sweep(event, context)


#: By the keys of settings.QUEUES: what Lambda's event sources call.
CONSUMERS = {
    "orders": consume_orders,
    "catalog": consume_catalog,
    "mail-events": consume_mail_events,
}
