"""Django's flush, which makes permissions and content types anew as migrate does."""

from typing import Any

from django.core.management.commands import flush

from dynamodb.rows.commit import commits_in_parts


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with commits_in_parts():
            super().handle(**options)
