"""MangaDex's codes of languages, and those of everybody else (BCP 47)."""

# Romanised ones, and those whose part after the hyphen is no region.
_OTHERS = {
    "ja-ro": "ja-Latn",
    "ko-ro": "ko-Latn",
    "zh-ro": "zh-Latn",
    "es-la": "es-419",
}
_BACK = {ours: theirs for theirs, ours in _OTHERS.items()}


def ours(told: str) -> str:
    """`pt-br` → `pt-BR`, `ja-ro` → `ja-Latn`; "" for what is no code."""
    code = told.lower()
    if code in _OTHERS:
        return _OTHERS[code]
    language, _, region = code.partition("-")
    if not (language.isascii() and language.isalpha() and 2 <= len(language) <= 8):
        return ""
    is_region = region.isascii() and region.isalnum() and len(region) in {2, 3}
    return f"{language}-{region.upper()}" if is_region else language


def theirs(told: str) -> str:
    """The way back."""
    return _BACK.get(told, told.lower())
