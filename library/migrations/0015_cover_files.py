import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0014_sidecars"),
    ]

    operations = [
        migrations.AddField(
            model_name="sidecar",
            name="content",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sidecars",
                to="library.content",
            ),
        ),
    ]
