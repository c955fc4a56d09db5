"""django-reversion: revisions of several rows, gone back to."""

from typing import Any

import reversion
from django.contrib import admin
from django.core.management import call_command
from reversion.admin import VersionAdmin
from reversion.errors import RevertError
from reversion.models import Revision, Version

from tests.thirdparty.library.models import Author, Book
from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser, user

reversion.register(Author)


class BookAdmin(VersionAdmin):
    """Registers the model with reversion too."""


admin.site.register(Book, BookAdmin)


def save(comment: str, *rows: Any) -> None:
    with reversion.create_revision():
        for row in rows:
            row.save()
        reversion.set_user(user("ada"))
        reversion.set_comment(comment)


def emma() -> Any:
    return Book.objects.get(title__startswith="Emma")


@operation
def create_and_change() -> list[Any]:
    author = Author(name="Austin")
    save("first", author)
    save("with its author", Book(title="Emma", author=author, price="7.50"), author)
    book = emma()
    book.price = "8.00"
    author.name = "Austen"
    save("dearer", book, author)
    found = Version.objects.get_for_object(book)
    return [[v.revision.comment, str(v.field_dict["price"])] for v in found]


@operation
def revision_of_both() -> list[Any]:
    revision = Revision.objects.get(comment="dearer")
    kinds = sorted(str(v.content_type.model) for v in revision.version_set.all())
    return [kinds, revision.user.username]


@operation
def a_block_that_fails() -> list[Any]:
    try:
        with reversion.create_revision():
            Book.objects.create(title="Sanditon")
            raise ValueError("unfinished")
    except ValueError:
        return [Book.objects.filter(title="Sanditon").count(), Revision.objects.count()]


@operation
def unique_versions() -> list[int]:
    save("as it was", emma())
    found = Version.objects.get_for_object(emma())
    return [found.count(), len(list(found.get_unique()))]


@operation
def revert() -> list[Any]:
    Revision.objects.get(comment="with its author").revert()
    return [str(emma().price), emma().author.name]


@operation
def revert_a_version() -> str:
    Version.objects.get_for_object(emma()).filter(revision__comment="dearer")[0].revert()
    return str(emma().price)


@operation
def deleted() -> list[Any]:
    emma().delete()
    found = Version.objects.get_deleted(Book)
    names = [version.object_repr for version in found]
    found[0].revision.revert()
    return [names, Book.objects.count(), Version.objects.get_deleted(Book).count()]


@operation
def for_model() -> list[Any]:
    found = Version.objects.get_for_model(Author).order_by("pk")
    return [[each.object_repr, each.serialized_data.count("name")] for each in found]


@operation
def admin_history() -> list[Any]:
    client, book = superuser(), emma()
    address = f"/admin/library/book/{book.pk}"
    form = {"title": "Emma", "price": "11.00", "author": book.author_id, "in_print": "on"}
    saved = client.post(f"{address}/change/", form)
    old = Version.objects.get_for_object(book).filter(revision__comment="dearer")[0].pk
    shown = [page(client.get(f"{address}/history/")), page(client.get(f"{address}/history/{old}/"))]
    back = client.post(f"{address}/history/{old}/", {**form, "price": "8.00"})
    return [page(saved), *shown, page(back), str(emma().price)]


@operation
def admin_recovers() -> list[Any]:
    client, book = superuser(), emma()
    book.delete()
    recover = page(client.get("/admin/library/book/recover/"))
    version = Version.objects.get_deleted(Book)[0].pk
    form = {"title": "Emma", "price": "11.00", "author": "", "in_print": "on"}
    done = client.post(f"/admin/library/book/recover/{version}/", form)
    return [recover, page(done), Book.objects.count()]


@operation
def initial_revisions() -> list[int]:
    Book.objects.bulk_create([Book(title=f"Volume {n}") for n in range(20)])
    call_command("createinitialrevisions", "library.Book", verbosity=0)
    return [Version.objects.get_for_model(Book).count(), Revision.objects.count()]


@operation
def delete_revisions() -> list[int]:
    call_command("deleterevisions", "library.Book", keep=1, verbosity=0)
    return [Version.objects.get_for_model(Book).count(), Revision.objects.count()]


@operation
def a_version_that_does_not_fit() -> str:
    version = Version.objects.get_for_model(Author).first()
    version.serialized_data = "not JSON"
    try:
        version.revert()
    except RevertError as error:
        return type(error).__name__
    return "reverted"
