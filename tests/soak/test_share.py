"""A few people for twenty seconds: a share of `make soak`, with all its audits."""

import uuid
from pathlib import Path

from tests.soak.run import Soak, report
from tests.soak.stack import Stack

SECONDS, BUYERS, SEED = 20, 6, 1


def test_nothing_is_lost_undone_or_counted_twice(provisioned: None, tmp_path: Path) -> None:
    stack = Stack(f"soak-{uuid.uuid4().hex[:6]}", tmp_path)
    soak = Soak(stack, seconds=SECONDS, buyers=BUYERS, seed=SEED, processes=2, pace=0.3)
    journal = soak.run()
    assert not journal.faults, report(soak)
    assert journal.orders
    assert journal.written
