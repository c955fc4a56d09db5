"""From an accepted order to its end, step by step.

What is to be done next is told by what is stored alone, so a consumer that dies anywhere leaves
an order that the next one takes up. Each step ends with a write that is conditional on the state
it started from: of two consumers at the same order one gets through, the other reads again and
goes on from there. That is why messages may come twice, late and in any order, and why a standard
queue will do: FIFO would cost throughput and give nothing that the conditions do not.

| state        | step    | what it does                                  | when repeated           |
|--------------|---------|-----------------------------------------------|-------------------------|
| created      | reserve | reserves stock, or cancels                    | the transaction fails   |
| prepared     | pay     | asks for the payment, unless it costs nothing | same reference, same    |
|              |         | and confirms, cancels, holds, waits, expires  | payment                 |
| billed       | confirm | of code of before                             | the condition fails     |
| confirmed    | refresh | its statuses, from what hangs on it           | the same words          |
| back_ordered | restock | reserves stock when there is some; confirms   | the transaction fails   |
| cancelled    | settle  | gives back money and promises                 | same reference          |
| expired      | revive  | money that came after all: takes the order up | the transaction fails   |
|              |         | again, or deals with the shortfall            |                         |
| held         | rest    | a person's: another sum was charged           | the same words          |

Whoever tells of an order, and what has become of it, are different things: the message that led
here is acknowledged with the last write that it causes, and the event of how the order ended is
stored in that same write. Mails are sent by who subscribes to that.
"""

from django.db import transaction

from dynamodb.conflicts import retry_on_conflict
from orders.events import OrderConfirmed, OrderPlaced
from orders.models import Order
from orders.process.ending import settle, store_statuses, take_note
from orders.process.ground import Step, again, stored_order
from orders.process.late import revive
from orders.process.paying import confirm_billed, pay
from orders.process.stock import reserve, restock
from orders.states import FulfilmentStatus, State
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit
from payments import services as payments
from payments.selectors import payments_of
from payments.states import PaymentStatus

CONFLICTS = 10  # of one step, before the message is left to the queue's redelivery


def advance_order(*, number: str, delivery: Delivery[Event]) -> None:
    """Take the order as far as it goes. `delivery` is of the event that told of it.

    Raises Order.DoesNotExist, GatewayUnavailable, TryLater and, on a very busy item,
    ConflictError: in each case the message must come again.
    """
    order: Order | None = stored_order(number)
    while order is not None:
        order = take_step(order, delivery)


def take_step(order: Order, delivery: Delivery[Event]) -> Order | None:
    """One step of the order as it is known; after a conflict, of the order as it is then."""
    known = [order]

    def attempt() -> Order | None:
        current = known.pop() if known else again(order)
        return STEPS[State(current.state)](current, delivery)

    return retry_on_conflict(attempt, attempts=CONFLICTS)


def refresh(order: Order, delivery: Delivery[Event]) -> Order | None:
    """The statuses of a confirmed order, from what hangs on it. What was only promised is taken
    when the first parcel has left."""
    if order.payment_status == PaymentStatus.AUTHORIZED and has_left(order):
        for payment in payments_of(order.pk):
            payments.capture(payment=payment, amount=payment.money(payment.sums.open))
    with transaction.atomic():
        store_statuses(again(order), payments_of(order.pk))
        taken = acknowledge(delivery=delivery)
        # Code of before told the customer itself, with the message of the placed order.
        if taken and isinstance(delivery.event, OrderPlaced):
            emit(OrderConfirmed(order.pk))
    return None


def has_left(order: Order) -> bool:
    return order.fulfilment_status != FulfilmentStatus.UNFULFILLED


def rest(order: Order, delivery: Delivery[Event]) -> Order | None:
    """A held order is a person's, who is to see what hangs on it."""
    take_note(order, delivery)
    return None


STEPS: dict[State, Step] = {
    State.CREATED: reserve,
    State.PREPARED: pay,
    State.BILLED: confirm_billed,
    State.CONFIRMED: refresh,
    State.BACK_ORDERED: restock,
    State.HELD: rest,
    State.CANCELLED: settle,
    State.EXPIRED: revive,
}
