from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0017_findings")]

    operations = [
        migrations.AddField(
            model_name="series",
            name="other_keys",
            field=ArrayField(
                models.CharField(max_length=500), blank=True, default=list, editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="series",
            index=GinIndex(fields=["other_keys"], name="series_other_keys"),
        ),
    ]
