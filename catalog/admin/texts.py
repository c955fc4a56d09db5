"""A row's texts in the shop's other languages, each a field of its own in the row's form."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import capfirst, format_lazy

from backoffice.forms import MergedForm
from backoffice.ground import TransactionalAdmin
from catalog.languages import FIELDS, merge_texts, other_languages

Form = TypeVar("Form", bound="TranslatedForm")
WIDGETS = {"name": AdminTextInputWidget, "description": AdminTextareaWidget}


def field_names() -> dict[str, tuple[str, str]]:
    """Column and language of each field: `name_de`."""
    return {f"{field}_{code}": (field, code) for code in other_languages() for field in FIELDS}


class TranslatedForm(MergedForm):
    """Two managers who write different ones at once undo nothing of each other's."""

    has_new_texts = False

    def __init__(self, *args: Any, instance: Any = None, **kwargs: Any) -> None:
        known = (instance and instance.texts) or {}
        stored = {
            name: known.get(language, {}).get(field, "")
            for name, (field, language) in field_names().items()
        }
        initial = {**stored, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        typed: dict[str, dict[str, str]] = {}
        for name, (field, language) in field_names().items():
            if name in cleaned:
                typed.setdefault(language, {})[field] = cleaned[name]
        stored = self.instance.texts
        self.instance.texts = merge_texts(stored, typed)
        self.has_new_texts = self.instance.texts != stored
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The texts are no field of the form, and are to be checked as such.
        return super()._get_validation_exclusions() - {"texts"}  # type: ignore[misc]

    def changed_columns(self) -> list[str]:
        return [*super().changed_columns(), *(["texts"] if self.has_new_texts else [])]


def with_texts_of(model: type[Model]) -> Callable[[type[Form]], type[Form]]:
    """Gives the form a field for each of the model's texts."""

    def add(form: type[Form]) -> type[Form]:
        for name, (field, language) in field_names().items():
            made = form_field(model, field, language)
            form.declared_fields[name] = form.base_fields[name] = made
        return form

    return add


def form_field(model: type[Model], field: str, language: str) -> forms.Field:
    column: Any = model._meta.get_field(field)
    made: forms.Field = column.formfield(required=False, widget=WIDGETS[field])
    made.label = label_of(column.verbose_name, language)
    return made


def label_of(name: Any, language: str) -> Any:
    """`Name (Deutsch)`: the history has no fieldsets to tell them apart."""
    return format_lazy(
        "{name} ({language})", name=capfirst(name), language=other_languages()[language]
    )


class TranslatedAdmin(TransactionalAdmin):
    """Each other language is a fieldset below the others."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            *super().get_fieldsets(request, obj),
            *(
                (name, {"classes": ("collapse",), "fields": [f"{each}_{code}" for each in FIELDS]})
                for code, name in other_languages().items()
            ),
        ]


def shown(field: str, language: str) -> Callable[[Any, Any], str]:
    """For who may only look: the row's text."""

    @admin.display(description=label_of(field, language))
    def show(self: Any, row: Any) -> str:
        return str((row.texts or {}).get(language, {}).get(field, ""))

    return show


for name, (field, language) in field_names().items():
    setattr(TranslatedAdmin, name, shown(field, language))
