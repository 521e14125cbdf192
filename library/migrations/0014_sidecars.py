import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import kiremisu.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0013_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sidecar",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kiremisu.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("source", models.CharField(max_length=20)),
                ("path", models.TextField()),
                ("size", models.PositiveBigIntegerField()),
                ("mtime_ns", models.BigIntegerField()),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("problem_detail", models.CharField(blank=True, max_length=500)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ("path", "id"),
            },
        ),
        migrations.AddField(
            model_name="chapter",
            name="by_hand",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), blank=True, default=list, editable=False
            ),
        ),
        migrations.AddField(
            model_name="chapter",
            name="sidecar",
            field=models.CharField(blank=True, editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name="chapter",
            name="sidecar_detail",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="chapter",
            name="sidecar_problem",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddIndex(
            model_name="chapter",
            index=models.Index(
                condition=models.Q(("sidecar_problem", ""), _negated=True),
                fields=["library"],
                name="chapters_misread_sidecars",
            ),
        ),
        migrations.AddField(
            model_name="sidecar",
            name="library",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sidecars",
                to="library.library",
            ),
        ),
        migrations.AddField(
            model_name="sidecar",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sidecars",
                to="library.series",
            ),
        ),
        migrations.AddIndex(
            model_name="sidecar",
            index=models.Index(
                condition=models.Q(("problem", ""), _negated=True),
                fields=["library"],
                name="sidecars_with_problem",
            ),
        ),
        migrations.AddConstraint(
            model_name="sidecar",
            constraint=models.UniqueConstraint(
                models.F("library"),
                django.db.models.functions.text.MD5("path"),
                name="one_sidecar_per_path",
            ),
        ),
    ]
