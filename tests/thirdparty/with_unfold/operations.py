"""django-unfold: the admin in other clothes, with filters and inlines of its own."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeNumericFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display

from tests.thirdparty.library.models import Author, Book
from tests.thirdparty.operations import operation, page, words
from tests.thirdparty.people import superuser

assert ChoicesDropdownFilter  # of the same package: it loads


class BookInline(TabularInline):
    model = Book
    extra = 0
    tab = True


@admin.register(Author)
class AuthorAdmin(ModelAdmin):
    inlines = [BookInline]
    search_fields = ["name"]


@admin.register(Book)
class BookAdmin(ModelAdmin):
    list_display = ["title", "author", "price", "state"]
    list_filter = [
        ("author", RelatedDropdownFilter),
        ("price", RangeNumericFilter),
        ("published", RangeDateFilter),
        "in_print",
    ]
    list_filter_submit = True
    search_fields = ["title", "author__name"]
    autocomplete_fields = ["author"]
    list_editable = ["price"]
    actions = ["take_out_of_print"]
    actions_row = ["reprint"]
    date_hierarchy = "published"

    @display(description="state", label={"in print": "success", "out of print": "danger"})
    def state(self, book: Any) -> str:
        return "in print" if book.in_print else "out of print"

    @action(description="Take out of print")
    def take_out_of_print(self, request: Any, queryset: Any) -> None:
        queryset.update(in_print=False)

    @action(description="Reprint", url_path="reprint")
    def reprint(self, request: Any, object_id: str) -> Any:
        from django.shortcuts import redirect

        Book.objects.filter(pk=object_id).update(in_print=True)
        return redirect("admin:library_book_changelist")


def get(address: str) -> Any:
    return page(superuser().get(f"/admin/{address}"))


def post(address: str, form: dict[str, Any]) -> Any:
    return page(superuser().post(f"/admin/{address}", form))[:2]


def emma() -> Any:
    return Book.objects.get(title="Emma")


@operation
def add_an_author_with_books() -> list[Any]:
    form = {
        "name": "Austen", "book_set-TOTAL_FORMS": "2", "book_set-INITIAL_FORMS": "0",
        "book_set-0-title": "Emma", "book_set-0-price": "7.50", "book_set-0-in_print": "on",
        "book_set-0-published": "1815-12-23", "book_set-1-title": "Sanditon",
        "book_set-1-price": "5", "book_set-1-published": "1925-01-01",
    }  # fmt: skip
    return [post("library/author/add/", form), sorted(Book.objects.values_list("title", flat=True))]


@operation
def make_more() -> int:
    author = Author.objects.create(name="Joyce")
    for n in range(120):
        Book.objects.create(
            title=f"Volume {n:03}", author=author, price=n, published=date(1990 + n % 20, 1, 1)
        )
    return int(Book.objects.count())


@operation
def index() -> Any:
    return superuser().get("/admin/").status_code


LISTS = {
    "list": "library/book/",
    "second_page": "library/book/?p=2",
    "search": "library/book/?q=austen",
    "ordered": "library/book/?o=-3.1",
    "by_price": "library/book/?price_from=10&price_to=14",
    "by_date": "library/book/?published_from=1815-01-01&published_to=1815-12-31",
    "by_flag": "library/book/?in_print__exact=0",
    "by_year": "library/book/?published__year=1994",
    "authors": "library/author/?q=joy",
    "add_form": "library/book/add/",
    "history_of_all": "auth/user/",
}


def list_page(name: str, address: str) -> None:
    def show() -> Any:
        return get(address)

    show.__name__ = name
    operation(show)


for each in LISTS.items():
    list_page(*each)


@operation
def by_author() -> Any:
    return get(f"library/book/?author__id__exact={Author.objects.get(name='Austen').pk}")


@operation
def change() -> list[Any]:
    form = {"title": "Emma", "price": "8.80", "author": emma().author_id, "published": "1815-12-23"}
    done = post(f"library/book/{emma().pk}/change/", form)
    return [done, str(emma().price), get(f"library/book/{emma().pk}/change/")]


@operation
def history() -> Any:
    return get(f"library/book/{emma().pk}/history/")


@operation
def edit_in_the_list() -> list[Any]:
    form = {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(emma().pk),
        "form-0-price": "9.90", "_save": "Save",
    }  # fmt: skip
    return [post("library/book/?q=emma", form), str(emma().price)]


@operation
def run_an_action() -> list[Any]:
    keys = [
        str(key) for key in Book.objects.filter(title__lt="Volume 003").values_list("pk", flat=True)
    ]
    done = post("library/book/", {"action": "take_out_of_print", "_selected_action": keys})
    return [done, Book.objects.filter(in_print=False).count()]


@operation
def run_an_action_of_a_row() -> list[Any]:
    done = get(f"library/book/{emma().pk}/reprint")
    return [done[:2], emma().in_print]


@operation
def autocomplete() -> Any:
    asked = "autocomplete/?app_label=library&model_name=book&field_name=author&term=a"
    return [each["text"] for each in superuser().get(f"/admin/{asked}").json()["results"]]


@operation
def delete() -> list[Any]:
    address = f"library/author/{Author.objects.get(name='Austen').pk}/delete/"
    shown = words(superuser().get(f"/admin/{address}"))
    return ["Sanditon" in shown, post(address, {"post": "yes"}), Book.objects.count()]


@operation
def log_entries() -> list[Any]:
    return [str(entry) for entry in LogEntry.objects.order_by("action_time")]
