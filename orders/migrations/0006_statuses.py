"""Statuses apart from the process's state.

The state keeps the column of what was called status, so that code of before can run beside this.
Orders that are there get their statuses here, one conditional write each: killed, it goes on where
it was when it is run again. What code of before writes meanwhile is mended by `manage.py
reconcile --mend`, to be run once that code is gone.
"""

from typing import Any

from django.db import migrations, models

import orders.fields

STANDINGS = {"confirmed": "confirmed", "held": "held", "cancelled": "cancelled"}
PAID = frozenset({"billed", "confirmed"})


def fill(apps: Any, schema_editor: Any) -> None:
    """By state. A default of the columns would be written to every order, three times."""
    orders = apps.get_model("orders", "Order").objects
    for number, state in orders.filter(standing__isnull=True).values_list("pk", "state"):
        orders.filter(pk=number, state=state).update(
            standing=STANDINGS.get(state, "open"),
            payment_status="charged" if state in PAID else "none",
            fulfilment_status="unfulfilled",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0005_order_recipient"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("order", "order_status"),
                migrations.RenameField("order", "status", "state"),
                migrations.AlterField(
                    "order",
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "created"),
                            ("prepared", "prepared"),
                            ("billed", "billed"),
                            ("confirmed", "confirmed"),
                            ("back_ordered", "back-ordered"),
                            ("held", "held"),
                            ("cancelled", "cancelled"),
                            ("expired", "expired"),
                        ],
                        db_column="status",
                        default="created",
                        help_text="How far its process has come",
                        max_length=12,
                    ),
                ),
                migrations.AddIndex(
                    "order", models.Index(fields=["state", "-placed_at"], name="order_status")
                ),
            ],
        ),
        migrations.AddField(
            "order",
            "standing",
            orders.fields.WordField(
                choices=[
                    ("open", "open"),
                    ("confirmed", "confirmed"),
                    ("completed", "completed"),
                    ("cancelled", "cancelled"),
                    ("expired", "expired"),
                    ("held", "held"),
                ],
                default="open",
                editable=False,
                help_text="Its status, for the index",
                max_length=12,
                null=True,
            ),
        ),
        migrations.AddField(
            "order",
            "payment_status",
            orders.fields.WordField(
                choices=[
                    ("none", "none"),
                    ("partly_authorized", "partly authorized"),
                    ("authorized", "authorized"),
                    ("partly_charged", "partly charged"),
                    ("charged", "charged"),
                    ("overcharged", "overcharged"),
                    ("partly_refunded", "partly refunded"),
                    ("refunded", "refunded"),
                ],
                default="none",
                max_length=20,
                null=True,
            ),
        ),
        migrations.AddField(
            "order",
            "fulfilment_status",
            orders.fields.WordField(
                choices=[
                    ("unfulfilled", "unfulfilled"),
                    ("partial", "partial"),
                    ("fulfilled", "fulfilled"),
                    ("delivered", "delivered"),
                    ("partly_returned", "partly returned"),
                    ("returned", "returned"),
                ],
                default="unfulfilled",
                max_length=20,
                null=True,
            ),
        ),
        migrations.AddIndex(
            "order",
            models.Index(
                fields=["standing", "-placed_at"],
                include=("email", "total", "currency"),
                name="order_standing",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
