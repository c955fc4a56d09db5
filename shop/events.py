"""What Lambda calls besides the web application; `zappa_settings.json` names these."""

from typing import Any

from catalog.consumers import consume as consume_pages
from mails.consumers import consume as consume_events_of_mails
from orders.consumers import consume
from outbox.consumers import sweep
from telemetry.functions import observed


@observed
def consume_orders(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """A batch of the order queue; answers with the records that must come again."""
    return consume(event, context)


@observed
def consume_catalog(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """A batch of the catalogue's queue: products of changed categories are listed anew."""
    return consume_pages(event, context)


@observed
def consume_mail_events(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """A batch of what SES tells of mails: bounces and complaints end the mail to an address."""
    return consume_events_of_mails(event, context)


@observed
def sweep_outbox(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's tick: stored messages that are due are sent again."""
    return sweep(event, context)
