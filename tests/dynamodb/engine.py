"""The connection, as the engine's own and not as any database's."""

from typing import Any

from django.db import connection as django_connection

connection: Any = django_connection
