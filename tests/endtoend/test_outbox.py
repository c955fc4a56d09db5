"""A checkout while SQS is away."""

import uuid
from typing import Any

from shop.localaws.server import HOST, choose_port
from tests.endtoend.buyers import Buyer
from tests.endtoend.deployment import Deployment, states


def test_the_sweeper_brings_it(shop: Deployment, port: int) -> None:
    """Accepted all the same; confirmed once a worker sweeps. Without sweeping it waits."""
    nowhere = f"http://{HOST}:{choose_port(None)}"
    with shop.server(AWS_ENDPOINT_URL_SQS=nowhere) as cut_off:
        late, prompt = Buyer(cut_off, uuid.uuid4().hex), Buyer(port, uuid.uuid4().hex)
        late.fill_cart(shop.article(1))
        answer = late.check_out()
    make_due(shop, answer.body["number"])

    with shop.workers(1, hooks="no_sweeper"):
        prompt.fill_cart(shop.article(1))
        prompt.check_out()
        shop.settle([prompt])
    assert (answer.status, shop.waiting()) == (202, 0)
    assert states(shop.orders([late])[0]) == ["created"]

    with shop.workers(1):
        (order,) = shop.settle([late])

    assert states(order) == ["created", "prepared", "confirmed"]
    assert shop.mails([late]) == [(late.email, f"Your order {order['number']} is confirmed")]
    assert message_of(shop, order["number"]) is None


def message_of(shop: Deployment, number: str) -> Any:
    """The outbox entry of an order."""
    rows = shop.rows("outbox_outboxmessage")
    return next((row for row in rows if row["body"] == {"order": number}), None)


def make_due(shop: Deployment, number: str) -> None:
    """Let the minute pass that a consumer has before the sweeper sends."""
    message = message_of(shop, number)
    shop.dynamodb.Table(f"{shop.name}-outbox_outboxmessage").update_item(
        Key={"id": message["id"]},
        UpdateExpression="SET due_at = :past",
        ExpressionAttributeValues={":past": "2026-01-01 00:00:00"},
    )
