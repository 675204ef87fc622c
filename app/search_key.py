"""How names are compared when a person searches for them. Pure.

SQLite does not fold the case of Cyrillic, and one name is met in Cyrillic, in Belarusian Latin and in English
transliteration. So every name is also kept as a key in plain Latin letters, and a search compares keys.
"""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "ё": "e", "ж": "z", "з": "z",
        "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "h", "ц": "c", "ч": "c", "ш": "s",
        "щ": "s", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia", "є": "e", "ł": "l", "đ": "d",
        "'": "", "’": "", "ʼ": "",
    }
)  # fmt: skip

# Spellings of one sound in the transliterations that lists use, brought to the letter used above.
_SPELLINGS = (
    ("kh", "h"), ("ch", "c"), ("sh", "s"), ("zh", "z"), ("ts", "c"), ("tz", "c"),
    ("g", "h"), ("w", "v"), ("y", "i"), ("j", "i"), ("x", "ks"), ("dz", "d"),
)  # fmt: skip
_DOUBLES = re.compile(r"(.)\1+")
_NOT_LETTERS = re.compile(r"[^\w]+")


def search_key(*texts: str | None) -> str:
    """The key of one or more names: lower-case, without marks, one spelling for a sound, words parted by one space."""
    return " ".join(filter(None, (_key(text) for text in texts if text)))


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    for spelling, letter in _SPELLINGS:
        bare = bare.replace(spelling, letter)
    return _DOUBLES.sub(r"\1", _NOT_LETTERS.sub(" ", bare)).strip()
