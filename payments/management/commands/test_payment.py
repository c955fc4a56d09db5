"""`manage.py test_payment`: be the customer and the bank of the test gateway's payments."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments.gateways.base import get_gateway
from payments.gateways.testing import TestGateway, facts_of, notification_of, settle
from payments.models import TestCharge
from payments.services import receive


class Command(BaseCommand):
    help = (
        "Let a payment by test-action or test-later succeed, or be refused, and notify the shop "
        "of it, as a provider would."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("order", help="The order's number")
        parser.add_argument("--refuse", action="store_true", help="The bank refuses it")

    def handle(self, *args: Any, **options: Any) -> None:
        gateway = get_gateway()
        if not isinstance(gateway, TestGateway):
            raise CommandError("This is for the test gateway, and the shop has another.")
        try:
            row = settle(reference=options["order"], succeeds=not options["refuse"])
        except TestCharge.DoesNotExist:
            raise CommandError(f"Nobody has asked for a payment of {options['order']}.") from None
        for fact in facts_of(row):
            body, headers = notification_of(row, fact)
            receive(
                gateway=gateway.name,
                notification=gateway.read_notification(body=body, headers=headers),
            )
        self.stdout.write(f"The payment of {row.reference} is {row.status}; the shop is told.")
