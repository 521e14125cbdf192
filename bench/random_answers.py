"""Whether anything that MangaDex may answer breaks the client: Prism makes answers up.

    bench/random_answers.py DESCRIPTION [--times 1000] [--prism PATH]

DESCRIPTION is the site's OpenAPI document. Prism (the npm package @stoplight/prism-cli) serves it
on this machine, first with its recorded examples, then with random answers that are true to it;
the client asks for something else each time. A refusal with a code is an answer; anything else is
a fault. Prints the outcomes and, last, one JSON line. Ends with 1 when there was a fault.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import sys
from pathlib import Path

from serving import data_folder, database


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("description", type=Path)
    options.add_argument("--times", type=int, default=1000)
    options.add_argument("--prism", default="prism", help="the program")
    asked = options.parse_args()
    with data_folder() as folder, database(folder):
        from django.conf import settings
        from django.core.management import call_command

        # Before the second belt is put on with it.
        settings.UPSTREAM_WINDOW = settings.UPSTREAM_PAUSE = settings.UPSTREAM_BACKOFF = 0.0
        from metadata.providers import mangadex
        from tests.upstream.prism import ask, prism

        # What is said of how many there are is random, too: nobody pages to the ten-thousandth.
        mangadex._DEEPEST = 500
        call_command("migrate", verbosity=0)
        told = {}
        for name, times, at_random in (("recorded", 16, False), ("random", asked.times, True)):
            with prism(asked.prism, asked.description, at_random=at_random) as url:
                settings.MANGADEX_URL = url
                told[name] = ask(times)
            for outcome, count in told[name].most_common():
                print(f"{name:10} {count:6} {outcome}", flush=True)
    print(json.dumps(told))
    return int(any(outcome.startswith("fault") for found in told.values() for outcome in found))


if __name__ == "__main__":
    sys.exit(main())
