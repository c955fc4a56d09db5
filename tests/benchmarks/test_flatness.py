"""The benchmark of sizes runs, and both sizes are asked alike."""

import pytest

from benchmarks.flatness import measure_sizes
from tests.dynamodb.servers import Unavailable


def test_two_sizes_are_measured_in_pairs() -> None:
    try:
        pairs = list(measure_sizes("120", "100", rounds=2, block=3))
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert [(large > 0, small > 0) for large, small in pairs] == [(True, True)] * 2
