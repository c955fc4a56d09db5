"""The catalogue in the API.

The rows that customers read are kept in nearly the shape they are shown in; the
serializers add what must not be kept (addresses, stock), choose the language, and describe the
rest.
"""

from typing import Any

from django.core.files.storage import default_storage
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.languages import current_language, told
from catalog.pictures import rendition_name
from catalog.rules import AVAILABILITIES, FEW
from catalog.validators import validate_sku
from pricing.serializers import MoneySerializer

SLUG_OR_NONE = r"^[A-Za-z0-9_-]{0,100}$"
GTIN_OR_NONE = r"^([0-9]{8}|[0-9]{12,14})?$"
COLOUR_OR_NONE = r"^(#[0-9a-f]{6})?$"


#: What a row lacks that was written before there was any of it, until it is published again.
UNKNOWN_LOOK: dict[str, Any] = {"width": None, "height": None, "ground": "", "renditions": []}
UNKNOWN_CARD: dict[str, Any] = {"price_varies": False, "options": [], "availability": "in_stock"}


def show_image(image: dict[str, Any]) -> dict[str, Any]:
    """A picture with its addresses, from one by its names.

    A list has a hundred of them: one is made by the storage, the others follow from it.
    """
    known = UNKNOWN_LOOK | image
    address = default_storage.url(image["file"])
    return {
        "url": address,
        "alt": known["alt"],
        "width": known["width"],
        "height": known["height"],
        "ground": known["ground"],
        "renditions": [
            {"width": width, "url": rendition_name(address, width)} for width in known["renditions"]
        ],
    }


class RenditionSerializer(serializers.Serializer[Any]):
    """The picture, smaller: WebP."""

    width = serializers.IntegerField(min_value=1, help_text="Pixels.")
    url = serializers.CharField()


class ImageSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="The picture itself, the largest there is.")
    alt = serializers.CharField()
    width = serializers.IntegerField(
        min_value=1, allow_null=True, help_text="Pixels; null where it is not known yet."
    )
    height = serializers.IntegerField(min_value=1, allow_null=True)
    ground = serializers.RegexField(
        COLOUR_OR_NONE,
        help_text="The colour that it stands on; empty where it is transparent, or has none.",
    )
    renditions = RenditionSerializer(many=True, help_text="By width, the smallest first.")


class OptionValueSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    swatch = serializers.RegexField(COLOUR_OR_NONE, help_text="Its colour, or empty.")


class OptionSerializer(serializers.Serializer[Any]):
    """What variants differ in; names and values stand in the order to show them in."""

    name = serializers.CharField()
    values = OptionValueSerializer(many=True)


class CategoryLinkSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    slug = serializers.SlugField()


class ProductCardSerializer(serializers.Serializer[Any]):
    """A product in a list."""

    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    brand = serializers.CharField()
    category = CategoryLinkSerializer()
    price_from = MoneySerializer(
        allow_null=True, help_text="The cheapest variant's price; null without a variant."
    )
    price_varies = serializers.BooleanField(help_text="Whether other variants cost more.")
    image = ImageSerializer(allow_null=True)
    options = OptionSerializer(many=True)
    availability = serializers.ChoiceField(
        AVAILABILITIES, help_text=f"Few are {FEW} or less, of all variants together."
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Of whatever has a `card`."""
        language = current_language()
        card = UNKNOWN_CARD | told(instance.card, language)
        return {
            **card,
            "category": told(card["category"], language),
            "image": card["image"] and show_image(card["image"]),
        }


class VariantSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=64, validators=[validate_sku])
    options = serializers.DictField(child=serializers.CharField())
    price = MoneySerializer()
    barcode = serializers.RegexField(GTIN_OR_NONE, help_text="GTIN, or empty.")
    weight_grams = serializers.IntegerField(min_value=0)
    image = ImageSerializer(allow_null=True, help_text="The product's picture that shows it.")
    available = serializers.IntegerField(min_value=0, help_text="Pieces that can be ordered now.")
    in_stock = serializers.BooleanField()


def show_variant(variant: dict[str, Any], images: list[dict[str, Any]]) -> dict[str, Any]:
    """A variant with the picture whose place it names."""
    place = variant.get("image")
    return {
        **variant,
        "image": None if place is None else images[place],
        "in_stock": variant["available"] > 0,
    }


class VariantPageSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="The address of the next page.")
    results = VariantSerializer(many=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        images = [show_image(image) for image in instance["images"]]
        variants = [show_variant(variant, images) for variant in instance["variants"]]
        return {"next": instance["next"], "results": variants}


class FurtherSerializer(serializers.Serializer[Any]):
    """Of a product with more variants than the hundred that it shows here. Combinations are counted
    through: each has the places of its values as digits, of the first option the highest."""

    count = serializers.IntegerField(min_value=101, help_text="Of all variants.")
    to_be_had = serializers.CharField(
        allow_null=True,
        help_text="A bit for each combination, base64: bit n % 8, the lowest first, of byte n // 8 "
        "says whether number n can be ordered. Null where combinations cannot be counted.",
    )
    pages = serializers.ListField(
        child=serializers.IntegerField(min_value=0),
        allow_null=True,
        help_text="The number of the combination that each page of `variants/` begins with.",
    )


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
    options = OptionSerializer(many=True)
    variants = VariantSerializer(many=True, help_text="The first hundred.")
    further = FurtherSerializer(allow_null=True, help_text="Null where these are all variants.")

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        images = [show_image(image) for image in instance["images"]]
        return {
            "options": [],
            "further": None,
            **told(instance),
            "breadcrumbs": [told(link) for link in instance["breadcrumbs"]],
            "images": images,
            "variants": [show_variant(variant, images) for variant in instance["variants"]],
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
        children = [self.to_representation(child) for child in instance["children"]]
        return {**told(instance), "children": children}


class CategoryTreeSerializer(serializers.Serializer[Any]):
    results = CategorySerializer(many=True)
