"""Products with price and availability in them, as in oscar-api's own example of an override.

Without it a client asks two requests more for each product.
"""

from typing import Any

from oscarapi.serializers import checkout, product
from rest_framework import serializers


class Priced(serializers.Serializer):
    price = serializers.SerializerMethodField()
    availability = serializers.SerializerMethodField()

    def get_price(self, instance: Any) -> Any:
        return checkout.PriceSerializer(self.offer(instance).price, context=self.context).data

    def get_availability(self, instance: Any) -> Any:
        return product.AvailabilitySerializer(self.offer(instance).availability).data

    def offer(self, instance: Any) -> Any:
        return self.context["request"].strategy.fetch_for_product(instance)


class ProductLinkSerializer(Priced, product.ProductLinkSerializer):
    class Meta(product.ProductLinkSerializer.Meta):
        fields = ("url", "id", "upc", "title", "images", "price", "availability")


class ProductSerializer(Priced, product.ProductSerializer):
    class Meta(product.ProductSerializer.Meta):
        pass
