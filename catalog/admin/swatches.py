"""The colours of options' values in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from backoffice.ground import TransactionalAdmin
from backoffice.words import search_words
from catalog.models import Swatch
from catalog.services import delete_swatch, save_swatch


class SwatchForm(forms.ModelForm):
    class Meta:
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}


@admin.register(Swatch)
class SwatchAdmin(TransactionalAdmin):
    """There are some hundred of them at most, so a list may read all."""

    form = SwatchForm
    fields = ("option", "value", "colour")
    list_display = ("option", "value", "patch", "colour")
    list_display_links = ("option", "value")
    ordering = ("key",)
    search_fields = ("key",)
    search_help_text = _("Words, or parts of them, of option and value.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Swatch], search_term: str
    ) -> tuple[QuerySet[Swatch], bool]:
        for word in search_words(search_term):
            queryset = queryset.filter(key__contains=word)
        return queryset, False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # They are the key: another value's colour is another row.
        return () if obj is None else ("option", "value")

    @admin.display(description="")
    def patch(self, swatch: Swatch) -> str:
        return format_html(
            '<span style="display: inline-block; width: 2em; height: 1.2em; '
            'border: 1px solid var(--border-color); background: {}"></span>',
            swatch.colour,
        )

    def save_model(self, request: HttpRequest, obj: Swatch, form: Any, change: bool) -> None:
        save_swatch(swatch=obj)

    def delete_row(self, row: Swatch) -> None:
        delete_swatch(key=row.pk)
