"""What people type, made harmless before it is kept: one line stays one line, control characters go."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_KEPT_CONTROLS = frozenset("\n\t")


def clean_line(value: str | None) -> str | None:
    """One line: every run of white space, line ends of every script included, becomes one space; controls go."""
    if value is None:
        return None
    return _without_controls(_SPACES.sub(" ", value)).strip()


def clean_text(value: str | None) -> str | None:
    """Lines of text: line ends become `\\n`, other control characters go."""
    if value is None:
        return None
    return _without_controls("\n".join(value.splitlines())).strip()


def _without_controls(value: str) -> str:
    return "".join(c for c in value if c in _KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
