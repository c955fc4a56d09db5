"""The products' own copies, which only code of before reads: to be run when none of it runs any
more. What that code has published meanwhile is noted, and all is made anew, page by page, by the
subscriber `catalog.rebuilding`.

The way back fills the columns again, from the notes: then code of before can run.
"""

from importlib import import_module
from random import randrange
from typing import Any

from django.conf import settings
from django.db import migrations
from django.utils import timezone

fill = import_module("catalog.migrations.0007_projections").fill


def have_all_made_anew(apps: Any, schema_editor: Any) -> None:
    now = timezone.now()
    if apps.get_model("catalog", "Product").objects.filter(catalogue="main").exists():
        apps.get_model("outbox", "OutboxMessage").objects.create(
            queue=settings.QUEUES["catalog"],
            type="projections.outdated",
            version=1,
            key="all",
            body={"after": 0},
            open="catalog.rebuilding",
            shard=randrange(4),
            due_at=now,
            created_at=now,
        )


def fill_back(apps: Any, schema_editor: Any) -> None:
    products = apps.get_model("catalog", "Product").objects
    contents = apps.get_model("catalog", "ProductContents").objects
    for each in apps.get_model("catalog", "Publication").objects.all().iterator():
        of = contents.filter(pk=each.pk).first()
        if of is None:
            continue
        published = {
            "slug": each.slug or None,
            "category": of.category_id,
            "shelves": each.shelves,
            "skus": of.skus,
            "images": of.images,
        }
        products.filter(pk=each.pk).update(
            card=each.card, published=published, search_text=each.search_text
        )


class Migration(migrations.Migration):
    after_code = True  # see shop/management/commands/migrate_before_code.py
    dependencies = [
        ("catalog", "0007_projections"),
        ("outbox", "0003_events"),
    ]

    operations = [
        migrations.RunPython(fill, fill_back),
        migrations.RemoveIndex("product", "product_search"),
        migrations.RemoveField("product", "card"),
        migrations.RemoveField("product", "published"),
        migrations.RemoveField("product", "search_text"),
        migrations.RunPython(have_all_made_anew, migrations.RunPython.noop),
    ]
