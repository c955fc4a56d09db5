"""The states of an order's process, which may follow which, and what customers are told of it."""

from django.db.models import TextChoices

from payments.states import PaymentStatus


class State(TextChoices):
    """How far the order's process has come."""

    CREATED = "created", "created"  # accepted, nothing else done
    PREPARED = "prepared", "prepared"  # stock reserved; waits for the money
    BILLED = "billed", "billed"  # of before payments had rows of their own: paid
    CONFIRMED = "confirmed", "confirmed"  # paid, or promised; waits for fulfilment
    BACK_ORDERED = "back_ordered", "back-ordered"  # paid; waits for stock
    HELD = "held", "held"  # something is wrong with the payment: wants a person
    CANCELLED = "cancelled", "cancelled"  # no stock held; money given back
    EXPIRED = "expired", "expired"  # not paid in time; no stock held


class Status(TextChoices):
    """What an order is, to whoever looks at it."""

    OPEN = "open", "open"
    CONFIRMED = "confirmed", "confirmed"
    COMPLETED = "completed", "completed"
    CANCELLED = "cancelled", "cancelled"
    EXPIRED = "expired", "expired"
    HELD = "held", "held"


class FulfilmentStatus(TextChoices):
    UNFULFILLED = "unfulfilled", "unfulfilled"
    PARTIAL = "partial", "partial"
    FULFILLED = "fulfilled", "fulfilled"  # all of it has left
    DELIVERED = "delivered", "delivered"
    PARTLY_RETURNED = "partly_returned", "partly returned"
    RETURNED = "returned", "returned"


FOLLOWERS: dict[State, frozenset[State]] = {
    State.CREATED: frozenset({State.PREPARED, State.CANCELLED}),
    State.PREPARED: frozenset({State.CONFIRMED, State.HELD, State.CANCELLED, State.EXPIRED}),
    State.BILLED: frozenset({State.CONFIRMED}),
    State.CONFIRMED: frozenset({State.CANCELLED}),
    State.BACK_ORDERED: frozenset({State.CONFIRMED, State.CANCELLED}),
    State.HELD: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
    # Money that comes late takes the order up again, if there is stock.
    State.EXPIRED: frozenset({State.PREPARED, State.BACK_ORDERED}),
}
WITH_STOCK = frozenset({State.PREPARED, State.BILLED, State.CONFIRMED, State.HELD})


class IllegalTransition(Exception):
    """The state asked for cannot follow the present one."""


def check_transition(before: State, after: State) -> None:
    """Raises IllegalTransition unless `after` may follow `before`."""
    if after not in FOLLOWERS[before]:
        raise IllegalTransition(f"An order that is {before} cannot become {after}.")


STATUSES = {
    State.CREATED: Status.OPEN,
    State.PREPARED: Status.OPEN,
    State.BILLED: Status.OPEN,
    State.CONFIRMED: Status.CONFIRMED,
    State.BACK_ORDERED: Status.CONFIRMED,
    State.HELD: Status.HELD,
    State.CANCELLED: Status.CANCELLED,
    State.EXPIRED: Status.EXPIRED,
}


def status_of(state: State, payment: PaymentStatus, fulfilment: FulfilmentStatus) -> Status:
    """What the parts say: a confirmed order that is delivered and paid is completed."""
    done = fulfilment in {
        FulfilmentStatus.DELIVERED,
        FulfilmentStatus.PARTLY_RETURNED,
        FulfilmentStatus.RETURNED,
    }
    owed = {PaymentStatus.NONE, PaymentStatus.PARTLY_AUTHORIZED, PaymentStatus.AUTHORIZED}
    if state == State.CONFIRMED and done and payment not in {*owed, PaymentStatus.PARTLY_CHARGED}:
        return Status.COMPLETED
    return STATUSES[state]
