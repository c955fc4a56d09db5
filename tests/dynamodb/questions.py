"""Random rows, questions and changes, as data that any database can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet, Sum
from hypothesis import strategies as st

from tests.dynamodb.app.models import Entry

GROUPS = st.integers(0, 3)
RANKS = st.none() | st.integers(-2, 3)
NAMES = st.sampled_from(["", "a", "A", "ab", "b", "ä", "\x00", "a%"])
AMOUNTS = st.sampled_from([Decimal(text) for text in ("-1.50", "0.00", "0.10", "2.00", "999.99")])
FLAGS = st.none() | st.booleans()
IDS = st.integers(0, 12)
COLUMNS = ["id", "group", "rank", "name", "amount", "flag", "parent_id"]

VALUES = {"group": GROUPS, "rank": RANKS, "name": NAMES, "amount": AMOUNTS, "flag": FLAGS}
ROWS = st.lists(
    st.fixed_dictionaries({"id": IDS, **VALUES}),
    min_size=7,
    max_size=13,
    unique_by=lambda row: row["id"],
)

LOOKUPS: list[st.SearchStrategy[tuple[str, Any]]] = [
    st.tuples(st.sampled_from(["pk", "pk__gt", "pk__lte", "parent"]), IDS),
    st.tuples(st.sampled_from(["pk__in", "parent__in"]), st.lists(IDS, max_size=4)),
    st.tuples(
        st.sampled_from(["group", "group__lt", "group__gte", "parent__group", "parent__group__gt"]),
        GROUPS,
    ),
    st.tuples(st.just("group__in"), st.lists(GROUPS, max_size=3)),
    st.tuples(st.sampled_from(["rank", "rank__gt", "rank__lte", "rank__lt"]), st.integers(-2, 3)),
    st.tuples(st.just("rank__range"), st.tuples(st.integers(-2, 3), st.integers(-2, 3))),
    st.tuples(
        st.sampled_from(["rank__isnull", "flag__isnull", "parent__isnull", "parent__rank__isnull"]),
        st.booleans(),
    ),
    st.tuples(
        st.sampled_from(
            ["name", "name__startswith", "name__icontains", "name__gt", "name__lte", "name__iexact"]
        ),
        NAMES,
    ),
    st.tuples(st.just("name__in"), st.lists(NAMES, max_size=3)),
    st.tuples(st.sampled_from(["amount", "amount__gt", "amount__lte"]), AMOUNTS),
    st.tuples(st.just("flag"), st.booleans()),
    st.tuples(st.just("rank"), st.just(F("group"))),
]


def negated(condition: Q) -> Q:
    return ~condition


def is_among(column: str, inner: Q) -> Q:
    """Whether the row is one of those, or the parent or a child of one."""
    wanted = "parent" if column == "pk" else "pk"
    return Q(**{f"{column}__in": Entry.objects.filter(inner).values(wanted)})


SIMPLE = st.one_of(LOOKUPS).map(lambda pair: Q(**{pair[0]: pair[1]}))
# Several ways into one index: SQLite walks them one after the other.
EITHER = st.lists(
    st.one_of(
        GROUPS.map(lambda group: Q(group=group)),
        st.lists(GROUPS, max_size=3).map(lambda groups: Q(group__in=groups)),
        st.tuples(GROUPS, st.integers(-2, 3)).map(lambda two: Q(group=two[0], rank__gt=two[1])),
        NAMES.map(lambda name: Q(name=name)),
    ),
    min_size=2,
    max_size=3,
).map(lambda branches: reduce(Q.__or__, branches))
# What indexes with several attributes a key are for.
AMOUNT = st.tuples(st.sampled_from(["amount", "amount__gte", "amount__lt"]), AMOUNTS)
SEVERAL = st.one_of(
    st.tuples(GROUPS, NAMES).map(lambda two: Q(group=two[0], name=two[1])),
    st.tuples(GROUPS, NAMES, AMOUNT).map(lambda c: Q(c[2], group=c[0], name=c[1])),
    st.tuples(NAMES, st.booleans(), AMOUNT).map(lambda c: Q(c[2], name=c[0], flag=c[1])),
    st.tuples(st.lists(NAMES, max_size=3), st.booleans()).map(
        lambda two: Q(name__in=two[0], flag=two[1])
    ),
    st.tuples(st.lists(GROUPS, max_size=3), NAMES).map(lambda c: Q(group__in=c[0], name__gte=c[1])),
)
AMONG = st.builds(is_among, st.sampled_from(["pk", "parent"]), SIMPLE | EITHER)
CONDITIONS = st.recursive(
    st.one_of(SIMPLE, SIMPLE, EITHER, SEVERAL, AMONG),
    lambda inner: st.one_of(
        st.builds(Q.__and__, inner, inner), st.builds(Q.__or__, inner, inner), inner.map(negated)
    ),
    max_leaves=4,
)
ORDERS = st.lists(
    st.sampled_from([sign + column for column in COLUMNS[:5] for sign in ("", "-")]),
    max_size=3,
    unique_by=lambda term: term.lstrip("-"),
)


@dataclass(frozen=True)
class Question:
    """A queryset and what is wanted of it."""

    where: tuple[Q, ...]
    without: tuple[Q, ...]
    order: list[str]
    slice: tuple[int, int] | None
    wanted: str

    def ask(self, entries: QuerySet[Entry]) -> Any:
        found = entries.filter(*self.where)
        if self.without:
            found = found.exclude(*self.without)
        return ANSWERS[self.wanted](self, found)

    def cut(self, found: Any) -> Any:
        return found[self.slice[0] : self.slice[0] + self.slice[1]] if self.slice else found


def rows(question: Question, found: Any) -> Any:
    return list(question.cut(found.order_by(*question.order, "pk")).values_list(*COLUMNS))


def ordered_by_index(question: Question, found: Any) -> Any:
    """Ties may come in any order: what is ordered by, in order."""
    columns = [term.lstrip("-") for term in question.order] or ["pk"]
    ordered = found.order_by(*(question.order or ["pk"]))
    return list(question.cut(ordered).values_list(*columns))


def unordered(question: Question, found: Any) -> Any:
    return sorted(found.values_list("pk", flat=True))


def joined(question: Question, found: Any) -> Any:
    entries = question.cut(found.select_related("parent").order_by(*question.order, "pk"))
    return [(e.pk, e.parent and (e.parent.pk, e.parent.name)) for e in entries]


def aggregates(question: Question, found: Any) -> Any:
    return question.cut(found.order_by("pk")).aggregate(
        rows=Count("pk"), groups=Count("group", distinct=True), ranks=Sum("rank"),
        least=Min("amount"), most=Max("name"), mean=Avg("rank"),
    )  # fmt: skip


def by_group(question: Question, found: Any) -> Any:
    grouped = found.values("group").annotate(rows=Count("pk"), best=Max("rank"))
    return list(question.cut(grouped.order_by("group")).values_list("group", "rows", "best"))


def children(question: Question, found: Any) -> Any:
    counted = found.annotate(children=Count("entry")).filter(children__gte=1)
    return list(counted.order_by("pk").values_list("pk", "children"))


def computed(question: Question, found: Any) -> Any:
    entries = found.annotate(both=F("group") + F("rank")).order_by("-both", "pk")
    return list(question.cut(entries).values_list("pk", "both"))


ANSWERS = {
    "rows": rows,
    "ordered": ordered_by_index,
    "unordered": unordered,
    "joined": joined,
    "count": lambda question, found: question.cut(found.order_by("pk")).count(),
    "exists": lambda question, found: found.exists(),
    "distinct": lambda question, found: sorted(
        found.values_list("group", "flag").distinct(), key=repr
    ),
    "groups": lambda question, found: sorted(found.values_list("group", flat=True).distinct()),
    "count of groups": lambda question, found: found.values("group").distinct().count(),
    "aggregates": aggregates,
    "by_group": by_group,
    "children": children,
    "computed": computed,
}
QUESTIONS = st.builds(
    Question,
    where=st.lists(CONDITIONS, min_size=1, max_size=2).map(tuple),
    without=st.lists(CONDITIONS, max_size=1).map(tuple),
    order=ORDERS,
    slice=st.none() | st.tuples(st.integers(0, 3), st.integers(0, 4)),
    wanted=st.sampled_from(sorted(ANSWERS)),
)


# Changes ------------------------------------------------------------------------------

CHANGES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    *[st.fixed_dictionaries({name: value}) for name, value in VALUES.items()],
    st.sampled_from(
        [
            {"group": F("group") + 1},
            {"group": F("group") - 1, "name": "b"},
            {"rank": F("rank") + 1},
            {"rank": F("group"), "flag": None},
            {"amount": F("amount") + Decimal("0.25")},
        ]
    ),
)


@dataclass(frozen=True)
class Update:
    where: Q
    values: dict[str, Any]

    def run(self, entries: QuerySet[Entry]) -> Any:
        return entries.filter(self.where).update(**self.values)


@dataclass(frozen=True)
class Delete:
    where: Q

    def run(self, entries: QuerySet[Entry]) -> Any:
        return entries.filter(self.where).delete()


@dataclass(frozen=True)
class Create:
    values: dict[str, Any]

    def run(self, entries: QuerySet[Entry]) -> Any:
        try:
            with transaction.atomic(using=entries.db):
                return entries.create(**self.values).pk
        except IntegrityError:
            return "there already"


@dataclass(frozen=True)
class Adopt:
    """Give a row a parent, by reading, changing and saving it."""

    child: int
    parent: int

    def run(self, entries: QuerySet[Entry]) -> Any:
        child, parent = (entries.filter(pk=pk).first() for pk in (self.child, self.parent))
        if child is None or parent is None:
            return "nobody"
        child.parent = parent
        return child.save()


@dataclass(frozen=True)
class Ask:
    question: Question

    def run(self, entries: QuerySet[Entry]) -> Any:
        return self.question.ask(entries)


class Undo(Exception):
    """Ends a block that is to be undone."""


@dataclass(frozen=True)
class Block:
    """Steps in atomic(), kept or undone."""

    steps: list[Any]
    kept: bool

    def run(self, entries: QuerySet[Entry]) -> Any:
        outcomes: list[Any] = []
        try:
            with transaction.atomic(using=entries.db):
                outcomes += [step.run(entries.all()) for step in self.steps]
                if not self.kept:
                    raise Undo
        except Undo:
            outcomes.append("undone")
        return outcomes


SIMPLE_STEPS = st.one_of(
    st.builds(Update, CONDITIONS, CHANGES),
    st.builds(Delete, CONDITIONS),
    st.builds(Create, st.fixed_dictionaries({"id": IDS, **VALUES})),
    st.builds(Adopt, IDS, IDS),
    st.builds(Ask, QUESTIONS),
    st.builds(Ask, QUESTIONS),
)
STEPS = st.lists(
    st.recursive(
        SIMPLE_STEPS,
        lambda inner: st.builds(Block, st.lists(inner, min_size=1, max_size=5), st.booleans()),
        max_leaves=10,
    ),
    min_size=1,
    max_size=5,
)
