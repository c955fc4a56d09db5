"""The peer is measured where it is asked for, and only there."""

import pytest

from benchmarks.__main__ import choose
from benchmarks.comparisons import COMPARISONS, PEERS, servers_of
from benchmarks.peers.sides import PEER_SIDES
from benchmarks.sides import SIDES

NAMES = ["peer-list", "peer-detail", "peer-cart", "peer-add", "peer-checkout"]


def test_without_peers_nothing_of_them_is_measured() -> None:
    assert choose(None, peers=False) == COMPARISONS


def test_with_peers_the_five_come_last() -> None:
    assert choose(None, peers=True) == [*COMPARISONS, *PEERS]
    assert [each.name for each in PEERS] == NAMES


def test_one_of_them_alone() -> None:
    assert [each.name for each in choose(["peer-cart"], peers=True)] == ["peer-cart"]


def test_a_peer_s_name_without_peers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^peer-add: only with --peers \(make bench PEERS=1\)$"):
        choose(["list", "peer-add"], peers=False)


def test_each_has_its_two_sides_and_no_goal() -> None:
    for each in PEERS:
        assert (each.goal, each.alike) == (None, False)
        assert each.ours in SIDES
        assert each.theirs in PEER_SIDES


@pytest.mark.parametrize(
    ("url", "server"),
    [("", "local AWS / SQLite"), ("postgresql://ada@db/shop", "local AWS / PostgreSQL")],
)
def test_a_figure_names_the_peer_s_database(
    url: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEERS_DATABASE_URL", url)
    assert servers_of(PEERS[0]) == (server,)
