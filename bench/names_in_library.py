"""How well a generated library is understood after a scan, by naming style.

    bench/names_in_library.py FOLDER [FOLDER …]

Each FOLDER holds `library/` and, beside it, the `manifest.jsonl` of who made it: one JSON
object a book with path, style, series, volume, chapter, pages. The library is scanned twice
by `manage.py scan` in a temporary data folder. Prints a table each and, last, one JSON line.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def scan(root: str) -> dict[str, float]:
    command = [sys.executable, str(ROOT / "manage.py"), "scan", root, "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def main(folders: list[str]) -> None:
    # The database is that of the temporary data folder, which the settings read at import.
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from kiremisu.server import embedded  # noqa: PLC0415

    with embedded.hold(settings.DATA_DIR):
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        from library.models import Library  # noqa: PLC0415
        from tests.library.scanning.judging import FIELDS, judge  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        found = {}
        for folder in folders:
            root = os.path.realpath(os.path.join(folder, "library"))
            first, second = scan(root), scan(root)
            verdict = judge(Library.objects.get(root=root), Path(folder) / "manifest.jsonl")
            print(f"\n{folder}\n{verdict.table()}")
            found[folder] = {
                **{field: round(verdict.share(field), 4) for field in FIELDS},
                "lost": len(verdict.lost),
                "wrong_pages": len(verdict.wrong_pages),
                "first": first,
                "second": second,
            }
        connection.close()
    print(json.dumps(found))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kiremisu-bench-") as temporary:
        os.environ["KIREMISU_DATA_DIR"] = temporary
        os.environ["DJANGO_SETTINGS_MODULE"] = "kiremisu.settings"
        os.environ["KIREMISU_ENRICH"] = "no"
        main(sys.argv[1:])
