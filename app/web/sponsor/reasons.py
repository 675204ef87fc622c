"""Why two people were matched, as the sponsor is told: the fit terms in words, no points, no tier, no hidden fact."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.models import Match

SENTENCES: Mapping[str, LazyString] = {
    "language": _l("You write a language that is passed on to them."),
    "profession": _l("Your lines of work are the same, or close."),
    "country_spread": _l("Nobody else from your country stood by them."),
    "least_support": _l("They have hardly anyone yet."),
    "preference": _l("They are somebody you wished for when you signed up."),
    "steadiness": _l("You can stay for a long time."),
    "joint_case": _l("You stand by somebody of the same case."),
}


def reasons(match: Match) -> list[LazyString]:
    """A sentence for each term that gave the pair points, the weightiest first."""
    by_weight = sorted(match.terms.items(), key=lambda term: (-term[1], term[0]))
    return [SENTENCES[name] for name, points in by_weight if points > 0 and name in SENTENCES]
