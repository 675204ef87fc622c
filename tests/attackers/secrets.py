"""A programme in which every restricted field holds a canary: a string that stands nowhere else.

`SEALED` may be read in no stolen byte. `RESTRICTED` are words that some of the staff read, and no sponsor and no
stranger.
"""

from dataclasses import dataclass
from typing import Any, Final

from app.models import Account, Match, Prisoner, Sponsor
from app.vocabulary import Fact, MatchState, Publicity, SponsorRole, StaffRole
from tests.factories import (
    make_account,
    make_closing,
    make_contact,
    make_coordinator,
    make_letter,
    make_match,
    make_office_of,
    make_official_address,
    make_opening,
    make_prisoner,
    make_second_factor,
    make_sponsor,
    writing,
)

MARK: Final = "canary7"

CONTACT: Final[dict[str, Any]] = {
    field: f"{MARK}.contact.{field}" for field in ("name", "language", "reach", "may_say", "agreement")
}
ADDRESSES: Final = {who: f"{MARK}.{who}@mailbox.example" for who in ("sponsor", "office", "foreign", "coordinator")}
SEED: Final = "KNQXGZLTONUW63TJNZ2GK4TFOQ======"
"""Of somebody's second factor. No marker fits into one."""

SEALED: Final = (
    *CONTACT.values(),
    *ADDRESSES.values(),
    SEED,
    f"{MARK}.opened",
    f"{MARK}.conflict",
    f"{MARK}.vetting",
    f"{MARK}.decline",
    f"{MARK}.note",
    f"{MARK}.closing",
    f"{MARK}.official@parliament.example",
    f"{MARK}.fact",
)
RESTRICTED: Final = (
    *(canary for canary in SEALED if canary != ADDRESSES["sponsor"]),
    f"{MARK}.case",
    f"{MARK}.home",
    f"{MARK} Unpublished",
    f"{MARK} Foreign",
)


@dataclass(frozen=True)
class Programme:
    """Whom an attacker may be, and whom they may go for."""

    sponsor: Sponsor
    match: Match
    prisoner: Prisoner
    unpublished: Prisoner
    foreign: Sponsor
    coordinator: Account


def plant() -> Programme:
    """A sponsor who stands by somebody, somebody whose case nobody may know, and a sponsor of another region."""
    prisoner = _prisoner(f"{MARK} Public", publicity=Publicity.PUBLIC)
    unpublished = _prisoner(f"{MARK} Unpublished", publicity=Publicity.COORDINATORS_ONLY)
    sponsor = make_sponsor(
        email=ADDRESSES["sponsor"],
        country="FR",
        role=SponsorRole.PARLIAMENTARIAN,
        conflict_notes=f"{MARK}.conflict",
        vetting_reason=f"{MARK}.vetting",
    )
    match = make_match(sponsor=sponsor, prisoner=prisoner, state=MatchState.ACTIVE, coordinator_note=f"{MARK}.note")
    make_letter(match=match)
    foreign = make_sponsor(email=ADDRESSES["foreign"], name=f"{MARK} Foreign", country="DE")
    make_match(sponsor=foreign, prisoner=unpublished, state=MatchState.DECLINED, decline_note=f"{MARK}.decline")
    make_second_factor(sponsor.account, seed=SEED)
    coordinator = make_coordinator(
        email=ADDRESSES["coordinator"], regions=["FR"], caseload=[prisoner], roles=[StaffRole.COORDINATOR]
    )
    _plant_more(sponsor, unpublished)
    return Programme(sponsor, match, prisoner, unpublished, foreign, coordinator)


def _plant_more(sponsor: Sponsor, unpublished: Prisoner) -> None:
    make_opening(make_contact(prisoner=unpublished, **CONTACT), words=f"{MARK}.opened")
    make_office_of(sponsor, account=make_account(email=ADDRESSES["office"]))
    named = {"address": f"{MARK}.official@parliament.example", "confirmed_at": None, "digest": None}
    make_official_address(sponsor, **named)
    make_closing(make_sponsor().account, reason=f"{MARK}.closing")


def _prisoner(name: str, **changes: Any) -> Prisoner:
    prisoner = make_prisoner(
        name=name,
        name_latin=name,
        name_cyrillic=None,
        case_code=f"{MARK}.case",
        home_area=f"{MARK}.home",
        facts=[Fact.SERIOUS_ILLNESS],
        **changes,
    )
    with writing():
        for fact in prisoner.facts:
            fact.source = f"{MARK}.fact"
    return prisoner


def told(text: str, of: tuple[str, ...] = RESTRICTED) -> list[str]:
    """Which of the canaries stand in the text, however it is spelt."""
    return [canary for canary in of if canary.casefold() in text.casefold()]
