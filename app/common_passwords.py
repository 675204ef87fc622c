"""Passwords that whoever guesses tries first. Pure, offline: the lists are those of the installed package zxcvbn.

What is looked up is not only the password as it stands: a listed word with a few digits or signs around it, a short
piece over and over, and letters that follow one another are guessed as early (docs/threats.md, A10).
"""

import re
from functools import cache
from itertools import pairwise

from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST_WORD = 4
MOST_AROUND = 6
LONGEST_PIECE = 6
_AROUND = re.compile(r"^[\W\d_]*|[\W\d_]*$")


def is_common(password: str) -> bool:
    """Whether the password is listed, or is one of the patterns above."""
    folded = password.casefold()
    return folded in _listed() or _is_listed_word(folded) or _is_repeated(folded) or _is_counted(folded)


@cache
def _listed() -> frozenset[str]:
    lists = FREQUENCY_LISTS.values()
    return frozenset(word for words in lists for word in (words.split(",") if isinstance(words, str) else words))


def _is_listed_word(folded: str) -> bool:
    word = _AROUND.sub("", folded)
    return len(word) >= SHORTEST_WORD and len(folded) - len(word) <= MOST_AROUND and word in _listed()


def _is_repeated(folded: str) -> bool:
    half = len(folded) // 2
    pieces = {folded[:length] for length in range(1, min(LONGEST_PIECE, half) + 1)}
    if any((piece * len(folded))[: len(folded)] == folded for piece in pieces):
        return True
    return len(folded) % 2 == 0 and folded[:half] == folded[half:] and folded[:half] in _listed()


def _is_counted(folded: str) -> bool:
    """Whether each character is the one after the last, up or down; after 9 comes 0."""
    steps = {ord(after) - ord(before) for before, after in pairwise(folded)}
    return steps <= {1, -9} or steps <= {-1, 9}
