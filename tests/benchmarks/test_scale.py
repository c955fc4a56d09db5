"""The simulation on cases small enough to be worked out by hand."""

from dataclasses import replace

import pytest

from benchmarks.cost.figures import load_figures
from benchmarks.scale.__main__ import Case, cases, ceilings, lag, sale
from benchmarks.scale.demand import INDEX, PROCESS, STATUSES, Constraint, Demand
from benchmarks.scale.limits import SETTINGS, SHIPPED, Setup
from benchmarks.scale.simulation import MAIL, ORDER, Moment, World

PLENTY = 1e9
SETUP = Setup(requests=PLENTY, checkouts=PLENTY, reserved=PLENTY, mapping=10.0, mails=PLENTY)
# An invocation works on two orders a second; a request takes no time.
DEMAND = Demand(requests=1.0, buying_seconds=1e-9, processing_seconds=0.5, constraints=[])


def world(*constraints: Constraint, waiting: float = 0.0, **setup: float) -> World:
    """A shop whose mapping is at its most already, and so many orders in its queue."""
    made = World(replace(SETUP, **setup), replace(DEMAND, constraints=list(constraints)))
    made.invocations = made.setup.mapping
    made.queue[ORDER, 0] = made.accepted = waiting
    return made


def nobody(second: int) -> float:
    return 0.0


def test_a_queue_of_known_length() -> None:
    """GIVEN 100 orders, 10 invocations, half a second an order THEN it is empty after 5 s."""
    moments = list(world(waiting=100.0).run(nobody, 7))
    assert [moment.confirmed for moment in moments] == [20, 40, 60, 80, 100, 100, 100]
    assert [moment.mailed for moment in moments] == [20, 40, 60, 80, 100, 100, 100]


def test_a_mapping_adds_five_invocations_a_second() -> None:
    shop = world(waiting=1e6, mapping=22.0)
    shop.invocations = 5.0
    moments = list(shop.run(nobody, 5))
    assert [moment.confirmed for moment in moments] == [20, 50, 90, 134, 178]


def test_shoppers_wait_while_the_api_refuses_them() -> None:
    moments = list(world(requests=6.0).run(lambda second: 10.0, 4))
    assert [moment.shoppers for moment in moments] == [4, 8, 12, 16]
    assert [moment.accepted for moment in moments] == [6, 12, 18, 24]


def test_consumers_leave_the_api_the_other_processes() -> None:
    """GIVEN 12 processes, 10 of them at the queue WHEN an order's requests take 0.5 s THEN 4."""
    shop = world(waiting=1000.0, reserved=12.0)
    shop.demand = replace(shop.demand, buying_seconds=0.5)
    (moment,) = shop.run(lambda second: 100.0, 1)
    assert (moment.accepted - 1000.0, moment.confirmed) == (4.0, 20.0)


def test_a_table_is_shared_in_proportion() -> None:
    """GIVEN 60 units WHEN 10 buy at 2 units and 20 are worked on at 5 THEN half of each."""
    table = Constraint("table", 60.0, 2.0, 5.0)
    (moment,) = world(table, waiting=1000.0).run(lambda second: 10.0, 1)
    assert (moment.accepted - 1000.0, moment.confirmed) == (5.0, 10.0)


def test_what_only_the_saga_writes_slows_only_the_saga() -> None:
    key = Constraint("key", 10.0, 0.0, 1.0)
    (moment,) = world(key, waiting=1000.0).run(lambda second: 10.0, 1)
    assert (moment.accepted - 1000.0, moment.confirmed) == (10.0, 10.0)


def test_a_mail_that_is_refused_is_tried_three_times_and_swept() -> None:
    """GIVEN 10 orders and a mail a second, of which SES takes none but from minute 7 on."""
    shop = world(waiting=10.0, mails=0.0)
    moments = list(shop.run(nobody, 361))
    assert moments[0].confirmed == 10.0
    assert shop.returning == {}
    assert [moments[second].dead for second in (179, 359, 360)] == [0.0, 0.0, 10.0]

    shop.setup = replace(shop.setup, mails=PLENTY)
    for second in range(361, 420):
        shop.pass_second(second, 0.0)
    assert (sum(shop.dead.values()), shop.queue[MAIL, 0]) == (0.0, 10.0)
    shop.pass_second(420, 0.0)
    assert shop.mailed == 10.0


def test_a_sweep_sends_four_hundred() -> None:
    shop = world()
    shop.accepted, shop.dead[ORDER] = 1000.0, 1000.0
    shop.sweep()
    assert (shop.dead[ORDER], shop.queue[ORDER, 0]) == (600.0, 400.0)


def test_a_batch_that_outlasts_the_timeout_is_cut_off() -> None:
    """GIVEN 10 invocations and 2.5 orders a second THEN a batch takes 40 s, and 30 are there."""
    shop = world(Constraint("item", 2.5, 0.0, 1.0), waiting=1000.0)
    shop.pass_second(0, 0.0)
    assert shop.confirmed == 2.5
    assert shop.returning[180][ORDER, 1] == pytest.approx(2.5 / 3)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.load:.0f}, {case.name}")
def test_no_order_is_lost_or_made(case: Case) -> None:
    shop = World(case.setup, case.demand)
    for second in range(900):
        shop.pass_second(second, sale(case.load)(second))
    queues = [shop.queue, *shop.returning.values()]
    under_way = {
        work: sum(n for queue in queues for (kind, _), n in queue.items() if kind == work)
        + shop.dead[work]
        for work in (ORDER, MAIL)
    }
    assert shop.wanted == pytest.approx(shop.accepted + shop.shoppers)
    assert shop.accepted == pytest.approx(shop.confirmed + under_way[ORDER])
    assert shop.confirmed == pytest.approx(shop.mailed + under_way[MAIL])


def test_the_index_s_statuses_are_what_was_measured() -> None:
    """The split by key is by reasoning; its sums are DynamoDB's."""
    steps = load_figures().steps
    measured = (steps["checkout"].writes_at(INDEX), steps[PROCESS].writes_at(INDEX))
    assert tuple(map(sum, zip(*STATUSES.values(), strict=True))) == measured


def test_mails_give_way_first() -> None:
    first, second, *_ = sorted(
        ceilings(Case(50_000.0, hot=True, remedy=SHIPPED)), key=lambda each: each[1]
    )
    assert first == ("mails", 14.0)
    assert second[0] == "API Gateway's throttle of the rest"


def test_the_hot_key_gives_way_at_its_partition_s_rate() -> None:
    found = dict(ceilings(Case(50_000.0, hot=False, remedy=SETTINGS)))
    assert found[f"key confirmed of {INDEX}"] == pytest.approx(1000.0)


def test_a_lag_is_measured_between_two_curves() -> None:
    def moment(second: int) -> Moment:
        wanted = min(second + 1, 10) * 10.0
        accepted = min(second + 1, 20) * 5.0
        return Moment(second, wanted, accepted, 0.0, 0.0, 0.0, 0.0)

    moments = [moment(second) for second in range(700)]
    assert lag(moments, "wanted", "accepted") == 10
    assert lag(moments, "accepted", "accepted") == 0
    assert lag(moments, "accepted", "confirmed") is None
