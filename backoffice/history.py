"""What a save changed, in words: for the history, with old and new values.

The history is kept in English, whatever language who saves reads: all staff read the same.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelMultipleChoiceField
from django.utils.text import get_text_list
from django.utils.translation import gettext, override

LONGEST = 60  # characters of a value
MOST = 8_000  # characters of an entry's values; what is beyond is named without them


def in_words(field: forms.Field, value: Any) -> str:
    """A value as people read it, quoted."""
    if isinstance(value, dict) and "sha256" in value:
        return gettext("another text")
    if value is None or value == "" or value == [] or value == {}:
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = " ".join(str(named(field, value)).split())
    return f"“{text[: LONGEST - 1]}…”" if len(text) > LONGEST else f"“{text}”"


def named(field: forms.Field, value: Any) -> Any:
    """A choice by its label; what is not one as the field shows it."""
    if isinstance(field, ModelMultipleChoiceField):
        return ", ".join(sorted(map(str, chosen(field, value)))) or gettext("nothing")
    if isinstance(field, forms.ModelChoiceField):
        return label_of(field, value)
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value, value)  # type: ignore[arg-type]  # groups stay as they are
    return field.prepare_value(value)


def label_of(field: Any, value: Any) -> str:
    try:
        found = value if hasattr(value, "pk") else field.to_python(value)
    except ValidationError:
        return str(value)
    return str(found)


def chosen(field: Any, value: Any) -> Iterable[Any]:
    values = list(value)
    if all(hasattr(each, "pk") for each in values):
        return values
    return list(field.queryset.filter(pk__in=values))


def describe(form: Any, formsets: Iterable[Any], add: bool) -> list[dict[str, Any]]:
    """Django's structure of a change message, whose `fields` are told with their values."""
    with override(None):
        return described(form, formsets, add)


def described(form: Any, formsets: Iterable[Any], add: bool) -> list[dict[str, Any]]:
    room = [MOST]
    messages: list[dict[str, Any]] = []
    if add:
        messages.append({"added": {}})
    elif form.changed_data:
        messages.append({"changed": {"fields": told(form, form.changed_data, room)}})
    for formset in formsets:
        forms_of = {id(each.instance): each for each in formset.forms}
        for obj in formset.new_objects:
            messages.append({"added": about(obj)})
        for obj, names in formset.changed_objects:
            fields = told(forms_of[id(obj)], names, room)
            messages.append({"changed": {**about(obj), "fields": fields}})
        for obj in formset.deleted_objects:
            messages.append({"deleted": about(obj)})
    return messages


def changed_by_action(label: Any, before: Any, after: Any) -> list[dict[str, Any]]:
    """The change message of an action on one field. Labels may wait for the language."""
    with override(None):
        return [{"changed": {"fields": [f"{label} “{before}” → “{after}”"]}}]


def about(obj: Any) -> dict[str, str]:
    return {"name": str(obj._meta.verbose_name), "object": str(obj)}


def told(form: Any, names: Iterable[str], room: list[int]) -> list[str]:
    """Each field's label with its old and new value, while there is room."""
    texts = []
    for name in names:
        text = change_of(form, name)
        room[0] -= len(text)
        texts.append(text if room[0] > 0 else label(form, name))
    return texts


def label(form: Any, name: str) -> str:
    return str(form[name].label) if name in form.fields else name


def change_of(form: Any, name: str) -> str:
    """`Price “12.00” → “14.00”`; of what is secret, that it was changed."""
    field = form.fields.get(name)
    if field is None or isinstance(field.widget, forms.PasswordInput):
        return label(form, name)
    if isinstance(field, forms.FileField):
        return f"{label(form, name)} {file_names(form, name)}"
    before, after = getattr(form, "applied", {}).get(
        name, (form[name].initial, form.cleaned_data.get(name))
    )
    if isinstance(field, ModelMultipleChoiceField):
        return f"{label(form, name)}: {memberships(field, before, after)}"
    return f"{label(form, name)} {in_words(field, before)} → {in_words(field, after)}"


def file_names(form: Any, name: str) -> str:
    """Under which names the file was and is stored: those lead to both of them."""
    before, after = form[name].initial, getattr(form.instance, name)
    field = form.fields[name]
    return f"{in_words(field, str(before or ''))} → {in_words(field, str(after or ''))}"


def memberships(field: Any, before: Any, after: Any) -> str:
    old, new = set(chosen(field, before or [])), set(chosen(field, after or []))
    parts = [(word, few(each)) for word, each in (("added", new - old), ("removed", old - new))]
    return ", ".join(f"{word} {names}" for word, names in parts if names)


def few(objects: Iterable[Any], most: int = 20) -> str:
    """The names of some objects; of the rest, how many."""
    names = sorted(str(each) for each in objects)
    left = len(names) - most
    more = gettext("{number} more").format(number=left)
    shown = names if left <= 0 else [*names[:most], more]
    return str(get_text_list(shown, gettext("and")))
