"""The states of an order, and which may follow which."""

from django.db.models import TextChoices


class Status(TextChoices):
    CREATED = "created", "created"  # accepted, nothing else done
    PREPARED = "prepared", "prepared"  # stock reserved
    BILLED = "billed", "billed"  # money taken
    CONFIRMED = "confirmed", "confirmed"  # waits for fulfilment
    HELD = "held", "held"  # something is wrong with the payment: wants a person
    CANCELLED = "cancelled", "cancelled"  # for good; no stock and no money held


FOLLOWERS: dict[Status, frozenset[Status]] = {
    Status.CREATED: frozenset({Status.PREPARED, Status.CANCELLED}),
    Status.PREPARED: frozenset({Status.BILLED, Status.HELD, Status.CANCELLED}),
    Status.BILLED: frozenset({Status.CONFIRMED}),
    Status.CONFIRMED: frozenset(),
    Status.HELD: frozenset({Status.CANCELLED}),
    Status.CANCELLED: frozenset(),
}


class IllegalTransition(Exception):
    """The state asked for cannot follow the present one."""


def check_transition(before: Status, after: Status) -> None:
    """Raises IllegalTransition unless `after` may follow `before`."""
    if after not in FOLLOWERS[before]:
        raise IllegalTransition(f"An order that is {before} cannot become {after}.")
