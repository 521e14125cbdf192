"""Books below a folder, for a probe: a plain walk that follows no link."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from library.archives.naming import is_book_name, is_image_name, is_unfinished

_FOLDERS = 100_000  # walked at most


@dataclass(slots=True)
class Shelf:
    """The books of a folder tree.

    While `books` is drawn, `left_out` counts links, faults and unfinished books.
    """

    path: str
    left_out: int = 0

    def books(self) -> Iterator[str]:
        """Paths of files with a book's name and of image folders, in the order of names."""
        waiting, walked = [self.path], 0
        while waiting and walked < _FOLDERS:
            folder, walked = waiting.pop(), walked + 1
            files, folders = self._read(folder)
            books = [name for name in files if is_book_name(name)]
            self.left_out += sum(is_unfinished(name) for name in files)
            yield from (os.path.join(folder, name) for name in books)
            if not books and any(is_image_name(name) for name in files):
                yield folder
            waiting += [os.path.join(folder, name) for name in reversed(folders)]

    def _read(self, folder: str) -> tuple[list[str], list[str]]:
        files, folders = [], []
        try:
            with os.scandir(folder) as found:
                for each in sorted(found, key=lambda each: each.name):
                    if each.is_symlink():
                        self.left_out += 1
                    elif each.is_dir(follow_symlinks=False):
                        folders.append(each.name)
                    else:
                        files.append(each.name)
        except OSError:  # no permission, gone meanwhile, too long a path
            self.left_out += 1
        return files, [name for name in folders if not name.startswith(".")]
