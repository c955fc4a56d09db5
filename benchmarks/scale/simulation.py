"""A sale, second by second: how many orders are where. A fluid: parts of orders flow, too.

Shoppers come, and wait while the API refuses them; nobody gives up. What the API takes lies
in the queue until the mapping's invocations have worked on it: they charge, confirm and mail.
Each second all that draw on the same table, key or process share it in proportion.

A message fails where the mail service refuses the mail, and where its batch outlasts the
function's timeout. It comes again after the visibility timeout, and after three receives is a
dead letter, until the sweeper has sent the order's outbox entry again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.scale.demand import Demand
from benchmarks.scale.limits import (
    BATCH,
    FUNCTION_RAMP,
    MAPPING_RAMP,
    MAPPING_START,
    RECEIVES,
    SWEEP,
    SWEPT,
    TIMEOUT,
    VISIBILITY,
    Setup,
)

ORDER, MAIL = "order", "mail"  # what is still to be done for a message
Queue = dict[tuple[str, int], float]  # (what is to be done, receives before): messages
Load = Callable[[int], float]  # orders that shoppers want in that second


@dataclass(frozen=True)
class Moment:
    """The end of a second; orders, counted from the start but for those that wait now."""

    second: int
    wanted: float
    accepted: float
    confirmed: float
    mailed: float
    shoppers: float  # refused so far, trying on
    dead: float  # in the dead-letter queue


@dataclass
class World:
    """Where the orders are."""

    setup: Setup
    demand: Demand
    wanted: float = 0.0
    accepted: float = 0.0
    confirmed: float = 0.0
    mailed: float = 0.0
    shoppers: float = 0.0
    processes: float = 0.0  # of the function, started so far
    invocations: float = MAPPING_START  # that the mapping may make at once
    queue: Queue = field(default_factory=lambda: defaultdict(float))
    returning: dict[int, Queue] = field(default_factory=dict)
    dead: dict[str, float] = field(default_factory=lambda: {ORDER: 0.0, MAIL: 0.0})

    def run(self, load: Load, seconds: int) -> Iterator[Moment]:
        for second in range(seconds):
            self.pass_second(second, load(second))
            yield Moment(
                second, self.wanted, self.accepted, self.confirmed, self.mailed,
                self.shoppers, sum(self.dead.values()),
            )  # fmt: skip

    def pass_second(self, second: int, arriving: float) -> None:
        self.wanted += arriving
        self.shoppers += arriving
        for place, amount in self.returning.pop(second, {}).items():
            self.queue[place] += amount
        self.scale_up()
        buying, working = self.rates()
        self.buy(buying)
        self.work(working, second)
        if second % SWEEP == SWEEP - 1:
            self.sweep()

    # Rates -------------------------------------------------------------------------------

    def waiting(self) -> float:
        """Messages that can be received now."""
        return sum(self.queue.values())

    def scale_up(self) -> None:
        """Lambda adds processes, and the mapping invocations while there is work."""
        self.processes = min(self.setup.reserved, self.processes + FUNCTION_RAMP)
        if self.waiting() > self.invocations:
            self.invocations += MAPPING_RAMP
        self.invocations = min(self.setup.mapping, self.invocations)

    def rates(self) -> tuple[float, float]:
        """Orders of this second: that the API takes, and that the queue's consumers work on."""
        demand = self.demand
        working = min(self.waiting(), self.invocations / demand.processing_seconds)
        free = max(0.0, self.processes - working * demand.processing_seconds)
        buying = min(
            self.shoppers,
            self.setup.requests / demand.requests,
            self.setup.checkouts,
            free / demand.buying_seconds,
        )
        orders = working * self.share_of(ORDER)  # of the others only the mail is left
        slow_buying, slow_working = 1.0, 1.0
        for each in demand.constraints:
            asked = buying * each.buying + orders * each.processing
            slower = min(1.0, each.limit / asked) if asked else 1.0
            slow_buying = min(slow_buying, slower) if each.buying else slow_buying
            slow_working = min(slow_working, slower) if each.processing else slow_working
        return buying * slow_buying, working * slow_working

    def share_of(self, work: str) -> float:
        total = self.waiting()
        return sum(n for (kind, _), n in self.queue.items() if kind == work) / total if total else 0

    # What happens ------------------------------------------------------------------------

    def buy(self, orders: float) -> None:
        self.shoppers -= orders
        self.accepted += orders
        self.queue[ORDER, 0] += orders

    def work(self, messages: float, second: int) -> None:
        """So many messages worked on; beside them, those that a timeout cut off."""
        total = self.waiting()
        if not messages:
            return
        cut = min(total - messages, messages * self.cut_off(messages, total))
        taken = {place: amount / total for place, amount in self.queue.items() if amount}
        mails = sum(taken.values()) * messages
        refused = max(0.0, 1 - self.setup.mails / mails)
        for (kind, receives), share in taken.items():
            self.queue[kind, receives] -= share * (messages + cut)
            self.fail(kind, receives, share * cut, second)
            if kind == ORDER:
                self.confirmed += share * messages
            self.mailed += share * messages * (1 - refused)
            self.fail(MAIL, receives, share * messages * refused, second)

    def cut_off(self, messages: float, total: float) -> float:
        """For each message worked on, those that its batch did not come to."""
        busy = min(self.invocations, total)
        batch = max(1.0, min(BATCH, total / busy))
        in_time = min(1.0, TIMEOUT / (batch * busy / messages))
        return (1 - in_time) / in_time

    def fail(self, kind: str, receives: int, amount: float, second: int) -> None:
        if not amount:
            return
        if receives + 1 == RECEIVES:
            self.dead[kind] += amount
        else:
            due = self.returning.setdefault(second + VISIBILITY, defaultdict(float))
            due[kind, receives + 1] += amount

    def sweep(self) -> None:
        """Dead letters' orders are sent again, as far as their share of a sweep goes."""
        under_way = self.accepted - self.mailed
        if not under_way:
            return
        share = min(1.0, SWEPT / under_way)
        for kind, amount in self.dead.items():
            self.queue[kind, 0] += amount * share
            self.dead[kind] -= amount * share
