from django.db import migrations

_SAID = """
    UPDATE accounts_user u SET watches_any = true
    WHERE EXISTS (SELECT FROM metadata_watch w WHERE w.user_id = u.id)
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_watches_any"), ("metadata", "0009_channels")]

    operations = [migrations.RunSQL(_SAID, migrations.RunSQL.noop)]
