from django.db import migrations

import orders.fields


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0009_shipping_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="language",
            field=orders.fields.LanguageField(
                db_column="lang",
                default="en",
                editable=False,
                help_text="Which its mails are in",
                max_length=2,
                null=True,
            ),
        ),
    ]
