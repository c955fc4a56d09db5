"""Names and descriptions in the shop's other languages: null where there are none, so no row is
written, and code of before runs beside this."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_without_copies_on_products"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="texts",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="texts",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="variant",
            name="product_names",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
