"""What reminders depend on, read in pages of a few queries each: memory stays small however many sponsors there are.

The same facts are read again for one sponsor at the moment of sending.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CursorResult, Row, Select, bindparam, func, select

from app.database import session
from app.models import (
    Account,
    AddressCheck,
    Facility,
    Letter,
    Match,
    PostRoute,
    Prisoner,
    SilentMatch,
    Sponsor,
)
from app.queries.addresses import VERIFIED_ON
from app.queries.letters import UNSENT
from app.reminders import MatchFacts, PrisonerFacts, ReminderKind, SponsorFacts, Supporter
from app.vocabulary import EndReason, Gender, MailRoute, MatchState

REMINDED_STATES = (MatchState.APPROVED, MatchState.ACTIVE)

Routes = Mapping[tuple[str, str], MailRoute]
SomeRow = Row[*tuple[Any, ...]]

# Read before each reminder goes, so the statements are made once. Only the first is asked through the session, which
# writes what it holds back; the others past it, since that costs more than their answers.
_SPONSORS: Select[*tuple[Any, ...]] = select(
    Sponsor.id, Sponsor.account_id, Sponsor.role, Sponsor.country, Sponsor.letters_a_month, Sponsor.idea_weeks,
    Sponsor.mandate_ends, Sponsor.consented_on, Sponsor.last_sign_on, Sponsor.created_at, Sponsor.vetting_state,
    Sponsor.paused_at, Sponsor.resumes_on, Sponsor.quiet_days, Sponsor.reminders_off, Sponsor.no_reminders,
    Sponsor.held, Sponsor.available_from, Sponsor.available_until,
    Account.time_zone, Account.email_confirmed_at, Account.disabled_at,
).join(Account, Sponsor.account_id == Account.id)  # fmt: skip
_PAGE = _SPONSORS.where(Sponsor.id > bindparam("after")).order_by(Sponsor.id).limit(bindparam("size"))
_OF_ACCOUNT = _SPONSORS.where(Sponsor.account_id == bindparam("account"))
_MATCHES: Select[*tuple[Any, ...]] = (
    select(
        Match.id, Match.sponsor_id, Match.kind, Match.state, Match.decided_at, Match.answered_at,
        Prisoner.country, Prisoner.detention_status, Prisoner.died_on, Prisoner.held, Prisoner.birth_date,
        Prisoner.arrested_on, Prisoner.gender, Prisoner.publicity, Prisoner.mail_access,
        Facility.street, Facility.street_cyrillic, Facility.postcode,
        VERIFIED_ON.label("verified_on"), SilentMatch.match_id.label("silent"),
    )
    .join(Match.prisoner)
    .outerjoin(Facility, Prisoner.facility_id == Facility.id)
    .outerjoin(AddressCheck, AddressCheck.prisoner_id == Prisoner.id)
    .outerjoin(SilentMatch, SilentMatch.match_id == Match.id)
    .where(Match.sponsor_id.in_(bindparam("sponsors", expanding=True)), Match.state.in_(REMINDED_STATES))
    .order_by(Match.id)
)  # fmt: skip
_LAST_LETTERS = (
    select(Letter.match_id, func.max(Letter.sent_on))
    .where(Letter.match_id.in_(bindparam("matches", expanding=True)), Letter.state.not_in(UNSENT))
    .group_by(Letter.match_id)
)
_DEATHS = (
    select(Match.sponsor_id, func.max(Match.ended_at))
    .where(
        Match.sponsor_id.in_(bindparam("sponsors", expanding=True)),
        Match.state == MatchState.ENDED,
        Match.end_reason == EndReason.DIED,
    )
    .group_by(Match.sponsor_id)
)
_ROUTES = select(PostRoute.from_country, PostRoute.to_country, PostRoute.route)


def page(*, after: str, size: int, routes: Routes) -> list[Supporter]:
    """The next sponsors by id, after the id `after`, with all that they can be reminded of; empty at the end."""
    return _supporters(session().execute(_PAGE, {"after": after, "size": size}).all(), routes)


def of_account(account_id: str) -> Supporter | None:
    """The same facts about one sponsor; None for an account without one."""
    found = _supporters(session().execute(_OF_ACCOUNT, {"account": account_id}).all(), routes())
    return found[0] if found else None


def routes() -> Routes:
    """How post goes from each sponsor country to each detaining one, where it does not simply go, as it is written."""
    return {(row.from_country, row.to_country): row.route for row in _ask(_ROUTES)}


def _ask(query: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    return session().connection().execute(query, values)


def _supporters(rows: Sequence[SomeRow], routes: Routes) -> list[Supporter]:
    ids = [row.id for row in rows]
    matches = _ask(_MATCHES, {"sponsors": ids}).all() if ids else []
    letters = _last_letters([match.id for match in matches])
    deaths = _newest_deaths(ids)
    theirs: dict[str, list[SomeRow]] = defaultdict(list)
    for match in matches:
        theirs[match.sponsor_id].append(match)
    found = []
    for row in rows:
        sponsor = _sponsor(row, deaths.get(row.id))
        facts = tuple(_match(match, sponsor, row.country, letters, routes) for match in theirs[row.id])
        found.append(Supporter(sponsor=sponsor, matches=facts))
    return found


def _sponsor(row: SomeRow, mourning_since: date | None) -> SponsorFacts:
    joined_on = row.created_at.date()
    return SponsorFacts(
        sponsor_id=row.id,
        account_id=row.account_id,
        role=row.role,
        time_zone=row.time_zone,
        letters_a_month=row.letters_a_month,
        idea_weeks=row.idea_weeks,
        mandate_ends=row.mandate_ends,
        consented_on=row.consented_on or joined_on,
        last_sign_on=row.last_sign_on or joined_on,
        mourning_since=mourning_since,
        vetting_state=row.vetting_state,
        address_confirmed=row.email_confirmed_at is not None,
        disabled=row.disabled_at is not None,
        paused=row.paused_at is not None,
        resumes_on=row.resumes_on,
        quiet_days=frozenset(row.quiet_days),
        unwanted=_unwanted(row),
        held=row.held,
        available_from=row.available_from,
        available_until=row.available_until,
    )


def _unwanted(row: SomeRow) -> frozenset[ReminderKind]:
    return frozenset(ReminderKind) if row.no_reminders else frozenset(map(ReminderKind, row.reminders_off))


def _match(
    row: SomeRow, sponsor: SponsorFacts, country: str, letters: Mapping[str, date], routes: Routes
) -> MatchFacts:
    return MatchFacts(
        match_id=row.id,
        kind=row.kind,
        state=row.state,
        offered_on=row.decided_at.date() if row.decided_at else None,
        active_since=row.answered_at.date() if row.answered_at else None,
        last_letter_on=letters.get(row.id),
        silent=row.silent is not None,
        sponsor=sponsor,
        prisoner=_prisoner(row, routes.get((country, row.country), MailRoute.DIRECT)),
    )


def _prisoner(row: SomeRow, route: MailRoute) -> PrisonerFacts:
    return PrisonerFacts(
        detention_status=row.detention_status,
        died=row.died_on is not None,
        held=row.held,
        birthday=row.birth_date.whole if row.birth_date else None,
        arrested_on=row.arrested_on.whole if row.arrested_on else None,
        is_woman=row.gender is Gender.FEMALE,
        publicity=row.publicity,
        mail_access=row.mail_access,
        has_address=bool((row.street or row.street_cyrillic) and row.postcode),
        address_verified_on=row.verified_on,
        route=route,
    )


def _newest_deaths(sponsor_ids: list[str]) -> Mapping[str, date]:
    """The day on which a death last ended a match, for each of the sponsors who have lost somebody so."""
    found = _ask(_DEATHS, {"sponsors": sponsor_ids}) if sponsor_ids else ()
    return {sponsor_id: ended_at.date() for sponsor_id, ended_at in found if ended_at is not None}


def _last_letters(match_ids: list[str]) -> Mapping[str, date]:
    """The day of the last letter that was sent, for each of the matches that have one; whatever became of it since."""
    if not match_ids:
        return {}
    found = _ask(_LAST_LETTERS, {"matches": match_ids})
    return {match_id: day for match_id, day in found if day is not None}
