"""File names as text that a database can hold, and back."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiremisu.lib.paths import on_disk, storable

pytestmark = pytest.mark.quick


def test_an_ordinary_name_stays_as_it_is() -> None:
    assert storable("夜空/第01巻.cbz") == "夜空/第01巻.cbz"


def test_a_name_that_is_no_utf8_can_be_stored_and_found_again() -> None:
    name = os.fsdecode(b"caf\xe9.cbz")
    assert storable(name).encode("utf-8")
    assert on_disk(storable(name)) == name


def test_a_real_character_of_the_private_range_is_not_taken_for_a_byte() -> None:
    assert on_disk(storable("a\uf7e9b")) == "a\uf7e9b"


@given(st.binary(max_size=60))
def test_every_name_comes_back_as_it_was(raw: bytes) -> None:
    name = os.fsdecode(raw)
    assert os.fsencode(on_disk(storable(name))) == raw
    storable(name).encode("utf-8")
