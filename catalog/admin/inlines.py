"""A product's variants, with their stock, and its pictures, within the product's form."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.forms import MergedForm
from backoffice.values import decode
from catalog.admin.fields import PairsField
from catalog.admin.paging import PagedFormSet, paged
from catalog.models import Product, ProductImage, Stock, Variant
from catalog.rules import check_options
from catalog.services.stock import adjust_stock, open_stock

#: Rows of a form's page. With all of them changed a save is 100 writes, as many as a transaction
#: has: three for each variant (with its stock and its price's history), one for each picture, and
#: seven others: product, slugs 2, category, contents, event, the admin's history.
VARIANTS, IMAGES = 25, 18


def width(em: int) -> dict[str, str]:
    """A widget's attributes, for that many letters."""
    return {"style": f"width: {em}em; box-sizing: content-box"}


def leave_position(form: forms.ModelForm) -> None:
    """Let the position be left out; of a new row it is empty, for `keep_order` to fill."""
    form.fields["position"].required = False
    if form.instance._state.adding:
        form.initial["position"] = None


def keep_order(rows: list[Any]) -> None:
    """Give rows (forms) without a position the one after the last before them.

    0 in a new row is none, either: it is what the field stood at before.
    """
    after = 0
    for form in rows:
        position = form.cleaned_data["position"]
        if position is None or (position == 0 and form.instance._state.adding):
            position = form.instance.position = after
        after = max(after, position + 1)


class VariantForm(MergedForm):
    """A variant and its stock.

    Buyers buy while the form is open. So what is applied is the difference to the stock
    that was shown; and whether somebody else changed it is not said by the number, which
    sales change, but by when a person last set it.
    """

    class Meta:
        # As wide as what goes in: eight columns have to fit on a laptop's screen.
        widgets = {
            "sku": forms.TextInput(attrs=width(9)),
            "price": forms.NumberInput(attrs=width(5)),
            "currency": forms.TextInput(attrs=width(3)),
            "barcode": forms.TextInput(attrs=width(9)),
            "weight_grams": forms.NumberInput(attrs=width(4)),
            "position": forms.NumberInput(attrs=width(3)),
        }

    options = PairsField(
        label=capfirst(_("options")),
        required=False,
        help_text=_("colour=Red; size=M"),
        # A line for each of two options, whole: four variants in a row must not look the same.
        widget=forms.Textarea(attrs={"rows": 2, **width(12)}),
    )
    stock = forms.IntegerField(
        label=capfirst(_("stock")),
        required=False,
        min_value=0,
        max_value=10_000_000,
        initial=0,
        widget=forms.NumberInput(attrs=width(5)),
    )

    stock_delta = 0
    counted_at: datetime | None = None
    #: What the history tells of the stock: the sales in between are not this person's.
    applied: dict[str, tuple[int, int]] = {}
    #: Was a variant of the product when the form was shown; the formset knows.
    is_shown = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leave_position(self)
        if not self.instance._state.adding:
            sku = self.fields["sku"].widget.attrs
            sku |= {"readonly": True, "style": f"{sku['style']}; background: var(--darkened-bg)"}

    def clean_sku(self) -> str:
        if self.is_shown and self.instance._state.adding:
            sentence = gettext("A SKU never changes. Delete this variant and add another.")
            raise ValidationError(sentence)
        return str(self.cleaned_data["sku"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        # `left` and `disabled` fields say what is stored, not what this person wants.
        if cleaned.get("stock") is not None and "stock" in self.changed_data:
            self.stock_delta = cleaned["stock"] - self.shown_stock()
            self.check_stock()
        return cleaned

    def shown_stock(self) -> int:
        stored = self.fields["stock"].initial
        return int(decode((self.shown or {}).get("stock", stored)) or 0)

    def check_stock(self) -> None:
        if self.instance._state.adding:
            return
        left: int = self.fields["stock"].initial or 0
        if left + self.stock_delta < 0:
            sentence = gettext("Meanwhile only {left} are left: look again.")
            self.add_error("stock", sentence.format(left=left))
        self.applied = {"stock": (left, left + self.stock_delta)}

    def apply_stock(self, created: bool) -> None:
        if created:
            open_stock(sku=self.instance.pk, available=self.cleaned_data["stock"] or 0)
        else:
            adjust_stock(sku=self.instance.pk, delta=self.stock_delta, counted_at=self.counted_at)


class VariantFormSet(PagedFormSet):
    may_change_stock = True

    @cached_property
    def stock(self) -> dict[Any, Stock]:
        return Stock.objects.in_bulk([variant.pk for variant in self.get_queryset()])

    forms: list[Any]  # of VariantForm, which knows more than a form of any model

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.is_shown = index is not None and index < self.initial_form_count()
        stock = None if form.instance._state.adding else self.stock.get(form.instance.pk)
        if stock is not None:
            form.fields["stock"].initial = stock.available
            form.counted_at = stock.counted_at
        form.versions = {"stock": str(form.counted_at)}
        form.fields["stock"].disabled = not self.may_change_stock

    @property
    def filled(self) -> list[Any]:
        """The forms that stand for a variant after saving."""
        kept = [form for form in self.forms if form not in self.deleted_forms]
        return [form for form in kept if form.has_changed() or form.is_shown]

    @property
    def options_changed(self) -> bool:
        """Whether options can have become wrong here: old mistakes stop no other changes."""
        return any(not form.is_shown or "options" in form.changed_data for form in self.filled)

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        keep_order(self.filled)
        # Of forms that may only be looked at there is nothing but the row.
        options = {
            form.instance.pk: form.cleaned_data.get("options", form.instance.options)
            for form in self.filled
        }
        if self.options_changed and (wrong := check_options(self.elsewhere() | options)):
            raise ValidationError(wrong)

    def elsewhere(self) -> dict[Any, Any]:
        """The options of variants on other pages. A clash that is told here leaves the form as it
        was typed; `check_variants` refuses it as a whole."""
        here = {form.instance.pk for form in self.forms}
        rows = self.rows() if self.pages else ()
        return {variant.pk: variant.options for variant in rows if variant.pk not in here}

    def delete_existing(self, obj: Variant, commit: bool = True) -> None:
        sku = obj.pk
        super().delete_existing(obj, commit)
        obj.pk = sku  # deleting takes it, and the history names what was deleted

    def save(self, commit: bool = True) -> Any:
        created = [form for form in self.extra_forms if form.has_changed()]
        saved = super().save(commit)
        for form in self.forms:
            if form.has_changed() and form not in self.deleted_forms:
                form.apply_stock(created=form in created)
        return saved


class ImageForm(forms.ModelForm):
    class Meta:
        widgets = {"file": forms.FileInput}

    options = PairsField(
        label=capfirst(_("options")),
        required=False,
        help_text=_("colour=Red: the variants it shows. Empty: the product as a whole."),
        widget=forms.TextInput(attrs=width(12)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leave_position(self)


class ImageFormSet(PagedFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        if not any(self.errors):
            keep_order([form for form in kept if form.has_changed() or form.instance.pk])


class VariantInline(admin.TabularInline):
    model = Variant
    form = VariantForm
    formset = VariantFormSet
    fields = (
        "sku", "options", "price", "currency", "stock", "barcode", "weight_grams", "position"
    )  # fmt: skip
    template = "admin/catalog/product/paged.html"

    def get_extra(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = paged(super().get_formset(request, obj, **kwargs), request, VARIANTS)
        formset.may_change_stock = request.user.has_perm("catalog.change_stock")
        return formset


class ImageInline(admin.TabularInline):
    model = ProductImage
    form = ImageForm
    formset = ImageFormSet
    fields = ("preview", "file", "alt", "options", "position")
    readonly_fields = ("preview",)
    template = "admin/catalog/product/paged.html"

    def get_extra(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return paged(super().get_formset(request, obj, **kwargs), request, IMAGES)

    @admin.display(description="")
    def preview(self, image: ProductImage) -> str:
        if not image.file:
            return ""
        if image._state.adding:  # shown again with a mistake: no browser sends the file once more
            return gettext("Choose the file again.")
        return thumbnail(image.file.url, image.alt)


def thumbnail(url: str, alt: str, size: int = 80) -> str:
    """An `<img>` of that many CSS pixels a side."""
    return format_html(
        '<img src="{0}" alt="{1}" width="{2}" height="{2}" style="object-fit: cover" '
        'loading="lazy">',
        url, alt, size,
    )  # fmt: skip
