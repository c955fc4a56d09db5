"""Rows of a form or a list, when others have added and deleted some since the page was shown.

A formset knows its rows by their place. So what came back is put in the places of the rows
as they are now: a row that somebody added is there, as stored; one that somebody deleted is
not, and whoever changed it here is told.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.forms.models import BaseInlineFormSet, BaseModelFormSet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from backoffice.forms import MergedForm, merged
from backoffice.pages import Page, Shown
from backoffice.values import differs


class MergedFormSet(BaseModelFormSet):
    page: Page | None = None
    model: Any
    form: Any
    forms: list[Any]
    prefix: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []
        self.came_back: set[str] | None = None  # keys of the rows that the page had
        if self.is_bound and self.page is not None and self.management_form.is_valid():
            self.put_in_place()

    def put_in_place(self) -> None:
        key = self.model._meta.pk.name
        shown = int(self.management_form.cleaned_data[INITIAL_FORM_COUNT] or 0)
        posted = [str(self.data.get(f"{self.add_prefix(i)}-{key}") or "") for i in range(shown)]
        if not all(posted):
            self.came_back = set()  # rows that may only be looked at do not come back
            return
        rows = list(self.get_queryset())
        missing = set(posted) - {str(row.pk) for row in rows}
        rows += self.unlisted(missing) if missing else []
        places: list[int | None] = [
            posted.index(str(row.pk)) if str(row.pk) in posted else None for row in rows
        ]
        kept = {posted[place] for place in places if place is not None}
        self.problems = [
            problem
            for place, name in enumerate(posted)
            if name not in kept and (problem := self.lost(place, name))
        ]
        self.came_back = kept
        self._queryset: Any = rows
        if places != list(range(shown)):
            self.move(places, shown)

    def unlisted(self, keys: set[str]) -> list[Any]:
        """Rows that the page had and the query has not, but that are there."""
        return []

    def lost(self, place: int, key: str) -> str:
        """What to say of a row that is there no more: nothing unless it was changed here."""
        form = self.form(data=self.data, files=self.files, prefix=self.add_prefix(place))
        if form.add_prefix(DELETION_FIELD_NAME) in self.data:
            return ""
        labels = touched(form, self.page.row(self.prefix, key) if self.page else None)
        if not labels:
            return ""
        return gettext(
            "Since this page was shown, {kind} {key} was deleted, where you changed {fields}. "
            "Nothing was saved. Save again without it, or add it anew."
        ).format(kind=self.model._meta.verbose_name, key=key, fields=", ".join(labels))

    def move(self, places: list[int | None], shown: int) -> None:
        """Give each row the place that it has now; new ones come after them."""
        total = int(self.management_form.cleaned_data[TOTAL_FORM_COUNT] or 0)
        order = [*places, *range(shown, total)]
        self.data = moved(self.data, self.prefix, order)
        self.files = moved(self.files, self.prefix, order) if self.files else self.files
        for place, row in enumerate(self._queryset):
            self.data[f"{self.add_prefix(place)}-{self.model._meta.pk.name}"] = str(row.pk)
        self.data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(len(places))
        self.data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(len(order))
        del self.__dict__["management_form"]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if not form.is_bound or form.instance._state.adding or self.page is None:
            return
        key = str(form.instance.pk)
        absent = self.came_back is not None and key not in self.came_back
        form.merge(self.page.row(self.prefix, key), absent=absent)

    def clean(self) -> None:
        problems = [*self.problems, *self.stale_deletions()]
        if problems:
            raise ValidationError(problems)
        super().clean()

    def stale_deletions(self) -> list[str]:
        if not self.can_delete:
            return []
        rows: list[Any] = self.initial_forms
        deleted = [form for form in rows if form.cleaned_data.get(DELETION_FIELD_NAME)]
        stale = gettext(
            "Since this page was shown, {fields} of {row} was changed, which you delete. Nothing "
            "was saved. Save again to delete it all the same."
        )
        return [
            stale.format(fields=", ".join(labels), row=form.instance)
            for form in deleted
            if (labels := form.any_changed_elsewhere())
        ]

    def now(self) -> dict[str, Shown]:
        """What a page shows of the rows, for `Page`."""
        forms: list[Any] = self.initial_forms
        rows = [form for form in forms if not form.instance._state.adding]
        return {str(form.instance.pk): form.now() for form in rows}


class MergedInlineFormSet(MergedFormSet, BaseInlineFormSet):
    def unlisted(self, keys: set[str]) -> list[Any]:
        """An index follows its table by moments: what it does not have may be there."""
        rows = self.model._default_manager.in_bulk(list(keys)).values()
        return [row for row in rows if getattr(row, self.fk.attname) == self.instance.pk]


class MergedListFormSet(MergedFormSet):
    """The rows of a list that is shown again because some were not saved."""

    not_saved: dict[str, Any]  # those rows, by key
    reasons: dict[str, str]  # why, where the form does not know

    def unlisted(self, keys: set[str]) -> list[Any]:
        """A row that the list's filter has lost stays until it is saved."""
        return [row for key, row in self.not_saved.items() if key in keys]

    def lost(self, place: int, key: str) -> str:
        return ""  # said when it was to be saved

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.refusal = self.reasons.get(str(form.instance.pk), "")


def merged_formset(base: type[Any], kind: type[Any], page: Page | None, **values: Any) -> type[Any]:
    """The formset's class, as one that merges."""
    form = merged(base.form, page, in_formset=True)
    return type(base.__name__, (kind, base), {"page": page, "form": form, **values})


def touched(form: MergedForm, shown: Shown | None) -> list[str]:
    """Labels of the fields that came back otherwise than they were shown."""
    known = shown or {}
    return [
        str(form[name].label)
        for name in form.names()
        if name in known and differs(form.fields[name], known[name], form[name].data)
    ]


def moved(data: Any, prefix: str, order: list[int | None]) -> MultiValueDict:
    """The data, with the forms that were at `order`'s places at 0, 1, 2 and so on."""
    places = {str(old): new for new, old in enumerate(order) if old is not None}
    pattern = re.compile(rf"{re.escape(prefix)}-(\d+)-(.+)", re.DOTALL)
    result: MultiValueDict = MultiValueDict()
    for name, values in data.lists():
        found = pattern.fullmatch(name)
        if found is None:
            result.setlist(name, values)
        elif found[1] in places:
            result.setlist(f"{prefix}-{places[found[1]]}-{found[2]}", values)
    return result
