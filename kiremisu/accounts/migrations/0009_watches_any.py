from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_secrets")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="watches_any",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
