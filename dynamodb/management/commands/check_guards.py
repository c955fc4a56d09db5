"""manage.py check_guards: unique values without their guard, and guards without their row."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections

from dynamodb.rows.auditing import audit
from dynamodb.rows.auditing import mend as mend_finding

LOOK = "Of two rows that share a value change or delete one, and run it again."


class Command(BaseCommand):
    help = (
        "Compares unique values with their guards, reading all of both; --mend gives rows their "
        "guards and takes guards without a row away. The shop may go on meanwhile. Ends with an "
        "error if something is left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="mend what can be mended")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(self, *args: Any, mend: bool, database: str, **options: Any) -> None:
        connection: Any = connections[database]
        connection.registry.load(connection)
        there = set(connection.control.table_names())
        known = connection.registry.tables.values()
        tables = [table for table in known if table.uniques and table.sql_name in there]
        left = found = 0
        for finding in audit(connection.store, sorted(tables, key=lambda table: table.sql_name)):
            found += 1
            done = mend and mend_finding(connection.store, finding)
            left += not done
            self.stdout.write(f"{finding}{': mended' if done else ''}")
        if left:
            raise CommandError(
                f"{left} of {found} findings are left. "
                + (LOOK if mend else "--mend mends all but values that two rows share.")
            )
        self.stdout.write(f"Unique values and guards agree; {found} were mended.")
