"""From an accepted order to its end, step by step.

What is to be done next is told by what is stored alone, so a consumer that dies anywhere leaves
an order that the next one takes up. Each step ends with a write that is conditional on the state
it started from: of two consumers at the same order one gets through, the other reads again and
goes on from there. That is why messages may come twice, late and in any order, and why a standard
queue will do: FIFO would cost throughput and give nothing that the conditions do not.

| state        | step    | what it does                                    | when repeated               |
|--------------|---------|-------------------------------------------------|-----------------------------|
| created      | reserve | reserves stock, or cancels                      | the transaction fails whole |
| prepared     | pay     | asks for the payment, unless it costs nothing;  | same reference, same        |
|              |         | then confirms, cancels, holds, waits or expires | payment                     |
| billed       | confirm | of code of before                               | the condition fails         |
| confirmed    | refresh | its statuses, from what hangs on it             | the same words              |
| back_ordered | restock | reserves stock when there is some; confirms     | the transaction fails whole |
| cancelled    | settle  | gives money back, and what was only promised    | same reference, same refund |
| expired      | revive  | money that came after all: takes the order up   | the transaction fails whole |
|              |         | again, or deals with the shortfall              |                             |
| held         |         | a person's: another sum was charged             |                             |

Whoever tells of an order, and what has become of it, are different things: the message that led
here is acknowledged with the last write that it causes, and the event of how the order ended is
stored in that same write. Mails are sent by who subscribes to that.
"""

import logging
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog.errors import NotEnoughStock
from catalog.models import Stock
from catalog.services import allocate, release
from dynamodb.conflicts import retry_on_conflict
from dynamodb.reads import get_many
from orders.errors import SoldOut
from orders.events import (
    OrderCancelled,
    OrderConfirmed,
    OrderEvent,
    OrderExpired,
    OrderPlaced,
    PaymentDue,
    StockAwaited,
    StockShortfall,
)
from orders.limits import note_declined
from orders.models import Order
from orders.services import move_order, standing_of
from orders.states import WITH_STOCK, State
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit
from payments import services as payments
from payments.errors import GatewayUnavailable
from payments.models import Payment
from payments.selectors import payments_of, refunds_of, sums_of
from payments.states import PaymentStatus, payment_status
from payments.states import State as Paid
from telemetry.metrics import Metric, count

logger = logging.getLogger(__name__)

CONFLICTS = 10  # of one step, before the message is left to the queue's redelivery
FIRST = 1  # the number of an order's only payment, as long as there is one means
WAITING = frozenset({Paid.ASKED, Paid.PENDING, Paid.ACTION_REQUIRED})

#: The order as it is after the step, to go on with; None if nothing is left to do for now.
Step = Callable[[Order, Delivery[Event]], Order | None]


def advance_order(*, number: str, delivery: Delivery[Event]) -> None:
    """Take the order as far as it goes. `delivery` is of the event that told of it.

    Raises Order.DoesNotExist, GatewayUnavailable, TryLater and, on a very busy item,
    ConflictError: in each case the message must come again.
    """
    order: Order | None = Order.objects.get(pk=number)
    while order is not None:
        order = take_step(order, delivery)


def take_step(order: Order, delivery: Delivery[Event]) -> Order | None:
    """One step of the order as it is known; after a conflict, of what it is now."""
    known: list[Order] = [order]

    def attempt() -> Order | None:
        step = STEPS.get(State((known or [again(order)])[0].state))
        return step((known or [again(order)]).pop(), delivery) if step else None

    return retry_on_conflict(attempt, attempts=CONFLICTS)
