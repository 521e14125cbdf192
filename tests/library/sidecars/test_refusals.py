"""What sidecars are refused for, and that nothing else comes out of them."""

import gc
import tracemalloc
from random import Random

import pytest

from library.archives import LIMITS
from library.sidecars import KINDS, Misread, tell
from library.sidecars.patches import patch_of
from tests.library.sidecars.table import CASES, info

pytestmark = pytest.mark.quick

LAUGHING = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
DEEP = "<a>" * 60_000 + "</a>" * 60_000


@pytest.mark.parametrize(
    ("source", "data", "code"),
    [
        ("comicinfo", b" \n", "empty"),
        ("comicinfo", info("<Title>&b;</Title>", LAUGHING), "has_dtd"),
        ("comicinfo", info("", '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/a.dtd">'), "has_dtd"),
        ("comicinfo", info(DEEP), "too_deep"),
        ("comicinfo", info("<Title>Half</Title>")[:-15], "not_xml"),
        ("comicinfo", info("<Title>a&#0;b</Title>"), "not_xml"),
        ("comicinfo", b"<ComicInfo><Title>Caf\xe9</Title></ComicInfo>", "not_xml"),
        ("comicinfo", b'<?xml version="1.0" encoding="klingon"?><ComicInfo/>', "not_xml"),
        ("comicinfo", b"<html><body/></html>", "not_known"),
        ("comicinfo", b"<html><body><ComicInfo/></body></html>", "not_known"),
        ("series.json", b"{", "not_json"),
        ("series.json", b"[" * 100_000, "not_json"),
        ("series.json", b"\xff\xfe{", "not_json"),
        ("series.json", b"[]", "not_known"),
        ("series.json", b'{"metadata": 3}', "not_known"),
        ("details.json", b"3", "not_known"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_code(source: str, data: bytes, code: str) -> None:
    with pytest.raises(Misread) as caught:
        tell(source, data)
    assert caught.value.code == code


def test_a_sidecar_has_a_largest_size() -> None:
    data = info("<Title>Tides</Title>")
    data += b" " * (LIMITS.sidecar_bytes - len(data))
    assert tell("comicinfo", data).about.title == "Tides"
    with pytest.raises(Misread, match="too_large"):
        tell("comicinfo", data + b" ")


def test_what_is_told_is_bounded() -> None:
    genres = ",".join(f"g{number}" for number in range(40_000))
    told = tell("comicinfo", info(f"<Genre>{genres}</Genre><Summary>{'A' * 900_000}</Summary>"))
    patch = patch_of(told.facts)
    assert (len(patch.genres or ()), len(patch.summary or "")) == (20, 5000)


def test_what_no_patch_takes_is_left_out() -> None:
    patch = patch_of({"summary": "Of salt.", "year": "soon", "people": [{"name": "", "role": "x"}]})
    assert (patch.summary, patch.year, patch.people) == ("Of salt.", None, None)


@pytest.mark.parametrize("seed", range(4))
def test_noise_in_a_sidecar_never_escapes(seed: int) -> None:
    random = Random(seed)
    for case in CASES:
        for _ in range(5):
            data = bytearray(case.data)
            for _ in range(random.choice([1, 3, 20])):
                data[random.randrange(len(data))] = random.randrange(256)
            try:
                patch_of(tell(KINDS[case.file.lower()], bytes(data)).facts)
            except Misread:
                continue


def test_a_sidecar_takes_little_memory() -> None:
    data = info("<a/>" * 50_000)
    gc.collect()
    tracemalloc.start()
    tell("comicinfo", data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 << 20
