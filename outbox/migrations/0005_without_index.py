"""The sweeper reads the table whole: code of before asks the index, so this runs when none of it
runs any more. Until then there is no harm but for the unit that each message costs more.

Back: this migration backwards makes the index again; then the code. What is stored in between
has shard 0, which that code sweeps too.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    after_code = True  # see shop/management/commands/migrate_before_code.py
    dependencies = [
        ("outbox", "0004_labels"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_due",
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="shard",
            field=models.PositiveSmallIntegerField(help_text="99: dead", verbose_name="shard"),
        ),
    ]
