"""The states of an order's process, which may follow which, and what customers are told of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from payments.states import PaymentStatus


class State(TextChoices):
    """How far the order's process has come."""

    CREATED = "created", _("created")  # accepted, nothing else done
    PREPARED = "prepared", _("prepared")  # stock reserved; waits for the money
    BILLED = "billed", _("billed")  # of before payments had rows of their own: paid
    CONFIRMED = "confirmed", _("confirmed")  # paid, or promised; waits for fulfilment
    BACK_ORDERED = "back_ordered", _("back-ordered")  # paid; waits for stock
    HELD = "held", _("held")  # something is wrong with the payment: wants a person
    CANCELLED = "cancelled", _("cancelled")  # no stock held; money given back
    EXPIRED = "expired", _("expired")  # not paid in time; no stock held


class Status(TextChoices):
    """What an order is, to whoever looks at it."""

    OPEN = "open", _("open")
    CONFIRMED = "confirmed", _("confirmed")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")
    HELD = "held", _("held")


class FulfilmentStatus(TextChoices):
    UNFULFILLED = "unfulfilled", _("unfulfilled")
    PARTIAL = "partial", _("partial")
    FULFILLED = "fulfilled", _("fulfilled")  # all of it has left
    DELIVERED = "delivered", _("delivered")
    PARTLY_RETURNED = "partly_returned", _("partly returned")
    RETURNED = "returned", _("returned")


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
