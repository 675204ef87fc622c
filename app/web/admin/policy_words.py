"""What the numbers of a policy are called on a page, group by group, by their places (`app.matching.policy`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Group:
    """Numbers that belong together: `start` is how their places begin."""

    start: str
    title: LazyString
    about: LazyString

    def places(self, numbers: Iterable[str]) -> list[str]:
        """Those of the places that belong here."""
        return [place for place in numbers if place.startswith(self.start)]


GROUPS: Final = (
    Group(
        "tier.",
        _l("Urgency: points for each fact"),
        _l("A prisoner's points together decide the tier. The most urgent tier gets its first supporters first."),
    ),
    Group(
        "tier_floors",
        _l("Tiers: points that each begins with"),
        _l("They must fall from tier to tier. Whoever has fewer points than tier 4 asks for is in tier 5."),
    ),
    Group(
        "fit.",
        _l("Fit: points for what suits"),
        _l("They decide between pairs once nobody more can be reached. The best of all together stays under 100."),
    ),
    Group(
        "seat.",
        _l("Further seats"),
        _l("What a second and a third supporter of the same kind are worth, so that the few are not showered."),
    ),
    Group("waiting", _l("Waiting"), _l("Among plans that are equally good, whoever waits longest comes first.")),
    Group(
        "hard_rules.", _l("Hard rules"), _l("What forbids a pair outright. The other hard rules are not to be moved.")
    ),
)

_TIER: Final[Mapping[str, LazyString]] = {
    "serious_illness": _l("Seriously ill"),
    "under_18_at_arrest": _l("Under 18 at arrest"),
    "hunger_strike": _l("On hunger strike"),
    "disability": _l("Lives with a disability"),
    "both_parents_held": _l("Both parents held"),
    "incommunicado": _l("Cut off from the world"),
    "mental_disorder": _l("Mental disorder"),
    "aged_60_or_over": _l("60 or over"),
    "small_children": _l("Small children or a large family"),
    "long_sentence": _l("A sentence of more than ten years"),
    "long_held": _l("Held for more than three years"),
}

_FIT: Final[Mapping[str, LazyString]] = {
    "language_fluent": _l("Language: the sponsor writes one fluently"),
    "language_basic": _l("Language: the sponsor writes one a little"),
    "language_translated": _l("Language: with help from a translator"),
    "profession_same": _l("Profession: the same group"),
    "profession_related": _l("Profession: a related group"),
    "country_spread": _l("First supporter from this country"),
    "least_support_none": _l("Nobody supports the prisoner yet"),
    "least_support_one": _l("Exactly one supports the prisoner"),
    "preference_one": _l("One wish of the sponsor is met"),
    "preference_more": _l("Two or more wishes are met"),
    "steadiness_two_years": _l("The sponsor can stay two years or longer"),
    "steadiness_one_year": _l("The sponsor can stay one year"),
    "joint_case": _l("The sponsor supports somebody of the same case"),
}

_FLOORS: Final = (
    _l("Tier 0, the most urgent, from"),
    _l("Tier 1 from"),
    _l("Tier 2 from"),
    _l("Tier 3 from"),
    _l("Tier 4 from"),
)

NUMBER_LABELS: Final[Mapping[str, LazyString]] = {
    **{f"tier.{name}": text for name, text in _TIER.items()},
    **{f"tier_floors[{tier}]": text for tier, text in enumerate(_FLOORS)},
    **{f"fit.{name}": text for name, text in _FIT.items()},
    "seat.second": _l("The second seat"),
    "seat.third": _l("The third seat"),
    "waiting_weeks_at_most": _l("Weeks of waiting that count at most"),
    "hard_rules.allow_detention_unknown": _l("Propose people of whom nobody knows whether they are still held"),
    "hard_rules.mandate_days_left": _l("Days that a mandate must still last"),
}

RULE_LABELS: Final[Mapping[str, LazyString]] = {
    "detention_unknown": _l("nobody knows whether they are still held"),
    "not_available": _l("the mandate ends too soon"),
}
"""The hard rules that a policy can move: only these can forbid a pair under one policy and not under another."""
