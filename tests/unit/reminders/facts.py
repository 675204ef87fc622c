"""Matches to be reminded of: everything lets everything happen, but for what a test names."""

from dataclasses import fields
from datetime import date
from typing import Any

from app.reminders import MatchFacts, PrisonerFacts, SponsorFacts, Supporter
from app.vocabulary import (
    DetentionStatus,
    MailAccess,
    MailRoute,
    MatchState,
    Publicity,
    SponsorRole,
    SupportKind,
    VettingState,
)

BEGAN = date(2026, 11, 1)

_SPONSOR = {
    "sponsor_id": "sponsor",
    "account_id": "account",
    "role": SponsorRole.VOLUNTEER,
    "idea_weeks": 4,
    "mandate_ends": None,
    "consented_on": BEGAN,
    "last_sign_on": BEGAN,
    "mourning_since": None,
    "time_zone": "Europe/Berlin",
    "letters_a_month": 2,
    "vetting_state": VettingState.VETTED,
    "address_confirmed": True,
    "disabled": False,
    "paused": False,
    "resumes_on": None,
    "quiet_days": frozenset(),
    "unwanted": frozenset(),
    "held": False,
    "available_from": None,
    "available_until": None,
}
_PRISONER = {
    "detention_status": DetentionStatus.CONVICTED,
    "died": False,
    "held": False,
    "birthday": None,
    "arrested_on": None,
    "is_woman": False,
    "publicity": Publicity.PUBLIC,
    "mail_access": MailAccess.OPEN,
    "has_address": True,
    "address_verified_on": BEGAN,
    "route": MailRoute.DIRECT,
}
_MATCH = {
    "match_id": "match",
    "kind": SupportKind.LETTER_WRITER,
    "state": MatchState.ACTIVE,
    "offered_on": BEGAN,
    "active_since": BEGAN,
    "last_letter_on": None,
    "silent": False,
}


def match(**changes: Any) -> MatchFacts:
    """An active match of a letter writer who writes every fifteen days; each change goes to the side that has it.

    `held` is the sponsor's, `prisoner_held` the prisoner's.
    """
    prisoner = {name: value for name, value in changes.items() if name in _PRISONER and name != "held"}
    if "prisoner_held" in changes:
        prisoner["held"] = changes["prisoner_held"]
    sponsor = {field.name: changes[field.name] for field in fields(SponsorFacts) if field.name in changes}
    own = {name: value for name, value in changes.items() if name in _MATCH}
    return MatchFacts(
        **_MATCH | own, sponsor=SponsorFacts(**_SPONSOR | sponsor), prisoner=PrisonerFacts(**_PRISONER | prisoner)
    )


def supporter(*matches: MatchFacts, **changes: Any) -> Supporter:
    """A sponsor with these matches, or with one that is active; each change goes to the side that has it."""
    matches = matches or (match(**changes),)
    return Supporter(sponsor=matches[0].sponsor, matches=matches)
