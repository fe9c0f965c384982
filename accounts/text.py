"""Normalises what people type, so that two spellings of one identity are one identity."""

import unicodedata

_FOLDED = str.maketrans({"\u0131": "i", "\u0130": "I"})
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs"}
# Letters, marks and fillers that show nothing but carry another category than Cf.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


def clean(value: str) -> str:
    """The same text without invisible characters and compatibility forms, case kept."""
    visible = "".join(
        " " if char in "\t\n\r" else char
        for char in value
        if char in "\t\n\r" or not (unicodedata.category(char) in _INVISIBLE or char in _BLANK)
    )
    folded = unicodedata.normalize("NFKC", visible).translate(_FOLDED)
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def key(value: str) -> str:
    """The form under which identifiers are compared and kept unique.

    Equal for spellings that differ by case, compatibility form, invisible characters or the
    dotted and dotless i. Applying it twice changes nothing.
    """
    previous, current = value, _fold(value)
    while current != previous:
        previous, current = current, _fold(current)
    return current


def row_key(value: str) -> int | None:
    """The number in a text that may be the key of a row; None for anything else.

    Also for more digits than a key has: Python refuses to read some thousands of them.
    """
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def _fold(value: str) -> str:
    return clean(clean(value).casefold()).replace("i\u0307", "i")
