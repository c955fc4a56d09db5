"""`manage.py provision`: make what the shop needs of AWS besides its tables."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.management.base import BaseCommand, CommandError

from shop.provision import provision_each, wanted_resources


class Command(BaseCommand):
    help = (
        "Make the image bucket, the queues with their dead-letter queues and the mail "
        "identity, or correct them. Safe to repeat. The tables are made by `migrate`."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for outcome in provision_each(wanted_resources()):
                self.stdout.write(str(outcome))
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"AWS refused: {error}") from error
