"""`manage.py import_catalogue products.csv`: products and categories from CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.importing.running import Report, import_categories_file, import_products_file


class Command(BaseCommand):
    help = (
        "Import products (one line a variant), and categories, from CSV files. What is there "
        "already is updated, what is the same is left alone: running it twice is safe."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("products", type=Path, help="CSV file of products")
        parser.add_argument("--categories", type=Path, help="CSV file of categories, read first")
        parser.add_argument("--images", type=Path, help="folder that the image column refers to")
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run: bool = options["dry_run"]
        for path in (options["products"], options["categories"]):
            if path is not None and not path.is_file():
                raise CommandError(f"There is no file {path}.")
        expected: set[str] = set()
        reports: list[Report] = []
        if options["categories"]:
            report, expected = import_categories_file(options["categories"], dry_run=dry_run)
            self.tell(options["categories"], report, dry_run)
            reports.append(report)
        report = import_products_file(
            options["products"], images=options["images"], dry_run=dry_run, expected=expected
        )
        self.tell(options["products"], report, dry_run)
        if any(each.errors for each in (*reports, report)):
            raise CommandError("Some lines were not imported: mend them and import again.")

    def tell(self, path: Path, report: Report, dry_run: bool) -> None:
        for error in report.errors:
            self.stderr.write(f"{path.name}: {error}")
        self.stdout.write(f"{path.name}: {report}{' (dry run)' if dry_run else ''}")
