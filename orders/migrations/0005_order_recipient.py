"""Orders by the beginning of an address or a surname."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Substr

from backoffice.words import normalise


def name_recipients(apps: Any, schema_editor: Any) -> None:
    """Orders that were placed before: their surnames first, as checkout writes them now."""
    orders = apps.get_model("orders", "Order").objects
    for number, address in orders.values_list("pk", "shipping_address"):
        *others, last = normalise(address.get("name", "")).split() or [""]
        orders.filter(pk=number).update(recipient=" ".join([last, *others])[:100])


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_order_mail_problem"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="recipient",
            field=models.CharField(
                default="",
                editable=False,
                help_text="Of the address: surname first",
                max_length=100,
            ),
        ),
        migrations.RunPython(name_recipients, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                Substr("email", 1, 3),
                models.F("email"),
                include=("placed_at",),
                name="order_email_start",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                Substr("recipient", 1, 3),
                models.F("recipient"),
                include=("placed_at",),
                name="order_recipient",
            ),
        ),
    ]
