"""The priority tier of a prisoner, from vulnerability facts and whole dates. Pure.

Ages come from whole dates only: a partial date gives no points.
"""

from datetime import date

from app.matching.anniversaries import anniversary, whole_years
from app.matching.facts import PrisonerFacts
from app.matching.policy import Policy
from app.vocabulary import Fact, MailAccess

TIERS = 6
"""Tiers run from 0, the most urgent, to 5."""

LONG_SENTENCE_YEARS = 10
LONG_HELD_YEARS = 3
ADULT_AGE = 18
OLD_AGE = 60


def vulnerability(prisoner: PrisonerFacts, *, on: date, policy: Policy) -> dict[str, int]:
    """The points of every vulnerability fact and date that holds on the day, by name, in the policy's order."""
    held = {fact.value for fact in prisoner.facts}
    if prisoner.mail_access is MailAccess.INCOMMUNICADO:
        held.add(Fact.INCOMMUNICADO.value)
    held |= _from_dates(prisoner, on)
    if has_long_sentence(prisoner):
        held.add("long_sentence")
    return {name: points for name, points in vars(policy.tier).items() if name in held}


def tier_of(prisoner: PrisonerFacts, *, on: date, policy: Policy) -> int:
    """The tier on the day, 0 (most urgent) to 5; a pinned tier wins."""
    if prisoner.pinned_tier is not None:
        return prisoner.pinned_tier
    points = sum(vulnerability(prisoner, on=on, policy=policy).values())
    return sum(points < floor for floor in policy.tier_floors)


def age_on(prisoner: PrisonerFacts, on: date) -> int | None:
    """Age in whole years on a day, or None where the birth date is unknown or partial."""
    born = prisoner.birth_date.whole if prisoner.birth_date else None
    return whole_years(born, on) if born else None


def has_long_sentence(prisoner: PrisonerFacts) -> bool:
    """Whether the sentence is over ten years."""
    return prisoner.sentence_years is not None and prisoner.sentence_years > LONG_SENTENCE_YEARS


def _from_dates(prisoner: PrisonerFacts, on: date) -> set[str]:
    arrested = prisoner.arrested_on.whole if prisoner.arrested_on else None
    age_now = age_on(prisoner, on)
    age_then = age_on(prisoner, arrested) if arrested else None
    holds = {
        "aged_60_or_over": age_now is not None and age_now >= OLD_AGE,
        "under_18_at_arrest": age_then is not None and age_then < ADULT_AGE,
        "long_held": arrested is not None and _is_long_since(arrested, on),
    }
    return {name for name, true in holds.items() if true}


def _is_long_since(arrested: date, on: date) -> bool:
    """Whether the third anniversary has passed; asked for only where it has come: the calendar ends with 9999."""
    return whole_years(arrested, on) >= LONG_HELD_YEARS and on > anniversary(arrested, LONG_HELD_YEARS)
