"""What only code of before the statuses reads: to be run when none of it runs any more. Until then
there is no harm but for the units that two indexes more cost.

There is no way back but for the indexes, which AddIndex makes again; mails' marks are in
`mails_mail` since.
"""

from django.db import migrations


class Migration(migrations.Migration):
    after_code = True  # see shop/management/commands/migrate_before_code.py
    dependencies = [
        ("orders", "0007_parcels_returns_and_entries"),
    ]

    operations = [
        migrations.RemoveIndex("order", "order_status"),
        migrations.RemoveIndex("order", "order_email"),
        migrations.RemoveField("order", "mail_claimed_at"),
        migrations.RemoveField("order", "mail_sent_at"),
        migrations.RemoveField("order", "mail_problem"),
    ]
