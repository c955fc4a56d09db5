"""`manage.py prepare_shop`: everything that must be there before a laptop's shop opens."""

from os import environ
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from shop.laptop import ADMIN, CUSTOMER


class Command(BaseCommand):
    help = (
        "Tables, queues, the sample catalogue, and the users whose passwords are in "
        "SHOP_ADMIN_PASSWORD and SHOP_CUSTOMER_PASSWORD. Safe to repeat. For `make run`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-sample", action="store_true", help="leave the catalogue empty")

    def handle(self, *args: Any, no_sample: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=1)
        call_command("provision", stdout=self.stdout)
        if not no_sample:
            call_command("load_sample", stdout=self.stdout)
        ensure_user(name=ADMIN, password=environ["SHOP_ADMIN_PASSWORD"], is_staff=True)
        ensure_user(name=CUSTOMER, password=environ["SHOP_CUSTOMER_PASSWORD"], is_staff=False)


def ensure_user(*, name: str, password: str, is_staff: bool) -> None:
    """The user with that password, whatever it was before: the one printed must work."""
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User(username=name, email=f"{name}@example.com")
    elif user.check_password(password):
        return
    user.is_staff = user.is_superuser = is_staff
    user.set_password(password)
    user.save()
