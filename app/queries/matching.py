"""What a matching run looks at, read with a fixed small number of queries whatever the size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from app.database import session
from app.matching import Certificate, FactSheet, PrisonerFacts, SponsorFacts, Wishes
from app.models import (
    Account,
    Conflict,
    Facility,
    Match,
    MatchingRun,
    PostRoute,
    Prisoner,
    PrisonerFact,
    RoleLimit,
    SilentMatch,
    Sponsor,
    SponsorLanguage,
)
from app.models.sponsor import takes_pause
from app.queries import canaries
from app.vocabulary import LIVE_STATES, NO_LONGER_HELD, MailRoute, MatchState, SponsorRole, SupportKind, VettingState

TURNED_DOWN = (MatchState.REFUSED, MatchState.DECLINED)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which people a sheet covers: everybody real, or those named; one match may be left out of the count."""

    prisoner_ids: frozenset[str] | None = None
    sponsor_ids: frozenset[str] | None = None
    leaving_out: str | None = None


EVERYBODY = Scope()


def fact_sheet(kind: SupportKind, day: date, scope: Scope = EVERYBODY) -> FactSheet:
    """The facts of one run of `kind` on `day`.

    People who were released or died and sponsors who were turned away are left out of a run for everybody, as no rule
    could let them in; asked for by name they are there, so that the rule that fails can be said.
    """
    matches = _Matches.read(kind, scope)
    return FactSheet(
        kind=kind,
        date=day,
        prisoners=tuple(_prisoners(kind, scope, matches)),
        sponsors=tuple(_sponsors(kind, scope, matches, day)),
        live_pairs=frozenset(matches.live_pairs),
        refused_pairs=frozenset(matches.turned_down),
        previous=frozenset(matches.undecided),
    )


def pairs_of(kind: SupportKind) -> int:
    """How many pairs a run for everybody would look at: prisoners times sponsors."""
    people = (_prisoner_query(EVERYBODY), _sponsor_query(kind, EVERYBODY))
    counts = (query.with_only_columns(func.count(), maintain_column_froms=True) for query in people)
    prisoners, sponsors = (session().scalar(count) or 0 for count in counts)
    return prisoners * sponsors


def prisoner_facts(kind: SupportKind, prisoner_ids: Iterable[str]) -> list[PrisonerFacts]:
    """The facts of these prisoners alone, as a sheet for `kind` would hold them."""
    scope = Scope(prisoner_ids=frozenset(prisoner_ids))
    return list(_prisoners(kind, scope, _Matches.read(kind, scope)))


def newest_run(kind: SupportKind) -> ScalarSelect[str]:
    """The id of the newest run of a kind, as a part of a query."""
    runs = aliased(MatchingRun)
    newest = select(runs.id).where(runs.kind == kind).order_by(runs.finished_at.desc(), runs.id)
    return newest.limit(1).scalar_subquery()


def certificate_before(kind: SupportKind) -> Certificate | None:
    """The certificate of the last run of this kind, near which the next one may begin; None before the first."""
    stored = session().scalar(select(MatchingRun.certificate).where(MatchingRun.id == newest_run(kind)))
    return Certificate(**stored) if stored else None


@dataclass
class _Matches:
    """Everything that matches say about the two sides, gathered in one pass."""

    live_pairs: set[tuple[str, str]] = field(default_factory=set)
    turned_down: set[tuple[str, str]] = field(default_factory=set)
    undecided: set[tuple[str, str]] = field(default_factory=set)
    countries: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    roles_of_kind: dict[str, list[SponsorRole]] = field(default_factory=lambda: defaultdict(list))
    carried: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    covering: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls, kind: SupportKind, scope: Scope) -> "_Matches":
        states = (*LIVE_STATES, *TURNED_DOWN, MatchState.PROPOSED)
        query = (
            select(
                Match.id, Match.prisoner_id, Match.sponsor_id, Match.kind, Match.state,
                SilentMatch.match_id.label("silent"), Sponsor.country, Sponsor.role, Prisoner.case_code,
            )
            .join(Match.sponsor)
            .join(Match.prisoner)
            .outerjoin(SilentMatch, SilentMatch.match_id == Match.id)
            .where(Match.state.in_(states))
        )  # fmt: skip
        if scope != EVERYBODY:
            of_prisoners, of_sponsors = scope.prisoner_ids or (), scope.sponsor_ids or ()
            query = query.where(Match.prisoner_id.in_(of_prisoners) | Match.sponsor_id.in_(of_sponsors))
        gathered = cls()
        for row in session().execute(query):
            if row.id != scope.leaving_out:
                gathered._add(row, kind)
        return gathered

    def _add(self, row: Row[*tuple[Any, ...]], kind: SupportKind) -> None:
        pair = (row.prisoner_id, row.sponsor_id)
        if row.state in TURNED_DOWN:
            self.turned_down.add(pair)
        elif row.state is MatchState.PROPOSED:
            if row.kind is kind:
                self.undecided.add(pair)
        else:
            self._add_live(row, kind)

    def _add_live(self, row: Row[*tuple[Any, ...]], kind: SupportKind) -> None:
        self.live_pairs.add((row.prisoner_id, row.sponsor_id))
        self.countries[row.prisoner_id].append(row.country)
        self.carried[row.sponsor_id] += 1
        if row.case_code:
            self.cases[row.sponsor_id].add(row.case_code)
        if row.kind is kind:
            self.roles_of_kind[row.prisoner_id].append(row.role)
            self.covering[row.prisoner_id] += row.silent is None  # a silent one covers nobody (docs/glossary.md)


def _prisoners(kind: SupportKind, scope: Scope, matches: _Matches) -> Iterable[PrisonerFacts]:
    facts, limits = _facts(scope), _role_limits(kind, scope)
    for row in session().execute(_prisoner_query(scope)):
        taken = matches.roles_of_kind[row.id]
        seats = row.godparent_seats if kind is SupportKind.GODPARENT else row.letter_writer_seats
        yield PrisonerFacts(
            id=row.id,
            detention_status=row.detention_status,
            detained_in=row.country,
            publicity=row.publicity,
            mail_access=row.mail_access,
            seats=max(0, seats - len(taken)),
            role_seats=_open_role_seats(limits.get(row.id, {}), taken),
            supporters=len(matches.countries[row.id]),
            supporters_of_kind=matches.covering[row.id],
            supporter_countries=frozenset(matches.countries[row.id]),
            facility_languages=frozenset(row.languages or row.reads),
            reads=frozenset(row.reads),
            profession_group=row.profession_group,
            gender=row.gender,
            birth_date=row.birth_date,
            arrested_on=row.arrested_on,
            sentence_years=row.sentence_years,
            home_area=row.home_area,
            case=row.case_code,
            facts=frozenset(facts[row.id]),
            pinned_tier=row.pinned_tier,
            held=row.held,
        )


def _prisoner_query(scope: Scope) -> Select[*tuple[Any, ...]]:
    query = select(
        Prisoner.id, Prisoner.detention_status, Prisoner.country, canaries.publicity_to_runs(), Prisoner.mail_access,
        Prisoner.godparent_seats, Prisoner.letter_writer_seats, Prisoner.reads, Prisoner.profession_group,
        Prisoner.gender, Prisoner.birth_date, Prisoner.arrested_on, Prisoner.sentence_years, Prisoner.home_area,
        Prisoner.case_code, Prisoner.pinned_tier, Prisoner.held, Facility.languages,
    ).outerjoin(Facility, Prisoner.facility_id == Facility.id)  # fmt: skip
    if scope.prisoner_ids is not None:
        return query.where(Prisoner.id.in_(scope.prisoner_ids))
    return query.where(Prisoner.detention_status.not_in(NO_LONGER_HELD))


def _open_role_seats(limits: Mapping[SponsorRole, int], taken: list[SponsorRole]) -> dict[SponsorRole, int]:
    return {role: max(0, seats - taken.count(role)) for role, seats in limits.items()}


def _facts(scope: Scope) -> Mapping[str, set[Any]]:
    query = select(PrisonerFact.prisoner_id, PrisonerFact.id, PrisonerFact.fact_sealed)
    if scope.prisoner_ids is not None:
        query = query.where(PrisonerFact.prisoner_id.in_(scope.prisoner_ids))
    facts: dict[str, set[Any]] = defaultdict(set)
    for prisoner_id, fact_id, sealed in session().execute(query):
        facts[prisoner_id].add(PrisonerFact.fact.opened(sealed, fact_id))
    return facts


def _role_limits(kind: SupportKind, scope: Scope) -> Mapping[str, dict[SponsorRole, int]]:
    query = select(RoleLimit.prisoner_id, RoleLimit.role, RoleLimit.seats).where(RoleLimit.kind == kind)
    if scope.prisoner_ids is not None:
        query = query.where(RoleLimit.prisoner_id.in_(scope.prisoner_ids))
    limits: dict[str, dict[SponsorRole, int]] = defaultdict(dict)
    for row in session().execute(query):
        limits[row.prisoner_id][row.role] = row.seats
    return limits


def _sponsors(kind: SupportKind, scope: Scope, matches: _Matches, day: date) -> Iterable[SponsorFacts]:
    languages, conflicts, routes = _languages(scope), _conflicts(scope), _routes()
    for row in session().execute(_sponsor_query(kind, scope)):
        carried = matches.carried[row.id]
        yield SponsorFacts(
            id=row.id,
            role=row.role,
            kind=row.support_kind,
            vetted=row.vetting_state is VettingState.VETTED,
            email_verified=row.email_confirmed_at is not None and row.disabled_at is None,
            country=row.country,
            languages=languages[row.id],
            capacity_left=max(0, row.capacity - carried),
            available_from=row.available_from,
            available_until=row.available_until,
            paused=takes_pause(row.paused_at, row.resumes_on, on=day),
            mandate_ends=row.mandate_ends,
            profession_group=row.profession_group,
            wishes=_wishes(row),
            conflicts=frozenset(conflicts[row.id]),
            mail_route=routes.get(row.country, MailRoute.DIRECT),
            translation=row.translation_offered,
            waiting_since=row.vetted_at.date() if row.vetted_at and not carried else None,
            supports_cases=frozenset(matches.cases[row.id]),
            held=row.held,
        )


def _sponsor_query(kind: SupportKind, scope: Scope) -> Select[*tuple[Any, ...]]:
    query = select(
        Sponsor.id, Sponsor.role, Sponsor.support_kind, Sponsor.vetting_state, Sponsor.country, Sponsor.capacity,
        Sponsor.available_from, Sponsor.available_until, Sponsor.paused_at, Sponsor.resumes_on, Sponsor.mandate_ends,
        Sponsor.profession_group, Sponsor.translation_offered, Sponsor.vetted_at, Sponsor.held,
        Sponsor.wish_home_area, Sponsor.wish_profession_group, Sponsor.wish_gender, Sponsor.wish_age_group,
        Sponsor.wish_long_sentence, Account.email_confirmed_at, Account.disabled_at,
    ).join(Account, Sponsor.account_id == Account.id)  # fmt: skip
    if scope.sponsor_ids is not None:
        return query.where(Sponsor.id.in_(scope.sponsor_ids))
    able = Sponsor.support_kind == kind, Sponsor.vetting_state != VettingState.REJECTED
    return query.where(*able, canaries.is_real_sponsor())


def _wishes(row: Row[*tuple[Any, ...]]) -> Wishes:
    return Wishes(
        home_area=row.wish_home_area,
        profession_group=row.wish_profession_group,
        gender=row.wish_gender,
        age_group=row.wish_age_group,
        long_sentence=row.wish_long_sentence,
    )


def _languages(scope: Scope) -> Mapping[str, dict[str, Any]]:
    query = select(SponsorLanguage.sponsor_id, SponsorLanguage.language, SponsorLanguage.level)
    if scope.sponsor_ids is not None:
        query = query.where(SponsorLanguage.sponsor_id.in_(scope.sponsor_ids))
    written: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in session().execute(query):
        written[row.sponsor_id][row.language] = row.level
    return written


def _conflicts(scope: Scope) -> Mapping[str, set[Any]]:
    query = select(Conflict.sponsor_id, Conflict.prisoner_id)
    if scope.sponsor_ids is not None:
        query = query.where(Conflict.sponsor_id.in_(scope.sponsor_ids))
    return _grouped(query)


def _grouped(query: Select[*tuple[Any, ...]]) -> Mapping[str, set[Any]]:
    groups: dict[str, set[Any]] = defaultdict(set)
    for key, value in session().execute(query):
        groups[key].add(value)
    return groups


def _routes() -> dict[str, MailRoute]:
    """The route from each sponsor country; the strictest, where several detaining countries differ."""
    order = (MailRoute.DIRECT, MailRoute.VIA_HUB, MailRoute.CLOSED)
    routes: dict[str, MailRoute] = {}
    for country, route in session().execute(select(PostRoute.from_country, PostRoute.route)):
        routes[country] = max(routes.get(country, MailRoute.DIRECT), route, key=order.index)
    return routes
