"""`manage.py migrate_before_code`: the migrations that code of before can live with."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.loader import MigrationLoader

FIRST = "0001_initial"


class Command(BaseCommand):
    help = (
        "Run all migrations but those marked after_code = True, which take away what code of "
        "before reads; `migrate` runs the rest when none of it runs any more. A new shop has no "
        "code of before, and gets all."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        targets = held_back(MigrationLoader(connection))
        for app, name in targets.items():
            call_command("migrate", app, name, interactive=False, verbosity=verbosity)
        if not targets:
            call_command("migrate", interactive=False, verbosity=verbosity)


def held_back(loader: MigrationLoader) -> dict[str, str]:
    """By app the migration to go to, of all apps; nothing where none is to be held back."""
    targets = dict(loader.graph.leaf_nodes())
    held = False
    for app, leaf in list(targets.items()):
        way = [node for node in loader.graph.forwards_plan((app, leaf)) if node[0] == app]
        later = [node for node in way if is_held(loader, node)]
        if later:
            held = True
            targets[app] = way[way.index(later[0]) - 1][1]
    return targets if held else {}


def is_held(loader: MigrationLoader, node: tuple[str, str]) -> bool:
    after_code = getattr(loader.disk_migrations[node], "after_code", False)
    is_new_shop = (node[0], FIRST) not in loader.applied_migrations
    return after_code and node not in loader.applied_migrations and not is_new_shop
