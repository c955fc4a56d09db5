"""Where the peer keeps its rows."""

import pytest

from benchmarks.peers.database import SQLITE, database, title


def test_without_an_address_it_is_a_file() -> None:
    made = database("", file="peer.sqlite3", schema="bench_peer")
    assert made == {**SQLITE, "NAME": "peer.sqlite3"}
    assert title("") == "SQLite"


def test_postgresql_in_a_schema_of_its_own() -> None:
    url = "postgresql://ada:p%40ss@db.example:5433/shop"
    assert database(url, file="unused", schema="bench_peer_1") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "ada",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"options": "-c search_path=bench_peer_1"},
    }


def test_what_an_address_leaves_out_is_the_driver_s() -> None:
    made = database("postgres:///shop", file="unused", schema="s")
    assert [made[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "shop", "", "", "", "",
    ]  # fmt: skip


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^PEERS_DATABASE_URL must be like postgresql://"):
        title("mysql://ada@db/shop")
