"""Products by word, and all of them in order, without reading the table."""

from random import randrange
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def have_all_published_again(apps: Any, schema_editor: Any) -> None:
    """Publishing fills `search_text`; the consumer of the catalogue's queue does it page by page,
    because all products are more than a migration has time for."""
    categories = list(apps.get_model("catalog", "Category").objects.values_list("pk", flat=True))
    if categories:
        now = timezone.now()
        apps.get_model("outbox", "OutboxMessage").objects.create(
            queue=settings.QUEUES["catalog"],
            body={"categories": categories, "after": 0},
            shard=randrange(4),
            due_at=now,
            created_at=now,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_stock_counted_at"),
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="catalogue",
            field=models.CharField(default="main", editable=False, max_length=8),
        ),
        migrations.AddField(
            model_name="product",
            name="search_text",
            field=models.TextField(default="", editable=False, help_text="What finds it"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["catalogue", "-created_at"], name="product_newest"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["catalogue", "id"],
                include=("search_text", "category"),
                name="product_search",
            ),
        ),
        migrations.RunPython(have_all_published_again, migrations.RunPython.noop),
    ]
