"""Which part of a name one greets with. Pure."""

import re
from typing import Final

_PATRONYMIC: Final = re.compile(r"\w+(?:вич|ич|вна|ична|инична|віч|іч|ўна|ічна)", re.IGNORECASE)
_WITH_PATRONYMIC: Final = 3


def given_name(name: str | None) -> str | None:
    """The given name in a Cyrillic name that shows by its patronymic which part it is; None where nobody can tell.

    Lists write "Surname Given Patronymic", people "Given Patronymic Surname", and a name of two parts may be in either
    order. To greet somebody by their surname is rude, so where there is doubt the writer fills in the name.
    """
    parts = (name or "").split()
    if len(parts) != _WITH_PATRONYMIC:
        return None
    patronymic = [bool(_PATRONYMIC.fullmatch(part)) for part in parts]
    if patronymic[1:] == [False, True]:
        return parts[1]
    return parts[0] if patronymic[1:] == [True, False] else None
