"""What reminders depend on, read in batches of a few queries each: memory stays small however many there are.

The same facts are read again for one match at the moment of sending.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from app.database import session
from app.models import Account, Facility, Letter, Match, OutgoingMail, PostRoute, Prisoner, Sponsor
from app.reminders import MatchFacts, Occasion, PrisonerFacts, SponsorFacts, going_out, why_not, zone_of
from app.vocabulary import LetterState, MailRoute, MatchState, ReminderKind

REMINDED_STATES = (MatchState.APPROVED, MatchState.ACTIVE)
BEGUN = (LetterState.DRAFT, LetterState.CHECKED)

Routes = Mapping[tuple[str, str], MailRoute]

# Read before each reminder goes, so the statements are made once.
_MATCHES: Select[*tuple[Any, ...]] = (
    select(
        Match.id, Match.kind, Match.state, Match.decided_at, Match.answered_at, Match.sponsor_id,
        Sponsor.account_id, Sponsor.country, Sponsor.letters_a_month, Sponsor.vetting_state, Sponsor.paused_at,
        Sponsor.resumes_on, Sponsor.quiet_days, Sponsor.reminders_off, Sponsor.no_reminders,
        Sponsor.held, Sponsor.available_from, Sponsor.available_until,
        Account.time_zone, Account.email_confirmed_at, Account.disabled_at,
        Prisoner.country.label("detained_in"), Prisoner.detention_status, Prisoner.died_on,
        Prisoner.held.label("prisoner_held"), Prisoner.birth_date, Prisoner.mail_access,
        Facility.street, Facility.street_cyrillic, Facility.postcode,
    )
    .join(Match.sponsor)
    .join(Account, Sponsor.account_id == Account.id)
    .join(Match.prisoner)
    .outerjoin(Facility, Prisoner.facility_id == Facility.id)
)  # fmt: skip
_OF_MATCH = _MATCHES.where(Match.id == bindparam("match"))
_LAST_LETTERS = (
    select(Letter.match_id, func.max(Letter.sent_on))
    .where(Letter.match_id.in_(bindparam("matches", expanding=True)), Letter.state.not_in(BEGUN))
    .group_by(Letter.match_id)
)
_QUIET_DAYS = select(Sponsor.quiet_days).where(Sponsor.account_id == bindparam("account"))
_ROUTES = select(PostRoute.from_country, PostRoute.to_country, PostRoute.route)


def batch(*, after: str, size: int) -> Sequence[MatchFacts]:
    """The next matches that a sponsor can be reminded of, by id, after the id `after`; empty at the end."""
    wanted = _MATCHES.where(Match.state.in_(REMINDED_STATES), Match.id > after).order_by(Match.id).limit(size)
    return _facts(session().execute(wanted).all())


def of_match(match_id: str) -> MatchFacts | None:
    """The same facts about one match, in whatever state."""
    found = _facts(session().execute(_OF_MATCH, {"match": match_id}).all())
    return found[0] if found else None


def queued_before(keys: Iterable[str]) -> set[str]:
    """Those of the occasions for which there is, or was, a mail."""
    return set(session().scalars(select(OutgoingMail.occasion).where(OutgoingMail.occasion.in_(list(keys)))))


def why_not_send(mail: OutgoingMail, moment: datetime) -> str | None:
    """Why a reminder must not go now, or None: what `app.reminders.why_not` says of the match as it stands.

    The day is the one on which it would go, so that a mail that has to wait until tomorrow may be too late already.
    """
    occasion = Occasion.parse(mail.occasion)
    match = of_match(occasion.match_id)
    if match is None:
        return "match_changed"
    zone = zone_of(mail.account.time_zone)
    goes_at = going_out(occasion.goes_on, moment=moment, zone=zone, quiet_days=match.sponsor.quiet_days)
    return why_not(occasion, match, on=goes_at.astimezone(zone).date())


def not_before(mail: OutgoingMail, moment: datetime) -> datetime:
    """When a reminder may go that is due now: now, in its reader's own morning, else when the next begins."""
    return going_out_to(Occasion.parse(mail.occasion), mail.account, moment)


def going_out_to(occasion: Occasion, account: Account, moment: datetime) -> datetime:
    """When a reminder of the occasion goes to the account, from that moment on."""
    quiet_days = session().scalar(_QUIET_DAYS, {"account": account.id})
    zone = zone_of(account.time_zone)
    return going_out(occasion.goes_on, moment=moment, zone=zone, quiet_days=quiet_days or ())


def _facts(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[MatchFacts]:
    if not rows:
        return []
    letters, routes = _last_letters([row.id for row in rows]), _routes()
    return [
        MatchFacts(
            match_id=row.id,
            kind=row.kind,
            state=row.state,
            offered_on=row.decided_at.date() if row.decided_at else None,
            active_since=row.answered_at.date() if row.answered_at else None,
            last_letter_on=letters.get(row.id),
            sponsor=_sponsor(row),
            prisoner=_prisoner(row, routes),
        )
        for row in rows
    ]


def _sponsor(row: Row[*tuple[Any, ...]]) -> SponsorFacts:
    return SponsorFacts(
        account_id=row.account_id,
        time_zone=row.time_zone,
        letters_a_month=row.letters_a_month,
        vetting_state=row.vetting_state,
        address_confirmed=row.email_confirmed_at is not None,
        disabled=row.disabled_at is not None,
        paused=row.paused_at is not None,
        resumes_on=row.resumes_on,
        quiet_days=frozenset(row.quiet_days),
        unwanted=frozenset(kind for kind in ReminderKind if row.no_reminders or kind in row.reminders_off),
        held=row.held,
        available_from=row.available_from,
        available_until=row.available_until,
    )


def _prisoner(row: Row[*tuple[Any, ...]], routes: Routes) -> PrisonerFacts:
    return PrisonerFacts(
        detention_status=row.detention_status,
        died=row.died_on is not None,
        held=row.prisoner_held,
        birthday=row.birth_date.whole if row.birth_date else None,
        mail_access=row.mail_access,
        has_address=bool((row.street or row.street_cyrillic) and row.postcode),
        route=routes.get((row.country, row.detained_in), MailRoute.DIRECT),
    )


def _last_letters(match_ids: list[str]) -> Mapping[str, date]:
    """The day of the last letter that was sent, for each of the matches that have one; whatever became of it since."""
    found = session().execute(_LAST_LETTERS, {"matches": match_ids})
    return {match_id: day for match_id, day in found if day is not None}


def _routes() -> Routes:
    rows = session().execute(_ROUTES)
    return {(row.from_country, row.to_country): row.route for row in rows}
