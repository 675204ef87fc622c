"""Who must not be reminded: asked when a reminder is queued, and again when it is sent (M3). Pure.

Reasons are one word each; the outbox keeps them and `flask reminders schedule` counts them.
"""

from collections.abc import Iterator
from datetime import date

from app.reminders.facts import MatchFacts, PrisonerFacts, SponsorFacts
from app.reminders.occasions import Occasion
from app.reminders.rhythm import stands
from app.vocabulary import NO_LONGER_HELD, DetentionStatus, MailRoute, ReminderKind, VettingState

WHEREABOUTS_UNKNOWN = frozenset({DetentionStatus.IN_TRANSFER, DetentionStatus.UNKNOWN})
"""Mail stays behind on a transfer (domain.md, letters 10)."""

ABOUT_POST = frozenset({ReminderKind.LETTER_DUE, ReminderKind.BIRTHDAY_AHEAD})


def why_not(occasion: Occasion, match: MatchFacts, *, on: date) -> str | None:
    """Why a reminder of the occasion must not go on that day, or None.

    `stale`: it is too late for it. `no_longer_due`: a letter was sent, the offer answered, or the match has changed.
    """
    if occasion.is_stale(on):
        return "stale"
    if not stands(occasion, match, on):
        return "no_longer_due"
    return hindrance(occasion.kind, match, on=on)


def hindrance(kind: ReminderKind, match: MatchFacts, *, on: date) -> str | None:
    """What holds back a reminder of that kind though its occasion stands, or None."""
    reasons = [*_about_prisoner(match.prisoner), *_about_sponsor(match.sponsor, kind, on)]
    if kind in ABOUT_POST:
        reasons += _about_post(match.prisoner)
    return next(iter(reasons), None)


def _about_prisoner(prisoner: PrisonerFacts) -> Iterator[str]:
    if prisoner.died or prisoner.detention_status in NO_LONGER_HELD:
        yield "no_longer_held"
    if prisoner.held:
        yield "on_hold"


def _about_sponsor(sponsor: SponsorFacts, kind: ReminderKind, on: date) -> Iterator[str]:
    if sponsor.disabled:
        yield "account_disabled"
    if not sponsor.address_confirmed:
        yield "address_unconfirmed"
    if sponsor.vetting_state is not VettingState.VETTED:
        yield "vetting_changed"
    if sponsor.paused and (sponsor.resumes_on is None or on < sponsor.resumes_on):
        yield "sponsor_paused"
    if sponsor.held:
        yield "on_hold"
    if on < (sponsor.available_from or on) or on > (sponsor.available_until or on):
        yield "not_available"
    if kind in sponsor.unwanted:
        yield "not_wanted"


def _about_post(prisoner: PrisonerFacts) -> Iterator[str]:
    """A letter needs to be able to arrive (M9; domain.md, letters 11)."""
    if prisoner.detention_status in WHEREABOUTS_UNKNOWN:
        yield "whereabouts_unknown"
    if not prisoner.has_address:
        yield "address_incomplete"
    if prisoner.route is MailRoute.CLOSED:
        yield "route_closed"
