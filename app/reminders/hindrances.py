"""Who must not be reminded: asked when a reminder is queued, and again when it is sent (M3). Pure.

Reasons are one word each; the outbox keeps them and `flask reminders schedule` counts them.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from app.reminder_words import ReminderKind
from app.reminders.facts import MatchFacts, PrisonerFacts, SponsorFacts
from app.reminders.occasions import Occasion
from app.reminders.rhythm import stands
from app.vocabulary import NO_LONGER_HELD, DetentionStatus, MailRoute, Publicity, VettingState

WHEREABOUTS_UNKNOWN = frozenset({DetentionStatus.IN_TRANSFER, DetentionStatus.UNKNOWN})
"""Mail stays behind on a transfer (domain.md, letters 10)."""

ABOUT_POST = frozenset({ReminderKind.LETTER_DUE, ReminderKind.BIRTHDAY_AHEAD, ReminderKind.HOLIDAY_AHEAD})

IN_A_RHYTHM = frozenset({ReminderKind.LETTER_DUE, ReminderKind.ACTION_IDEA})
"""Whoever a coordinator has marked silent is asked for these no more, until there is a sign of life."""

NOT_IN_MOURNING = frozenset({ReminderKind.LONG_QUIET, ReminderKind.RE_CONSENT})
MOURNING = timedelta(days=28)
"""For so long after a death nobody asks a sponsor about themselves (domain.md, the godparent 4)."""

ADDRESS_KEEPS = timedelta(days=180)
"""Whoever vouches for an address, does so for this long (domain.md, "Do no harm" 7)."""


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
        reasons += _about_post(match.prisoner, on)
    if match.silent and kind in IN_A_RHYTHM:
        reasons.append("marked_silent")
    if match.prisoner.publicity in _KEPT_FROM.get(kind, ()):
        reasons.append("case_not_public")
    return next(iter(reasons), None)


def sponsor_hindrance(kind: ReminderKind, sponsor: SponsorFacts, *, on: date) -> str | None:
    """What holds back a reminder that is about the sponsor, whoever they stand by, or None."""
    reasons = [*_about_sponsor(sponsor, kind, on)]
    mourning = sponsor.mourning_since
    if kind in NOT_IN_MOURNING and mourning is not None and on < mourning + MOURNING:
        reasons.append("in_mourning")
    return next(iter(reasons), None)


_KEPT_FROM = {
    ReminderKind.ACTION_IDEA: frozenset({Publicity.COORDINATORS_ONLY}),
    ReminderKind.SPEAK_UP_DATE: frozenset(Publicity) - {Publicity.PUBLIC},
}
"""Of a case that is known to these only, nobody is asked to speak."""


def is_verified(verified_on: date | None, on: date) -> bool:
    """Whether what somebody vouched for on a day still counts."""
    return verified_on is not None and on <= verified_on + ADDRESS_KEEPS


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


def _about_post(prisoner: PrisonerFacts, on: date) -> Iterator[str]:
    """A letter needs to be able to arrive (M9; domain.md, letters 11)."""
    if prisoner.detention_status in WHEREABOUTS_UNKNOWN:
        yield "whereabouts_unknown"
    if not prisoner.has_address:
        yield "address_incomplete"
    if not is_verified(prisoner.address_verified_on, on):
        yield "address_not_vouched_for"
    if prisoner.route is MailRoute.CLOSED:
        yield "route_closed"
