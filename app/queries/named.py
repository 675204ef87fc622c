"""Whom a text names, of the people whom its editor may see (docs/threats.md, Z5).

Only of these: an answer about anybody else would tell whoever tries out names who is here.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from typing import Final

from sqlalchemy import and_, false, select

from app.database import session
from app.models import Prisoner, Sponsor
from app.permissions import Viewer
from app.queries.scope import prisoners_of, sponsors_of
from app.search_key import search_key
from app.vocabulary import StaffRole, VettingState

SHORTEST_WORD: Final = 2
"""Initials and articles of one letter name nobody."""

Pair = frozenset[str]


def named_in(texts: Mapping[str, str], *, viewer: Viewer, usual: Iterable[str]) -> dict[str, str]:
    """By the name of the text, the words of it that are somebody's name; nothing for one that names nobody.

    Two words of one name that stand side by side, in either order, name their bearer. `usual` are texts whose words
    mean nobody, whatever people are called.
    """
    meaningless = {pair for text in usual for pair in _pairs(text)}
    names = _names(viewer)
    found = {name: _first_named(text, names, meaningless) for name, text in texts.items()}
    return {name: words for name, words in found.items() if words}


def _first_named(text: str, names: list[str], meaningless: set[Pair]) -> str:
    pairs = {pair: words for pair, words in _pairs(text).items() if pair not in meaningless}
    if not pairs:
        return ""
    each = (frozenset(two) for name in names for two in combinations(set(name.split()), 2))
    return next((pairs[pair] for pair in each if pair in pairs), "")


def _pairs(text: str) -> dict[Pair, str]:
    """The words that stand side by side, as they are compared, and as they were written."""
    words = [(key, word) for word in text.split() for key in search_key(word).split() if len(key) >= SHORTEST_WORD]
    return {
        frozenset((one, other)): written if written == after else f"{written} {after}"
        for (one, written), (other, after) in pairwise(words)
    }


def _names(viewer: Viewer) -> list[str]:
    """The names, as they are compared, of the viewer's prisoners and vetted sponsors.

    Somebody who only signed up chose their name themselves, and would keep a text from being saved. The invented count
    like anybody: left out, they would be known by it.
    """
    is_coordinator = StaffRole.COORDINATOR in viewer.roles
    vetted = and_(sponsors_of(viewer), Sponsor.vetting_state == VettingState.VETTED) if is_coordinator else false()
    prisoners = select(Prisoner.search_key).where(prisoners_of(viewer))
    return list(session().scalars(prisoners.union_all(select(Sponsor.search_key).where(vetted))))
