"""Where answers are kept while nothing changes; whatever a crash takes from it is made again."""

from django.db import migrations

MAKE = """
    CREATE UNLOGGED TABLE IF NOT EXISTS kiremisu_cache (
        cache_key varchar(255) NOT NULL PRIMARY KEY,
        value text NOT NULL,
        expires timestamptz NOT NULL
    );
    CREATE INDEX IF NOT EXISTS kiremisu_cache_expires ON kiremisu_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kiremisu", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MAKE, "DROP TABLE IF EXISTS kiremisu_cache"),
    ]
