"""`manage.py rotate_secrets`: seal every secret anew under the server's newest key."""

from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from kiremisu.accounts import vault


class Command(BaseCommand):
    help = "Encrypt every kept secret anew under the newest key; the old keys are not needed then."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = vault.rotate()
        self.stdout.write(f"{done} encrypted anew.")
        if lost:
            raise CommandError(f"No key of this server opens {', '.join(lost)}. Set them again.")
