"""`manage.py load_sample`: a small shop to look at."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from catalog.selectors import list_products

SAMPLE = Path(__file__).resolve().parents[2] / "sample"


class Command(BaseCommand):
    help = "Import the sample catalogue, unless there are products already."

    def handle(self, *args: Any, **options: Any) -> None:
        if list_products().exists():
            self.stdout.write("There are products already; the sample is left out.")
            return
        call_command(
            "import_catalogue",
            SAMPLE / "products.csv",
            categories=SAMPLE / "categories.csv",
            swatches=SAMPLE / "swatches.csv",
            images=SAMPLE / "images",
            stdout=self.stdout,
            stderr=self.stderr,
        )
