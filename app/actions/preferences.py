"""What sponsors steer themselves: letters a month, capacity, quiet days, reminders, a pause, and leaving."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from app.actions import audit, handing_over
from app.actions.matches import let_go
from app.actions.privacy import close_offices
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import locked, session
from app.errors import BadInput, CapacityExceeded, Conflict, NotAllowed, NotFound, StaleRecord
from app.mail import outbox
from app.models import Match, Sponsor
from app.permissions import Permission, Viewer, allowed
from app.queries import matches
from app.queries.letters import today_in
from app.reminder_words import ReminderKind
from app.reminders import MOST_QUIET_DAYS as MOST_QUIET_DAYS  # for the form, too
from app.vocabulary import EndReason, MatchState

MOST_LETTERS = 31
IDEA_WEEKS = (2, 4, 8, 12, 0)
"""How often a godparent can have an idea of what to do; 0 is never."""

MOST_PEOPLE = 10
"""Whom one person can stand by, unless a coordinator has agreed on more with them."""

UNANSWERED = (MatchState.PROPOSED, MatchState.APPROVED)


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What a sponsor chooses. `idea_weeks`: one of IDEA_WEEKS; `quiet_days`: days of the week, 0 is Monday;
    `reminders`: the kinds they want.
    """

    letters_a_month: int
    idea_weeks: int
    capacity: int
    available_until: date | None
    quiet_days: frozenset[int]
    reminders: frozenset[ReminderKind]


def choose(chosen: Preferences, *, by: Viewer, seen_version: int) -> Sponsor:
    """Keep what the sponsor chose. Whoever wants no reminder gets none of a kind that is thought of later either.

    Raises StaleRecord when the record is not as they saw it, BadInput for numbers and days that cannot be, and
    CapacityExceeded, with the way out, for a capacity below what they carry.
    """
    sponsor = _locked_own(by)
    if sponsor.version != seen_version:
        raise StaleRecord("These choices were changed since you opened the page. Look again, then choose.")
    _check(chosen, sponsor)
    values = {
        "letters_a_month": chosen.letters_a_month,
        "idea_weeks": chosen.idea_weeks,
        "capacity": chosen.capacity,
        "available_until": chosen.available_until,
        "quiet_days": sorted(chosen.quiet_days),
        "reminders_off": sorted(set(ReminderKind) - chosen.reminders),
        "no_reminders": not chosen.reminders,
    }
    _write(sponsor, values, action=AuditAction.CHOOSE, by=by.account_id)
    return sponsor


def most_people(sponsor: Sponsor) -> int:
    """The highest capacity that the sponsor can choose."""
    return max(MOST_PEOPLE, sponsor.capacity)


def _check(chosen: Preferences, sponsor: Sponsor) -> None:
    if chosen.idea_weeks not in IDEA_WEEKS:
        raise BadInput("Give a number that can be.")
    if not 0 <= chosen.letters_a_month <= MOST_LETTERS or not 1 <= chosen.capacity <= most_people(sponsor):
        raise BadInput("Give a number that can be.")
    if not chosen.quiet_days <= set(range(7)) or len(chosen.quiet_days) > MOST_QUIET_DAYS:
        raise BadInput("Leave us two days of the week on which we may remind you.")
    until, changed = chosen.available_until, chosen.available_until != sponsor.available_until
    if until and changed and until < max(today_in(sponsor.account.time_zone), sponsor.available_from or until):
        raise BadInput("Your last day is before your first, or has passed.")
    carried = matches.carried_by(sponsor.id)
    if chosen.capacity < carried and chosen.capacity != sponsor.capacity:
        raise CapacityExceeded(
            f"You stand by {carried} people now, so you cannot take on fewer than {carried}. If that is too much, take "
            "a pause, or ask your coordinator to find somebody else for one of them; then come back here."
        )


def pause(*, by: Viewer, resumes_on: date | None) -> Sponsor:
    """The sponsor takes a pause, until that day or (None) until they end it.

    They stay with everybody they stand by and are reminded of nothing. What was proposed or offered to them is open to
    others at once. Whoever takes a pause already changes its end. Raises BadInput for a day that has come.
    """
    sponsor = _locked_own(by)
    here = today_in(sponsor.account.time_zone)
    if resumes_on is not None and resumes_on <= here:
        raise BadInput("Choose a day after today, or leave it open.")
    if not sponsor.takes_pause(here):
        sponsor.paused_at, sponsor.paused_by = now(), by.account_id
    sponsor.resumes_on = resumes_on
    session().flush()
    happenings = [audit.Happening(AuditAction.PAUSE, AuditEntity.SPONSOR, sponsor.id, ("paused_at", "resumes_on"))]
    happenings += let_go(session().scalars(locked(_unanswered(sponsor))))
    audit.record_many(happenings, by=by.account_id)
    return sponsor


def end_pause(*, by: Viewer) -> Sponsor:
    """The sponsor goes on; whoever takes no pause goes on as before."""
    sponsor = _locked_own(by)
    values = {"paused_at": None, "paused_by": None, "resumes_on": None}
    _write(sponsor, values, action=AuditAction.END_PAUSE, by=by.account_id)
    return sponsor


def leave(*, by: Viewer) -> Sponsor:
    """The sponsor leaves: everybody they stand by is back with the coordinators at once, and their log-in is closed.

    No mail goes to them any more, and what waited is stopped. The record stays until it is erased; who acted for them
    is erased with their leaving. Raises NotAllowed for such an office, and Conflict for staff, who must not lock
    themselves out of their work.
    """
    if not allowed(by, Permission.DECIDE_FOR_ONESELF):
        raise NotAllowed("Only the sponsor in person can leave.")
    sponsor = _locked_own(by)
    if by.roles:
        raise Conflict("You also work here. Ask an administrator to take that from you first, then leave.")
    sponsor.account.disabled_at = now()
    happenings = [
        audit.Happening(AuditAction.LEAVE, AuditEntity.SPONSOR, sponsor.id),
        audit.Happening(AuditAction.DISABLE, AuditEntity.ACCOUNT, sponsor.account_id, ("disabled_at",)),
    ]
    happenings += handing_over.hand_back(sponsor, reason=EndReason.SPONSOR_LEFT)
    outbox.withdraw_all_to(sponsor.account_id, reason=outbox.Withdrawal.SPONSOR_LEFT)
    happenings += close_offices(sponsor.id)
    audit.record_many(happenings, by=by.account_id)
    return sponsor


def go_on_for_a_year(*, by: Viewer) -> Sponsor:
    """The sponsor says that they still want to stand by people: nobody asks again for a year."""
    sponsor = _locked_own(by)
    _write(sponsor, {"consented_on": today()}, action=AuditAction.CONSENT, by=by.account_id)
    return sponsor


def unsubscribe(account_id: str, kinds: Collection[ReminderKind], *, from_all: bool) -> None:
    """End reminders of the kinds, or all, to the account. Doing so twice, or for whoever is gone, changes nothing.

    Needs nobody to be logged in: the caller has seen the token that stands for the account's wish.
    """
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.account_id == account_id)))
    if sponsor is None:
        return
    values: dict[str, object] = {"reminders_off": sorted({*sponsor.reminders_off, *kinds})}
    if from_all:
        values["no_reminders"] = True
    _write(sponsor, values, action=AuditAction.UNSUBSCRIBE, by=sponsor.account_id)


def _locked_own(by: Viewer) -> Sponsor:
    if not allowed(by, Permission.CHOOSE_PREFERENCES):
        raise NotAllowed("Only sponsors choose for themselves.")
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.id == by.sponsor_id)))
    if sponsor is None:
        raise NotFound("There is no such sponsor.")
    return sponsor


def _unanswered(sponsor: Sponsor) -> Select[Match]:
    return select(Match).where(Match.sponsor_id == sponsor.id, Match.state.in_(UNANSWERED)).order_by(Match.id)


def _write(sponsor: Sponsor, values: Mapping[str, object], *, action: AuditAction, by: str) -> None:
    """Write what differs, and say so in the audit trail; nothing where nothing does."""
    changed = [name for name, value in values.items() if getattr(sponsor, name) != value]
    for name in changed:
        setattr(sponsor, name, values[name])
    if changed:
        session().flush()
        audit.record(action=action, by=by, entity=AuditEntity.SPONSOR, entity_id=sponsor.id, fields=changed)
