"""Products, what is sold of them (variants), and their pictures."""

import secrets
from collections.abc import Collection
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from catalog.models.category import Category
from catalog.models.translated import Translated
from catalog.pictures import Look, Picture, Rendition, rendition_name, write_anew
from catalog.validators import (
    validate_currency,
    validate_gtin,
    validate_image,
    validate_pairs,
    validate_sku,
)
from pricing.fields import AmountField
from pricing.money import Money, is_payable, minor_digits

#: What a page, a save and an hour's work still bear; Shopify has the same.
MAX_VARIANTS = 2048
MAX_IMAGES = 250
#: The partition of the indexes that have all products: the admin's list and its search.
CATALOGUE = "main"
#: The columns of a picture that follow from its file.
LOOK = ("width", "height", "ground", "renditions")


class Product(Translated):
    """What a customer looks at. `services.publish_product` makes a change visible."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, db_index=False)
    description = models.TextField(
        _("description"), blank=True, validators=[MaxLengthValidator(50_000)]
    )
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        verbose_name=_("category"),
        related_name="products",
        db_index=False,
    )
    attributes = models.JSONField(
        _("attributes"), default=dict, blank=True, validators=[validate_pairs]
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    #: Rises with each save; whoever makes what customers read holds it: `catalog.projections`.
    version = models.BigIntegerField(null=True, editable=False)
    #: Parts of a large save that are not applied yet: `services.staging`.
    staged = models.PositiveSmallIntegerField(null=True, editable=False)
    catalogue = models.CharField(max_length=8, default=CATALOGUE, editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = (
            models.Index(fields=["status", "-created_at"], name="product_status"),
            # Of the three that can count, the first does: it has the smallest rows.
            models.Index(fields=["catalogue", "id"], include=["category"], name="product_all"),
            models.Index(fields=["catalogue", "-created_at"], name="product_newest"),
            models.Index(fields=["category", "id"], name="product_category"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


def default_currency() -> str:
    return str(settings.SHOP_CURRENCY)


class Variant(models.Model):
    """What is put into a cart. Its SKU is its key and never changes.

    The columns below `position` are copies, written when the product is published, so
    that a cart and a checkout read one item a line.
    """

    sku = models.CharField(_("SKU"), max_length=64, primary_key=True, validators=[validate_sku])
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        verbose_name=_("product"),
        related_name="variants",
        db_index=False,
    )
    options = models.JSONField(_("options"), default=dict, blank=True, validators=[validate_pairs])
    price = AmountField(_("price"), max_digits=13, validators=[MinValueValidator(Decimal(0))])
    currency = models.CharField(
        _("currency"), max_length=3, default=default_currency, validators=[validate_currency]
    )
    barcode = models.CharField(_("barcode"), max_length=14, blank=True, validators=[validate_gtin])
    weight_grams = models.PositiveIntegerField(_("weight (g)"), default=0)
    position = models.PositiveIntegerField(_("position"), default=0)
    product_name = models.CharField(max_length=200, blank=True, editable=False)
    #: In the shop's other languages, by language; null for none.
    product_names = models.JSONField(null=True, editable=False)
    product_slug = models.CharField(max_length=100, blank=True, editable=False)
    image = models.CharField(max_length=100, blank=True, editable=False)
    for_sale = models.BooleanField(default=False, editable=False)

    noted: tuple[Any, Any] = None, None  # price and currency that the history has

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ("position",)
        indexes = (models.Index(fields=["product", "position"], name="variant_product"),)

    def __str__(self) -> str:
        return self.sku

    def clean(self) -> None:
        self.check_price()
        sold_in = default_currency()
        # The same letters in small are the validator's business.
        if self.currency.upper() != sold_in:
            sentence = gettext("This shop sells in {currency} only.").format(currency=sold_in)
            raise ValidationError({"currency": sentence})

    def check_price(self) -> None:
        """Raises ValidationError for a price that the currency cannot pay: 500.50 JPY."""
        if hasattr(self.price, "resolve_expression"):
            return  # F("price") * 2: only the database knows
        field: Any = self._meta.get_field("price")
        price = field.to_python(self.price)
        if price is None or is_payable(price, self.currency):
            return
        sentence = gettext(
            "{currency} has {digits} digits after the point: {price} cannot be paid."
        ).format(
            currency=self.currency,
            digits=minor_digits(self.currency) or pgettext("digits", "no"),
            price=price,
        )
        raise ValidationError({"price": sentence})

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        row.noted = row.__dict__.get("price"), row.__dict__.get("currency")
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Django would try an UPDATE first, and so take over another product's SKU.
        if self._state.adding:
            kwargs["force_insert"] = True
        of_price = {"price", "currency"} & set(kwargs.get("update_fields") or ("price",))
        if of_price:
            self.check_price()
        super().save(*args, **kwargs)
        if of_price:
            self.note_price()

    def note_price(self) -> None:
        """Append a new price to the history that prior prices are found in."""
        # Here, since it takes 25 ms of CPU: no process that shows products should wait for it.
        from pricing.services import note_price

        now = self.price, self.currency
        if self.noted != now:
            note_price(sku=self.sku, money=self.money, at=timezone.now())
            self.noted = now

    @property
    def money(self) -> Money:
        return Money(Decimal(self.price), self.currency)


def image_path(image: "ProductImage", filename: str) -> str:
    """A new, unguessable name; the ending is the content's, since it was written anew."""
    return f"products/{secrets.token_hex(16)}{PurePath(filename).suffix}"


class ProductImage(models.Model):
    """A picture of a product; the first by position stands for it in lists.

    It shows the variants that have all of its `options`; without any, the product as a whole.
    The stored file outlives its row: orders go on showing what was bought. Beside it lie its
    `renditions`, named by width in pixels; `width` and `height` are of the file itself, null
    until `make_renditions` has seen it.
    """

    product = models.ForeignKey(
        Product,
        models.CASCADE,
        verbose_name=_("product"),
        related_name="images",
        db_index=False,
    )
    file = models.ImageField(_("file"), upload_to=image_path, validators=[validate_image])
    alt = models.CharField(_("description"), max_length=200, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True, validators=[validate_pairs])
    position = models.PositiveIntegerField(_("position"), default=0)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    ground = models.CharField(
        max_length=7, blank=True, editable=False, help_text="#rrggbb, or empty: none, or unknown"
    )
    renditions = models.JSONField(default=list, editable=False, help_text="Widths in pixels")
    digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of an imported file."
    )

    class Meta:
        verbose_name = _("product image")
        verbose_name_plural = _("product images")
        ordering = ("position",)
        indexes = (models.Index(fields=["product", "position"], name="image_product"),)

    def __str__(self) -> str:
        return self.alt or str(self.file)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude=exclude)
        self.take_picture()

    def take_picture(self) -> None:
        """Put the picture, written anew, in the place of what was uploaded.

        Here, and not in a form, so that nothing else is ever stored. Raises ValidationError.
        """
        upload: Any = self.file
        if not upload or upload._committed or isinstance(upload.file, Picture):
            return
        try:
            validate_image(upload)
            picture = write_anew(upload.file)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error
        self.file = picture
        self.take_look(picture.look)

    def take_look(self, look: Look) -> None:
        self.width, self.height, self.ground = look.width, look.height, look.ground
        self.renditions = list(look.renditions)

    def store_picture(self) -> None:
        """Store a picture that was taken, and its renditions, ahead of the row: a crash leaves
        files that nobody names, never a row without its files."""
        stored: Any = self.file
        if not stored or stored._committed:
            return
        picture: Picture = stored.file
        stored.save(picture.name, picture, save=False)
        self.store_renditions(picture.look)

    def store_renditions(self, look: Look) -> None:
        for width, content in look.renditions.items():
            name = rendition_name(str(self.file.name), width)
            self.file.storage.save(name, Rendition(content, name=name))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.take_picture()
        self.store_picture()
        if "file" in (kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], *LOOK}
        super().save(*args, **kwargs)

    def as_dict(self) -> dict[str, Any]:
        return {
            "file": self.file.name,
            "alt": self.alt,
            "width": self.width,
            "height": self.height,
            "ground": self.ground,
            "renditions": self.renditions,
        }
