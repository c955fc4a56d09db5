"""The catalogue in the API.

The rows that customers read are kept in nearly the shape they are shown in; the
serializers add what must not be kept (addresses, stock) and describe the rest.
"""

from typing import Any

from django.core.files.storage import default_storage
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Listing
from catalog.validators import validate_sku
from pricing.serializers import MoneySerializer

SLUG_OR_NONE = r"^[A-Za-z0-9_-]{0,100}$"
GTIN_OR_NONE = r"^([0-9]{8}|[0-9]{12,14})?$"


def show_image(image: dict[str, Any]) -> dict[str, Any]:
    return {"url": default_storage.url(image["file"]), "alt": image["alt"]}


class ImageSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    alt = serializers.CharField()


class CategoryLinkSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    slug = serializers.SlugField()


class ProductCardSerializer(serializers.Serializer[Listing]):
    """A product in a list."""

    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    brand = serializers.CharField()
    category = CategoryLinkSerializer()
    price_from = MoneySerializer(
        allow_null=True, help_text="The cheapest variant's price; null without a variant."
    )
    image = ImageSerializer(allow_null=True)

    def to_representation(self, instance: Listing) -> dict[str, Any]:
        card: dict[str, Any] = instance.card
        return {**card, "image": card["image"] and show_image(card["image"])}


class VariantSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=64, validators=[validate_sku])
    options = serializers.DictField(child=serializers.CharField())
    price = MoneySerializer()
    barcode = serializers.RegexField(GTIN_OR_NONE, help_text="GTIN, or empty.")
    weight_grams = serializers.IntegerField(min_value=0)
    available = serializers.IntegerField(min_value=0, help_text="Pieces that can be ordered now.")
    in_stock = serializers.BooleanField()


class ProductSerializer(serializers.Serializer[Any]):
    """A product's own page."""

    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    brand = serializers.CharField()
    description = serializers.CharField()
    attributes = serializers.DictField(child=serializers.CharField())
    breadcrumbs = CategoryLinkSerializer(many=True, help_text="From the root of the tree.")
    images = ImageSerializer(many=True)
    variants = VariantSerializer(many=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return {
            **instance,
            "images": [show_image(image) for image in instance["images"]],
            "variants": [
                {**variant, "in_stock": variant["available"] > 0}
                for variant in instance["variants"]
            ],
        }


class CategorySerializer(serializers.Serializer[Any]):
    """A category with all that lies below it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.SlugField()
    description = serializers.CharField()
    children = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Category"}})
    def get_children(self, node: dict[str, Any]) -> list[dict[str, Any]]:
        return node["children"]

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance


class CategoryTreeSerializer(serializers.Serializer[Any]):
    results = CategorySerializer(many=True)
