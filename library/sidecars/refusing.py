"""Why a sidecar cannot be read: a stable code and a sentence for each."""

from kiremisu.lib.text import clean

SENTENCES: dict[str, str] = {
    "empty": "It is empty.",
    "too_large": "It is larger than such a file may be.",
    "packed_badly": "It cannot be unpacked.",
    "unreadable": "The disk did not give it up.",
    "not_xml": "It is no well-formed XML.",
    "not_json": "It is no JSON.",
    "has_dtd": "It declares a document type or entities, which are not read.",
    "too_deep": "Its elements lie too deep within each other.",
    "not_known": "It is not what its name says.",
    "no_picture": "It is no picture that can be shown.",
    "crashed": "What reads it gave up.",
    # of those in folders
    "no_series": "No file of a series lies with it.",
    "several_series": "The files that lie with it are of several series.",
}


class Misread(Exception):
    """A sidecar that cannot be read; nobody is refused anything for it. `code` is one of
    SENTENCES, `detail` its sentence with what more is known."""

    def __init__(self, code: str, more: str = "") -> None:
        sentence = SENTENCES[code]
        super().__init__(code)
        self.code = code
        self.detail = clean(f"{sentence} ({more})" if more else sentence, 500)
