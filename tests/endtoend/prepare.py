"""Make the tables, queues and articles of a deployment: its environment says where.

python -m tests.endtoend.prepare <SKU> ...
"""

import sys

import django
from django.core.management import call_command


def main(skus: list[str]) -> None:
    django.setup()
    from tests.cart.articles import stock_article

    call_command("migrate", interactive=False, verbosity=0)
    call_command("provision")
    for sku in skus:
        stock_article(sku, available=0)


if __name__ == "__main__":
    main(sys.argv[1:])
