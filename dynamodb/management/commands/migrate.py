"""Django's migrate. What it writes of its own accord (permissions, content types) may be
more than one transaction holds; each such write can be repeated, so it goes in parts."""

from typing import Any

from django.core.management.commands import migrate

from dynamodb.rows.commit import commits_in_parts


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with commits_in_parts():
            super().handle(*args, **options)
