"""How an invented prisoner is held at first: status, place, verdict and sentence, which have to fit one another. Pure.

What happens to them later, `app.demo.events` invents.
"""

from datetime import date, timedelta

from app.demo.dice import Dice
from app.demo.people import Custody
from app.demo.places import facilities
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus, FacilityKind

_STATUSES = {
    DetentionStatus.CONVICTED: 0.81,
    DetentionStatus.AWAITING_TRIAL: 0.13,
    DetentionStatus.HOME_CONFINEMENT: 0.04,
    DetentionStatus.UNKNOWN: 0.02,
}
_KINDS_AFTER_VERDICT = {
    FacilityKind.COLONY: 0.66,
    FacilityKind.PRISON: 0.13,
    FacilityKind.OPEN_FACILITY: 0.2,
    FacilityKind.HOSPITAL: 0.01,
}
_PENALTIES = {
    FacilityKind.COLONY: "penal colony under the general regime",
    FacilityKind.PRISON: "prison regime",
    FacilityKind.OPEN_FACILITY: "restriction of liberty in an open facility",
    FacilityKind.HOSPITAL: "compulsory treatment",
}
_AT_HOME = "restriction of liberty at home"
_ARTICLES = ("342", "368", "369", "130", "361", "293", "364", "188")
_LONGEST_WITHOUT_TRIAL = timedelta(days=400)
_LONGEST_HALF_YEARS = 28


def invent(arrested: date, *, until: date, dice: Dice) -> Custody:
    """The custody of somebody who was arrested on a day and held at least until another."""
    status = dice.weighted(_STATUSES)
    articles = tuple(dice.shuffled(_ARTICLES)[: dice.whole(1, 3)])
    tried = until - arrested > timedelta(days=60)
    if not tried or (status is DetentionStatus.AWAITING_TRIAL and until - arrested < _LONGEST_WITHOUT_TRIAL):
        place = _place_of(FacilityKind.PRETRIAL, dice)
        return Custody(detention_status=DetentionStatus.AWAITING_TRIAL, facility=place, articles=articles)
    status = DetentionStatus.CONVICTED if status is DetentionStatus.AWAITING_TRIAL else status
    half_years = _half_years(arrested, until, dice)
    verdict = min(arrested + dice.within(timedelta(days=50), timedelta(days=300)), until - timedelta(days=1))
    at_home = status is DetentionStatus.HOME_CONFINEMENT
    kind = dice.weighted(_KINDS_AFTER_VERDICT)
    nowhere = at_home or status is DetentionStatus.UNKNOWN
    return Custody(
        detention_status=status,
        facility=None if nowhere else _place_of(kind, dice),
        articles=articles,
        verdict_on=PartialDate.of(verdict),
        sentence=_in_words(half_years),
        sentence_years=half_years / 2,
        penalty=_AT_HOME if at_home else _PENALTIES[kind],
    )


def _half_years(arrested: date, until: date, dice: Dice) -> int:
    """A sentence that is not over yet: mostly two to six years, now and then over ten."""
    rolled = dice.weighted(
        {dice.whole(3, 12): 0.75, dice.whole(13, 20): 0.17, dice.whole(21, _LONGEST_HALF_YEARS): 0.08}
    )
    served = (until - arrested).days * 2 // 365
    return max(rolled, served + dice.whole(1, 6))


def _in_words(half_years: int) -> str:
    years, half = divmod(half_years, 2)
    parts = [f"{years} years" if years > 1 else "1 year"] if years else []
    return " ".join(parts + ["6 months"] * half)


def _place_of(kind: FacilityKind, dice: Dice) -> int:
    return dice.pick([place for place, facility in enumerate(facilities()) if facility.kind is kind])
