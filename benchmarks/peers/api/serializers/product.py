"""Products with price and availability in them, as in oscar-api's own example of an override.

Without it a client asks two requests more for each product.
"""

from typing import Any

from oscarapi import settings
from oscarapi.serializers import checkout, product
from rest_framework import serializers

LINKS = ("price", "availability")  # what is in the answer itself here


class Priced(serializers.Serializer):
    def to_representation(self, instance: Any) -> Any:
        offer = self.context["request"].strategy.fetch_for_product(instance)
        return {
            **super().to_representation(instance),
            "price": checkout.PriceSerializer(offer.price, context=self.context).data,
            "availability": product.AvailabilitySerializer(offer.availability).data,
        }


class ProductLinkSerializer(Priced, product.ProductLinkSerializer):
    class Meta(product.ProductLinkSerializer.Meta):
        fields = (*settings.PRODUCT_FIELDS, "images")


class ProductSerializer(Priced, product.ProductSerializer):
    class Meta(product.ProductSerializer.Meta):
        fields = tuple(name for name in settings.PRODUCTDETAIL_FIELDS if name not in LINKS)
