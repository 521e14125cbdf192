"""What a file is, by its bytes and never by its name."""

from library.archives.tars import is_header

HEAD = 1024
_MAGIC = (
    (b"PK\3\4", "zip"),
    (b"PK\5\6", "zip"),
    (b"PK\7\x08", "zip"),
    (b"PK00PK", "zip"),
    (b"Rar!\x1a\7", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
)


def recognised(head: bytes) -> str:
    """The format of a file by its first `HEAD` bytes, or nothing when they do not tell."""
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if b"%PDF-" in head:
        return "pdf"
    return "tar" if is_header(head[:512]) else ""
