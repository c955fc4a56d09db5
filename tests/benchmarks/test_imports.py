"""What the benchmark of imports runs, still runs."""

import pytest

from benchmarks.imports import SIDES, measure_import


@pytest.mark.parametrize("side", SIDES)
def test_a_new_process_can_import_it(side: str) -> None:
    assert 0 < measure_import(side) < 60_000
