"""7z and CB7, listed by 7-Zip."""

from collections import Counter
from collections.abc import Iterator

from library.archives import tool
from library.archives.book import Entry, Listing
from library.archives.choosing import choose
from library.archives.limits import Limits
from library.archives.naming import shown_name

_START = "\n----------\n"


def listing(descriptor: int, limits: Limits) -> Listing:
    """The book in this 7z file."""
    head, _, table = tool.table(descriptor, "7z", limits).partition(_START)
    solid = "\nSolid = +" in head
    return choose("7z", _entries(list(_records(table))), limits, solid=solid)


def _records(table: str) -> Iterator[dict[str, str]]:
    for block in table.split("\n\n"):
        fields = dict(line.partition(" = ")[::2] for line in block.splitlines())
        if fields.get("Path"):
            yield fields


def _entries(records: list[dict[str, str]]) -> Iterator[Entry]:
    """Files only. What a file shares of its block's packed size is by its own size."""
    packed: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for record in records:
        packed[record.get("Block", "")] += _number(record, "Packed Size")
        sizes[record.get("Block", "")] += _number(record, "Size")
    offset = 0
    for record in records:
        attributes = record.get("Attributes", "")
        if attributes.startswith("D"):
            continue
        size, block = _number(record, "Size"), record.get("Block", "")
        share = packed[block] * size // max(sizes[block], 1)
        is_link = attributes.rpartition(" ")[2].startswith("l")
        fault = "link" if is_link else "locked" if record.get("Encrypted") == "+" else ""
        name = shown_name(record["Path"].encode(), utf8=True)
        yield Entry(name, offset, share, size, 0, int(record.get("CRC") or "0", 16), fault)
        offset += size


def _number(record: dict[str, str], key: str) -> int:
    return int(record.get(key) or "0")
