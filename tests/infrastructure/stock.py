"""Put an article on sale where the environment says, ten in stock.

python -m tests.infrastructure.stock <SKU>
"""

import sys

import django


def main(sku: str) -> None:
    django.setup()
    from tests.cart.articles import stock_article

    stock_article(sku, available=10)


if __name__ == "__main__":
    main(sys.argv[1])
