"""`manage.py reconcile`: orders, their parts, payments and stock say the same, or what does not."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from orders.models import Order
from orders.reconciling import faults_of, faults_of_stock, mend, reserved_by


class Command(BaseCommand):
    help = (
        "Compare every order with its parts and payments, and all orders with the stock; fails "
        "where they differ. Reads all orders. With --mend, orders of before get what is kept of "
        "new ones."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mend",
            action="store_true",
            help="Write statuses, and payments of paid orders, that code of before did not; can be "
            "stopped at any time, and run again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        held: Counter[str] = Counter()
        faults: list[str] = []
        orders = 0
        for order in tqdm(Order.objects.iterator(), desc="orders", unit="", disable=None):
            if options["mend"]:
                mend(order)
                order.refresh_from_db()
            faults += faults_of(order)
            held += reserved_by([order])
            orders += 1
        faults += faults_of_stock(held)
        if faults:
            raise CommandError("\n".join([*faults, f"{orders} orders, {len(faults)} differences."]))
        self.stdout.write(
            f"{orders} orders, their parts, payments and the stock agree: "
            f"{held.total()} pieces of {len(held)} SKUs are reserved."
        )
