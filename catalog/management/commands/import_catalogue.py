"""`manage.py import_catalogue products.csv`: products and categories from CSV files."""

import codecs
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.importing.choices import Choices
from catalog.importing.reports import Report
from catalog.importing.running import (
    import_categories_file,
    import_products_file,
    import_swatches_file,
)


class Command(BaseCommand):
    help = (
        "Import products (one line a variant), and categories, from CSV files. What is there "
        "already is updated, what is the same is left alone: running it twice is safe. Exports "
        "of Shopify and WooCommerce are read as they are."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        # Told to end, it ends as by Ctrl-C: with a report.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        super().run_from_argv(argv)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("products", type=Path, help="CSV file of products")
        parser.add_argument("--categories", type=Path, help="CSV file of categories, read first")
        parser.add_argument(
            "--swatches", type=Path, help="CSV file of colours (option, value, colour), read first"
        )
        parser.add_argument(
            "--images",
            type=Path,
            help="folder of the pictures; where a file names addresses, their last parts count",
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")
        parser.add_argument(
            "--make-skus",
            action="store_true",
            help="make up a SKU where there is none, or one that cannot be one here",
        )
        parser.add_argument(
            "--make-categories", action="store_true", help="make those that an export names"
        )
        parser.add_argument(
            "--category", default="", help="slug of where products go that name none there is"
        )
        parser.add_argument("--encoding", default="", help="if it is not found: mac_roman, cp1250")
        parser.add_argument(
            "--start-line", type=int, default=1, help="leave out the products that begin before"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        choices = Choices(**{name: options[name] for name in Choices.__dataclass_fields__})
        files = options["products"], options["categories"], options["swatches"]
        self.check_input(*files, choices=choices)
        reports: list[Report] = []
        expected: set[str] = set()
        if options["swatches"]:
            report = import_swatches_file(options["swatches"], choices=choices)
            reports.append(self.tell(options["swatches"], report, choices))
        if options["categories"] and all(report.stopped is None for report in reports):
            report, expected = import_categories_file(options["categories"], choices=choices)
            reports.append(self.tell(options["categories"], report, choices))
        if all(report.stopped is None for report in reports):
            report = import_products_file(options["products"], choices=choices, expected=expected)
            reports.append(self.tell(options["products"], report, choices))
        if (stopped := reports[-1].stopped) is not None:
            raise CommandError("The import was stopped; see above.") from stopped
        if not all(report.is_complete for report in reports):
            raise CommandError("Some lines were not imported: mend them and import again.")

    def check_input(self, *files: Path | None, choices: Choices) -> None:
        for path in files:
            if path is not None and not path.is_file():
                raise CommandError(f"There is no file {path}.")
        if choices.images is not None and not choices.images.is_dir():
            raise CommandError(f"There is no folder {choices.images}.")
        try:
            codecs.lookup(choices.encoding or "utf-8")
        except LookupError as error:
            raise CommandError(f"There is no encoding {choices.encoding}.") from error

    def tell(self, path: Path, report: Report, choices: Choices) -> Report:
        if report.source:
            self.stdout.write(f"{path.name}: {report.source}")
        for note in report.notes_together():
            self.stdout.write(f"{path.name}: {note}")
        for error in report.errors:
            self.stderr.write(f"{path.name}: {error}")
        if report.stopped is not None:
            self.stderr.write(f"{path.name}: {report.way_on()}")
        self.stdout.write(f"{path.name}: {report}{' (dry run)' if choices.dry_run else ''}")
        return report
