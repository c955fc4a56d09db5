"""Products in the admin: everything about one in one form, saved in one transaction."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.actions import Unchanged
from backoffice.deletion import Budget
from backoffice.history import changed_by_action
from backoffice.refusals import Refusal
from catalog.admin.fields import PairsField
from catalog.admin.finding import MOST_FOUND, CategoryFilter, ProductList, search_products
from catalog.admin.inlines import ImageInline, VariantInline, thumbnail, width
from catalog.admin.texts import TranslatedAdmin, TranslatedForm, with_texts_of
from catalog.errors import NotEnoughStock
from catalog.models import Product
from catalog.selectors import list_categories
from catalog.services import check_variants, delete_product, publish_product, set_status

REFUSALS: dict[type[Exception], Refusal] = {
    NotEnoughStock: Refusal(
        _("less is in stock than you take away"),
        _("There is less in stock than you take away. Nothing was saved."),
    ),
}


@with_texts_of(Product)
class ProductForm(TranslatedForm):
    attributes = PairsField(
        label=capfirst(_("attributes")),
        required=False,
        help_text=_("material=Oak; care=Wipe clean"),
        widget=forms.TextInput(attrs={"size": 80}),
    )


@admin.register(Product)
class ProductAdmin(TranslatedAdmin):
    form = ProductForm
    refusals = REFUSALS
    inlines = (VariantInline, ImageInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "status", "category", "brand")}),
        (_("Details"), {"fields": ("description", "attributes")}),
        (_("Dates"), {"fields": ("created_at", "updated_at")}),
    )
    readonly_fields = ("created_at", "updated_at")
    prepopulated_fields = {"slug": ("name",)}
    list_display = ("picture", "name", "lies_in", "price_from", "status", "brand", "updated_at")
    list_display_links = ("picture", "name")
    list_editable = ("status", "brand")
    list_filter = ("status", CategoryFilter)
    list_per_page = 20
    list_select_related = ("category",)
    search_fields = ("search_text",)
    search_help_text = format_lazy(
        _(
            "Words, or parts of them, of name, brand, slug, SKU, barcode and options, in each "
            "language. The newest {most} are found."
        ),
        most=MOST_FOUND,
    )
    ordering = ("-created_at",)
    save_on_top = True
    show_facets = admin.ShowFacets.NEVER  # each count would read the table
    actions = ("publish", "archive")

    class Media:
        css = {"all": ("catalog/admin.css",)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ProductList]:
        return ProductList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=search_products(search_term)), False

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        widgets = {"brand": forms.TextInput(attrs=width(8))}
        return super().get_changelist_form(request, widgets=widgets, **kwargs)

    def card(self, product: Any) -> dict[str, Any]:
        """As the list has read it for its page; empty for a product that was never published."""
        shown: dict[str, Any] = getattr(product, "card", {})
        return shown

    @admin.display(description="")
    def picture(self, product: Product) -> str:
        image = self.card(product).get("image")
        return thumbnail(default_storage.url(image["file"]), image["alt"], 40) if image else "–"

    @admin.display(description=_("category"), ordering="category")
    def lies_in(self, product: Product) -> str:
        """The category's name alone, which leaves room for the other columns."""
        return format_html('<span title="{}">{}</span>', product.category, product.category.name)

    @admin.display(description=_("price from"))
    def price_from(self, product: Product) -> str:
        price = self.card(product).get("price_from")
        return f"{price['amount']} {price['currency']}" if price else "–"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs["queryset"] = list_categories()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        publish_product(product=form.instance)
        if any(getattr(formset, "options_changed", False) for formset in formsets):
            check_variants(product=form.instance)
        if form.instance.is_active:
            warn_if_unseen(request, form.instance)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form goes to the page of rows that it shows."""
        address = f"?{request.GET.urlencode()}" if request.GET else form_url
        return super().change_view(request, object_id, address, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Product) -> HttpResponse:
        """Who goes on with one page of many variants goes on there."""
        response = super().response_change(request, obj)
        if "_continue" in request.POST and request.GET and response.status_code == 302:
            return HttpResponseRedirect(request.get_full_path())
        return response

    def clear(self, row: Product, budget: Budget) -> None:
        """Nothing first: customers must not see a product without its variants."""

    def delete_row(self, row: Product) -> None:
        delete_product(product_id=row.pk)

    @admin.action(description=_("Publish the selected products"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self.move(request, queryset, Product.Status.ACTIVE)

    @admin.action(description=_("Archive the selected products"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self.move(request, queryset, Product.Status.ARCHIVED)

    def move(
        self, request: HttpRequest, queryset: QuerySet[Product], status: Product.Status
    ) -> None:
        def run(key: int) -> list[dict[str, Any]]:
            before = Product.objects.get(pk=key).status
            if before == status:
                raise Unchanged
            set_status(product_id=key, status=status)
            return changed_by_action("Status", Product.Status(before).label, status.label)

        products = list(queryset)
        outcome = self.act(request, products, status, run)
        word = str(status.label).lower()
        done, already = gettext("now {status}"), gettext("{status} already")
        self.report(request, outcome, done.format(status=word), already.format(status=word))
        if status == Product.Status.ACTIVE:
            for product in products:
                warn_if_unseen(request, product)


def warn_if_unseen(request: HttpRequest, product: Product) -> None:
    """Say of an active product that it has nothing to be sold, where that is so."""
    if not product.variants.exists():
        sentence = gettext("{product} is active, but has no variant: customers do not see it.")
        messages.warning(request, sentence.format(product=product))
