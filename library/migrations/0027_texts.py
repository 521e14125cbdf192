import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0026_loss_examples")]

    operations = [
        migrations.CreateModel(
            name="PageText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "content",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="library.content",
                    ),
                ),
            ],
            options={"ordering": ("content", "page")},
        ),
        migrations.AddIndex(
            model_name="pagetext",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="texts_words"),
        ),
        migrations.AddConstraint(
            model_name="pagetext",
            constraint=models.UniqueConstraint(
                fields=("content", "page"), name="one_text_per_page"
            ),
        ),
        # Text and words beside the rows, which a search for a frequent word looks through.
        migrations.RunSQL(
            "ALTER TABLE library_pagetext SET (toast_tuple_target = 128)",
            "ALTER TABLE library_pagetext RESET (toast_tuple_target)",
        ),
        migrations.AddField(
            model_name="content",
            name="text_read",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="chapter",
            index=models.Index(
                condition=models.Q(("format", "pdf")),
                fields=["library", "content"],
                name="chapters_of_pdf",
            ),
        ),
    ]
