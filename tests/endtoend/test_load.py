"""Workers killed again and again while orders come in."""

import random
import uuid
from collections import Counter
from functools import partial

from tests.endtoend.buyers import Buyer, at_once
from tests.endtoend.deployment import Deployment, states, wait_for, wait_until_ready

WAVES, WAVE = 5, 6
KILLED = [[0], [1], [0, 1]]  # of the two workers, wave after wave
KILLS = sum(len(KILLED[wave % len(KILLED)]) for wave in range(WAVES))
VISIBILITY = 6  # seconds until a killed worker's messages come again
HOOKS = "short_mail_lease,slow_gateway"


def test_every_order_ends_once(shop: Deployment, port: int) -> None:
    """Waves of orders; in the midst of each one or both of the two workers are killed.

    What fell into the dead-letter queue, having been in the hands of three killed
    workers, is put back as an operator would, and converges.
    """
    chance = random.Random(20261121)
    methods = chance.choices(["test-ok", "test-declined"], [4, 1], k=WAVES * WAVE)
    group, skus = uuid.uuid4().hex, [shop.article(20), shop.article(20)]
    buyers = [
        Buyer(port, f"{group}-{place:02}", payment_method=method)
        for place, method in enumerate(methods)
    ]
    chosen = [chance.choice(skus) for _ in buyers]
    for buyer, sku in zip(buyers, chosen, strict=True):
        buyer.fill_cart(sku)
    shop.set_visibility_timeout(VISIBILITY)

    workers = [shop.start_worker(hooks=HOOKS) for _ in range(2)]
    try:
        for wave in range(WAVES):
            for _, log in workers:
                wait_until_ready(log)
            some = buyers[wave * WAVE : (wave + 1) * WAVE]
            at_once([buyer.check_out for buyer in some])
            wait_for(partial(in_hand, shop, some), lambda: "no order is being processed")
            for place in KILLED[wave % len(KILLED)]:
                workers[place][0].kill()
                workers[place] = shop.start_worker(hooks=HOOKS)
        wait_for(
            lambda: shop.redrive() + shop.waiting() == 0 and shop.has_settled(buyers),
            lambda: f"{shop.waiting()} messages left; {shop.state_of(buyers)}",
        )
    finally:
        for child, _ in workers:
            child.kill()

    orders = shop.orders(buyers)
    ends = {"test-ok": "confirmed", "test-declined": "cancelled"}
    assert [order["status"] for order in orders] == [ends[method] for method in methods]
    assert {tuple(states(order)) for order in orders} == {
        ("created", "prepared", "confirmed"),
        ("created", "prepared", "cancelled"),
    }
    sold = Counter(sku for sku, method in zip(chosen, methods, strict=True) if method == "test-ok")
    assert [shop.stock(sku) for sku in skus] == [(20 - sold[sku], sold[sku]) for sku in skus]
    charges = {charge["reference"]: charge["status"] for charge in shop.charges(orders)}
    charged = {"confirmed": "charged", "cancelled": "declined"}
    assert charges == {order["number"]: charged[order["status"]] for order in orders}
    mails = Counter(to for to, _ in shop.mails(buyers))
    assert sorted(mails) == [buyer.email for buyer in buyers]
    # Who dies after SES has taken a mail and before that is noted sends it again.
    assert mails.total() - len(buyers) <= KILLS


def in_hand(shop: Deployment, buyers: list[Buyer]) -> bool:
    """Whether an order is at the gateway: prepared, and not yet paid."""
    return any(order["status"] == "prepared" for order in shop.orders(buyers))
