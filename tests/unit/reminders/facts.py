"""Matches to be reminded of: everything lets everything happen, but for what a test names."""

from dataclasses import fields
from datetime import date
from typing import Any

from app.reminders import MatchFacts, PrisonerFacts, SponsorFacts
from app.vocabulary import DetentionStatus, MailAccess, MailRoute, MatchState, SupportKind, VettingState

BEGAN = date(2026, 11, 1)

_SPONSOR = {
    "account_id": "account",
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
    "mail_access": MailAccess.OPEN,
    "has_address": True,
    "route": MailRoute.DIRECT,
}
_MATCH = {
    "match_id": "match",
    "kind": SupportKind.LETTER_WRITER,
    "state": MatchState.ACTIVE,
    "offered_on": BEGAN,
    "active_since": BEGAN,
    "last_letter_on": None,
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
