from pathlib import Path

import pytest

from tests.factories import make_library
from tests.library.scanning.driving import Shelf


@pytest.fixture
def shelf(db: None, tmp_path: Path) -> Shelf:
    root = tmp_path / "manga"
    root.mkdir()
    return Shelf(make_library(root=str(root)), root)
