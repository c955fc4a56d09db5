"""What customers read has notes of its own, beside the products: `catalog.projections`.

The notes of products that are there are filled in from the products' columns, which code of before
goes on writing until it is gone; 0008 looks once more. Killed, it goes on where it was.
"""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """For each product that no newer code has saved, what code of before has noted on it.

    `format` 0 has each page made anew once, as if its product had changed.
    """
    publications = apps.get_model("catalog", "Publication").objects
    contents = apps.get_model("catalog", "ProductContents").objects
    columns = ("pk", "category_id", "card", "published", "search_text")
    products = apps.get_model("catalog", "Product").objects.filter(version__isnull=True)
    for key, category, card, published, words in products.values_list(*columns).iterator():
        slug = published.get("slug") or ""
        store(
            publications,
            key,
            slug=slug,
            shelves=published.get("shelves", []),
            digests=[""] if slug else [],
            card=card,
            search_text=words or "",
        )
        store(
            contents,
            key,
            category_id=published.get("category", category),
            skus=published.get("skus", []),
            images=published.get("images", []),
        )


def store(rows: Any, key: int, **values: Any) -> None:
    known = rows.filter(pk=key).values(*values).first()
    if known is None:
        rows.create(pk=key, **values)
    elif known != values:
        rows.filter(pk=key).update(**values)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_stockmovement"),
    ]

    operations = [
        migrations.CreateModel(
            name="PagePart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "slug",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.CharField(max_length=100)),
                ("number", models.PositiveSmallIntegerField()),
                ("product_id", models.BigIntegerField()),
                ("document", models.JSONField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="ProductContents",
            fields=[
                ("product_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("category_id", models.BigIntegerField()),
                ("skus", models.JSONField(default=list)),
                ("images", models.JSONField(default=list)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("product_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(default=0)),
                ("format", models.PositiveSmallIntegerField(default=0)),
                ("counted", models.PositiveIntegerField(default=0)),
                ("slug", models.CharField(blank=True, max_length=100)),
                ("ahead", models.CharField(blank=True, max_length=100)),
                ("shelves", models.JSONField(default=list)),
                ("digests", models.JSONField(default=list)),
                ("card", models.JSONField(default=dict)),
                ("catalogue", models.CharField(default="main", max_length=8)),
                (
                    "search_text",
                    models.TextField(default="", help_text="What managers find it by"),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="StagedRows",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "product_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("product_id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("rows", models.JSONField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(
            model_name="product",
            name="staged",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="version",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["catalogue", "id"], include=("category",), name="product_all"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["catalogue", "product_id"],
                include=("search_text",),
                name="publication_search",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
