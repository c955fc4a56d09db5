"""django-import-export: files in and out, whole or not at all."""

import re
from typing import Any

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from import_export import fields, resources, widgets
from import_export.admin import ImportExportModelAdmin
from tablib import Dataset

from tests.thirdparty.library.models import Author, Book
from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser

HEADERS = ["title", "author", "price", "published", "in_print"]
ROWS = [
    ("Emma", "Austen", "7.50", "1815-12-23", "1"),
    ("Persuasion", "Austen", "8.00", "1817-12-20", "1"),
    ("Ulysses", "Joyce", "12.30", "1922-02-02", "0"),
]


class BookResource(resources.ModelResource):
    author = fields.Field(
        "author", "author", widgets.ForeignKeyWidget(Author, "name", use_natural_foreign_keys=False)
    )

    class Meta:
        model = Book
        fields = HEADERS
        export_order = HEADERS
        import_id_fields = ["title"]
        skip_unchanged = True
        report_skipped = True


class BulkResource(BookResource):
    class Meta(BookResource.Meta):
        use_bulk = True
        batch_size = 40
        skip_unchanged = False


class BookAdmin(ImportExportModelAdmin):
    resource_classes = [BookResource]


admin.site.register(Book, BookAdmin)


def load(rows: list[Any], resource: Any = BookResource, **options: Any) -> Any:
    for name in {row[1] for row in rows} - {"Nobody"}:
        Author.objects.get_or_create(name=name)
    data = Dataset(*rows, headers=HEADERS)
    result = resource().import_data(data, **options)
    return [dict(result.totals), result.has_errors(), result.has_validation_errors()]


def books() -> list[Any]:
    found = Book.objects.select_related("author").order_by("title")
    return [[b.title, b.author.name, str(b.price), str(b.published), b.in_print] for b in found]


@operation
def dry_run() -> list[Any]:
    return [load(ROWS, dry_run=True), Book.objects.count()]


@operation
def import_new() -> list[Any]:
    return [load(ROWS), books()]


@operation
def import_again() -> Any:
    return load(ROWS)


@operation
def import_changed() -> list[Any]:
    return [load([("Emma", "Austen", "9.99", "1815-12-23", "0")]), books()]


@operation
def import_with_a_fault() -> list[Any]:
    """The second row's author is nobody: nothing of the file is kept."""
    rows = [("Dubliners", "Joyce", "5", "1914-06-15", "1"), ("Exiles", "Nobody", "5", "", "1")]
    return [load(rows), Book.objects.count()]


@operation
def import_90_in_bulk() -> list[Any]:
    rows = [(f"Volume {n:02}", "Austen", f"{n}.10", "2000-01-01", "1") for n in range(90)]
    return [load(rows, BulkResource, use_transactions=False), Book.objects.count()]


@operation
def export() -> str:
    return str(BookResource().export(Book.objects.filter(title__lt="V")).csv)


@operation
def export_of_a_query() -> list[Any]:
    some = Book.objects.filter(price__gte=80, in_print=True).order_by("-price")
    return list(BookResource().export(some).dict)


@operation
def admin_exports() -> list[Any]:
    client = superuser()
    form = {"format": "0", **{f"bookresource_{name}": "on" for name in HEADERS}}
    found = client.post("/admin/library/book/export/", form)
    return [page(client.get("/admin/library/book/export/"))[0], found.content.decode()[:500]]


@operation
def admin_imports() -> list[Any]:
    client = superuser()
    text = "title,author,price,published,in_print\nDubliners,Joyce,5.00,1914-06-15,1\n"
    form = {"format": "0", "import_file": SimpleUploadedFile("books.csv", text.encode())}
    shown = client.post("/admin/library/book/import/", form)
    hidden = r'name="(import_file_name|original_file_name|format|resource)"[^>]*value="([^"]*)"'
    reverse = r'value="([^"]*)"[^>]*name="(import_file_name|original_file_name|format|resource)"'
    confirmed = dict(re.findall(hidden, shown.content.decode()))
    confirmed |= {name: value for value, name in re.findall(reverse, shown.content.decode())}
    done = client.post("/admin/library/book/process_import/", confirmed)
    return [page(shown), page(done), Book.objects.filter(title="Dubliners").count()]


@operation
def admin_list() -> list[Any]:
    return page(superuser().get("/admin/library/book/?q=&p=1"))
