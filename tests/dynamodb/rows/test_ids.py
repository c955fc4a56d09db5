"""Automatic primary keys."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dynamodb.rows import ids


def test_they_rise_and_fit_53_bits() -> None:
    made = [ids.new_id() for _ in range(10_000)]

    assert made == sorted(set(made))
    assert made[0] > 0 and made[-1] < 2**53


def test_threads_never_meet() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [ids.new_id() for _ in range(2_000)], range(8)))

    assert len({each for part in made for each in part}) == 16_000


def test_a_clock_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new_id()
    monkeypatch.setattr(time, "time", lambda: ids.EPOCH + 1.0)

    assert ids.new_id() == before + 1


def test_until_2093(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr(time, "time", lambda: ids.EPOCH + 69 * 365.25 * 86_400)

    assert ids.new_id() < 2**53
