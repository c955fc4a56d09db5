"""django-filter: querysets by what a form asks for."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Q
from django.http import QueryDict

from tests.thirdparty.library.models import Author, Book
from tests.thirdparty.operations import operation


class BookFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    title = django_filters.CharFilter(lookup_expr="icontains")
    price = django_filters.RangeFilter()
    published = django_filters.DateFromToRangeFilter()
    year = django_filters.NumberFilter(field_name="published", lookup_expr="year")
    author = django_filters.ModelMultipleChoiceFilter(queryset=Author.objects.all())
    author_name = django_filters.AllValuesFilter(field_name="author__name")
    titles = django_filters.BaseInFilter(field_name="title")
    without = django_filters.BooleanFilter(field_name="published", lookup_expr="isnull")
    order = django_filters.OrderingFilter(fields=["price", "title", "author__name"])

    class Meta:
        model = Book
        fields = {"in_print": ["exact"], "title": ["exact", "startswith", "regex"]}

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Q(title__icontains=value) | Q(author__name__icontains=value))


def asked(query: str) -> Any:
    found = BookFilter(QueryDict(query), Book.objects.all())
    return [book.title for book in found.qs] if found.is_valid() else found.errors.get_json_data()


@operation
def make_books() -> int:
    names = ["Austen", "Joyce", "Woolf"]
    authors = [Author.objects.create(name=name) for name in names]
    for n in range(30):
        published = date(1900 + n, 1 + n % 12, 1) if n % 7 else None
        Book.objects.create(
            title=f"{'Ulysses' if n % 2 else 'Emma'} {n:02}", author=authors[n % 3],
            price=f"{n * 3 % 17}.50", published=published, in_print=n % 4 > 0,
        )  # fmt: skip
    return int(Book.objects.count())


QUERIES = {
    "by_words": "q=woolf",
    "by_part_of_the_title": "title=ULY",
    "by_price": "price_min=3.50&price_max=9.50",
    "by_dates": "published_after=1905-01-01&published_before=1912-12-31",
    "by_year": "year=1911",
    "by_list": "titles=Emma 00,Ulysses 01,Nothing",
    "without_a_date": "without=true",
    "by_flag": "in_print=false&order=-price,title",
    "by_name": "author_name=Joyce&order=price",
    "by_beginning": "title__startswith=Emma 1",
    "by_pattern": "title__regex=^U.*[357]$",
    "ordered_by_author": "order=author__name,-title",
    "all_together": "q=emma&price_min=2&in_print=true&order=-title",
    "wrong": "published_after=yesterday&order=colour",
}


def question(name: str, query: str) -> None:
    def ask() -> Any:
        return asked(query)

    ask.__name__ = name
    operation(ask)


for each in QUERIES.items():
    question(*each)


@operation
def by_authors() -> Any:
    keys = Author.objects.filter(name__in=["Austen", "Woolf"]).values_list("pk", flat=True)
    return asked("&".join(f"author={key}" for key in keys))


@operation
def form() -> Any:
    shown = BookFilter(QueryDict(""), Book.objects.all()).form
    return [list(shown.fields), [str(label) for _, label in shown.fields["author_name"].choices]]
