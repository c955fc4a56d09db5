"""What happens to customers, for subscribers. The data names nobody: who wants more reads it."""

from typing import ClassVar

from outbox.events import Event, event


@event
class CustomerEvent(Event):
    customer: str  # its id

    @property
    def key(self) -> str:
        return self.customer


class CustomerCreated(CustomerEvent):
    """There is one more, of an account or of a guest."""

    type: ClassVar[str] = "customer.created"


@event
class ConsentChanged(CustomerEvent):
    """What the customer allows has changed; `state` is `given` or `withdrawn`."""

    purpose: str
    state: str

    type: ClassVar[str] = "customer.consent_changed"


class CustomerErased(CustomerEvent):
    """Nothing of the person is stored with the customer any more."""

    type: ClassVar[str] = "customer.erased"
