from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0023_schedules"),
    ]

    operations = [
        migrations.AddField(
            model_name="series",
            name="match_score",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(fields=["match_score", "id", "library"], name="all_series_by_score"),
        ),
        migrations.AddIndex(
            model_name="chapter",
            index=models.Index(
                condition=models.Q(("missing_since__isnull", False)),
                fields=["-id"],
                name="chapters_last_missing",
            ),
        ),
    ]
