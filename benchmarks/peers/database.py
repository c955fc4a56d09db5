"""Where the peer keeps its rows: SQLite in a file, or the PostgreSQL of PEERS_DATABASE_URL."""

from typing import Any
from urllib.parse import unquote, urlsplit

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "CONN_MAX_AGE": None,  # as it is measured in one process that stays
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}
SCHEMES = ("postgres", "postgresql")


def title(url: str) -> str:
    """The database's name for people. Raises ValueError where `url` names another."""
    if not url:
        return "SQLite"
    if urlsplit(url).scheme not in SCHEMES:
        raise ValueError("PEERS_DATABASE_URL must be like postgresql://user:password@host/name")
    return "PostgreSQL"


def database(url: str, *, file: str, schema: str) -> dict[str, Any]:
    """Django's settings of it. In PostgreSQL all tables are in `schema`: what else the database
    has is not touched."""
    if title(url) == "SQLite":
        return {**SQLITE, "NAME": file}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"options": f"-c search_path={schema}"},
    }
