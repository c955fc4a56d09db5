"""Forms that write only what this person has changed since the page was shown.

Three values of each field decide: the one that was shown, the one that came back, and
the one that is stored now.

* Came back as it was shown: this person left it. The stored one stays, whatever it is.
* Changed here and stored as it was shown: what came back is written.
* Changed here and changed there, to different values: refused, with both named.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME
from django.forms.models import InlineForeignKeyField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.history import in_words
from backoffice.pages import MAIN, Page, Shown
from backoffice.values import decode, differs, encode

OF_THE_FORMSET = (DELETION_FIELD_NAME, ORDERING_FIELD_NAME)
CLASH = _(
    "This was changed since the page was shown. Nothing of it was saved: save again to have "
    "yours, or write the other."
)
VERSION = "@"  # follows a field's name where a version and not the value says who changed it


class MergedForm(forms.ModelForm):
    """A model form that knows its page; `merged` makes one of any."""

    page: Page | None = None
    in_formset = False  # then the formset says when all fields are there
    refusal: Any = ""  # why it was not saved, where that showed only at the commit

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Of fields whose value alone does not say whether a person changed them.
        self.versions: dict[str, str] = {}
        self.shown: Shown | None = None
        self.left: set[str] = set()
        self.clashes: dict[str, str] = {}
        self.kept: Shown = {}
        if not self.in_formset and self.is_bound and not self.instance._state.adding:
            self.merge(self.page.row(MAIN, self.instance.pk) if self.page else None)

    # What is shown ------------------------------------------------------------------

    def names(self) -> list[str]:
        """The fields that a person can change and another undo."""
        return [
            name
            for name, field in self.fields.items()
            if not (field.disabled or isinstance(field, InlineForeignKeyField))
            and name not in (self._meta.model._meta.pk.name, *OF_THE_FORMSET)
        ]

    def now(self) -> Shown:
        """What a page shows of the stored row, for `Page`."""
        shown: Shown = {}
        for name in self.names():
            shown[name] = encode(self[name].initial)
            if name in self.versions:
                shown[name + VERSION] = self.versions[name]
        return {**shown, **self.kept}

    # What comes back ----------------------------------------------------------------

    def merge(self, shown: Shown | None, absent: bool = False) -> None:
        """Decide about each field. `absent`: the page did not have this row."""
        self.shown = shown
        for name in self.names():
            if absent:
                self.leave(name)
            elif shown is not None and name in shown:
                self.merge_field(name, shown)

    def merge_field(self, name: str, shown: Shown) -> None:
        field, posted = self.fields[name], self[name].data
        if not differs(field, shown[name], posted):
            self.leave(name)
        elif self.changed_elsewhere(name, shown):
            if differs(field, encode(self[name].initial), posted):
                self.clashes[name] = self.clash(name, shown)
            else:
                self.leave(name)  # both said the same
        elif name in self.versions:
            # The difference to what was shown counts, also if the form has to be shown again.
            self.kept |= {name: shown[name], name + VERSION: shown[name + VERSION]}

    def changed_elsewhere(self, name: str, shown: Shown) -> bool:
        if name in self.versions:
            return bool(self.versions[name] != shown.get(name + VERSION))
        return bool(encode(self[name].initial) != shown[name])

    def any_changed_elsewhere(self) -> list[str]:
        """Labels of the fields that somebody else has changed since the page was shown."""
        shown = self.shown or {}
        names = [n for n in self.names() if n in shown and self.changed_elsewhere(n, shown)]
        return [str(self[name].label) for name in names]

    def clash(self, name: str, shown: Shown) -> str:
        field, bound = self.fields[name], self[name]
        before = in_words(field, decode(shown[name]))
        after = in_words(field, bound.initial)
        yours = in_words(field, self.typed(name))
        return gettext("Yours: {yours}. Meanwhile {before} became {after}.").format(
            yours=yours, before=before, after=after
        )

    def typed(self, name: str) -> Any:
        try:
            return self.fields[name].clean(self[name].data)
        except (ValidationError, TypeError):  # of a file field `clean` takes two
            return self[name].data

    def leave(self, name: str) -> None:
        """Have the field keep what is stored; shown again, it shows that."""
        field = self.fields[name]
        if not isinstance(field, forms.FileField):  # which keeps it by itself
            self.left.add(name)
            field.bound_data = lambda data, initial: initial  # type: ignore[method-assign]

    @contextmanager
    def left_alone(self) -> Iterator[None]:
        """In the block, what was left is cleaned as Django cleans disabled fields: as stored."""
        for name in self.left:
            self.fields[name].disabled = True
        try:
            yield
        finally:
            for name in self.left:
                self.fields[name].disabled = False

    def full_clean(self) -> None:
        with self.left_alone():
            super().full_clean()

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # django-stubs leave it out
        for name, text in self.clashes.items():
            self.add_error(name, text)
        if self.clashes:
            self.add_error(None, CLASH)
        if self.refusal:
            self.add_error(None, self.refusal)

    @cached_property
    def changed_data(self) -> list[str]:
        changed = {*super().changed_data, *self.kept} - self.left
        return [name for name in self.fields if name in changed]

    # What is written ----------------------------------------------------------------

    def changed_columns(self) -> list[str]:
        """The model's fields that a save has to write: the changed, and dates of changes."""
        fields = self._meta.model._meta.concrete_fields
        changed = set(self.changed_data)
        return [f.name for f in fields if f.name in changed or getattr(f, "auto_now", False)]

    def save(self, commit: bool = True) -> Any:
        if not commit or self.errors or self.instance._state.adding:
            return super().save(commit)
        self.instance.save(update_fields=self.changed_columns())
        self._save_m2m()  # type: ignore[attr-defined]  # django-stubs leave it out
        return self.instance


def merged(
    form: type[Any], page: Page | None, *, in_formset: bool = False, refusal: Any = ""
) -> type[Any]:
    """The form's class, as one that merges, and is refused with that sentence if there is one."""
    bases = (form,) if issubclass(form, MergedForm) else (MergedForm, form)
    metaclass: Any = type(form)
    known = {"page": page, "in_formset": in_formset, "refusal": refusal}
    return metaclass(form.__name__, bases, known)
