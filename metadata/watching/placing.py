"""Which file of a series holds a chapter of its feed.

Pure. A file of that chapter comes before one of several, and that before one of its whole volume.
"""

from collections.abc import Iterable
from decimal import Decimal

from library.holding import span
from metadata.watching.reconciling import ONESHOT, key_of


class Places[T]:
    """The files of a series as (volume, number, title, file), to be found by what they hold. Of
    several that hold the same the last is taken."""

    def __init__(self, files: Iterable[tuple[str, str, str, T]]) -> None:
        # By number and volume, and by number alone.
        self._full: dict[str, T] = {}
        self._plain: dict[str, T] = {}
        self._several: list[tuple[str, tuple[Decimal, Decimal], T]] = []
        self._volumes: list[tuple[tuple[Decimal, Decimal], T]] = []
        for volume, number, title, file in files:
            self._full[key_of(volume, number, title, anew=True)] = file
            self._plain[key_of(volume, number, title, anew=False)] = file
            numbers, volumes = span(number), span(volume)
            if numbers and numbers[0] < numbers[1]:
                self._several.append((volume, numbers, file))
            elif not number and volumes:
                self._volumes.append((volumes, file))
            elif not number:
                self._plain[ONESHOT] = file

    def find(self, key: str, volume: str, number: str, title: str) -> T | None:
        """The file that holds a chapter; None where none does. Where each volume counts anew, as
        its key says, the same number in another volume is another chapter."""
        is_anew = bool(number) and key.startswith("v")
        found = self._full.get(key_of(volume, number, title, anew=True))
        if found is None and not is_anew:
            found = self._plain.get(key)
        numbers, volumes = span(number), span(volume)
        if found is None and numbers:
            some = ((told, file) for of, told, file in self._several if not is_anew or of == volume)
            found = next((file for told, file in some if _within(numbers, told)), None)
        if found is None and volumes:
            found = next((file for told, file in self._volumes if _within(volumes, told)), None)
        return found


def _within(inner: tuple[Decimal, Decimal], outer: tuple[Decimal, Decimal]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
