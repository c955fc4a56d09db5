"""Put an article on sale where the environment says, ten in stock.

python -m tests.infrastructure.stock <SKU>
"""

import sys

import django


def main(sku: str) -> None:
    django.setup()
    from catalog.models import Variant
    from catalog.services import publish_product
    from tests.cart.articles import stock_article

    stock_article(sku, available=10)
    publish_product(product=Variant.objects.get(pk=sku).product)


if __name__ == "__main__":
    main(sys.argv[1])
