"""Files of JSON, written so that people can read and compare them line by line. Pure.

The same parts give the same bytes.
"""

from collections.abc import Mapping, Sequence


def lines(rows: Sequence[str]) -> str:
    """A list of values that are JSON already, one a line."""
    return "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"


def written(parts: Mapping[str, str]) -> bytes:
    """An object of values that are JSON already, one a line, as a file."""
    return ("{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n").encode()
