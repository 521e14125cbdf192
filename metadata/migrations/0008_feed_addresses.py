"""An address ends with the number of its owner's sign-ins, not with how a password is kept."""

import hashlib

from django.db import migrations, models


def _told(user):
    return hashlib.sha256(f"{user.sign_in_version}:{user.password}".encode()).hexdigest()


def carry(apps, schema_editor):  # noqa: ARG001 - Django calls it so
    for each in apps.get_model("metadata", "Subscription").objects.select_related("user"):
        if each.sign_in != _told(each.user):
            each.delete()
            continue
        each.sign_in_version = each.user.sign_in_version
        each.save()


def carry_back(apps, schema_editor):  # noqa: ARG001 - Django calls it so
    for each in apps.get_model("metadata", "Subscription").objects.select_related("user"):
        if each.sign_in_version == each.user.sign_in_version:
            each.sign_in = _told(each.user)
            each.save()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_secrets"), ("metadata", "0007_weak_matches")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="sign_in_version",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="subscription",
            name="sign_in",
            field=models.CharField(max_length=64, default=""),
        ),
        migrations.RunPython(carry, carry_back),
        migrations.RemoveField(model_name="subscription", name="sign_in"),
    ]
