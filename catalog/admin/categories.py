"""Categories in the admin, shown as the tree they are."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from backoffice.refusals import Refusal
from catalog.admin.finding import search_categories
from catalog.admin.texts import TranslatedAdmin, TranslatedForm, with_texts_of
from catalog.errors import CategoryInUse
from catalog.models import Category
from catalog.selectors import list_categories
from catalog.services.categories import (
    categories_below,
    check_height,
    delete_category,
    save_category,
)

REFUSALS: dict[type[Exception], Refusal] = {
    CategoryInUse: Refusal(
        _("it is in use, or was until a moment ago"),
        _("The category is in use, or was until a moment ago: it was not deleted."),
    )
}


@with_texts_of(Category)
class CategoryForm(TranslatedForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        parent = cleaned.get("parent")
        if parent is not None and self.instance.pk is not None:
            check_height(Category(parent=parent), categories_below(self.instance))
        return cleaned


@admin.register(Category)
class CategoryAdmin(TranslatedAdmin):
    form = CategoryForm
    refusals = REFUSALS
    fields = ("name", "slug", "parent", "position", "description")
    list_display = ("indented_name", "slug", "position")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return list_categories()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Category], search_term: str
    ) -> tuple[QuerySet[Category], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=search_categories(queryset, search_term)), False

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("tree_path",)

    @admin.display(description=_("name"))
    def indented_name(self, category: Category) -> str:
        return format_html(
            '<span style="padding-left: {}em">{}</span>', 2 * category.depth, category.name
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = list_categories()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def delete_row(self, row: Category) -> None:
        delete_category(category_id=row.pk)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        save_category(category=obj)
