"""`manage.py render_storefront`: the storefront's pages as files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from storefront.places import Bucket, Folder, Place
from storefront.publishing import ATTEMPTS, publish


class Command(BaseCommand):
    help = (
        "Make every page that customers read without asking the shop, and put those that differ "
        "where the storefront is: the bucket SHOP_SITE_BUCKET, or a folder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="a folder, not the bucket")

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(desc="pages", unit="", disable=None) as progress:
            done = publish(place_of(options["to"]), lambda: progress.update())
        self.stdout.write(
            f"{done.pages} pages: {done.written} written, {done.removed} gone, others as they were."
        )
        if not done.is_current:
            raise CommandError(
                f"The catalogue changed each time ({ATTEMPTS} times) while it was rendered, so a "
                "page may be older than it should be: run this again once it rests."
            )


def place_of(folder: Path | None) -> Place:
    if folder is not None:
        return Folder(folder)
    if settings.SITE_BUCKET:
        return Bucket(settings.SITE_BUCKET)
    raise CommandError("Name a folder with --to, or set SHOP_SITE_BUCKET.")
