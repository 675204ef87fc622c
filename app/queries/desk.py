"""What the coordinator's desk shows: what needs them today, their sponsors, their prisoners."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, Select, and_, func, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from app.database import session
from app.models import Account, Conflict, Facility, Match, MatchingRun, OutgoingMail, Prisoner, PrisonerFact, Sponsor
from app.permissions import Viewer
from app.queries import addresses, doubtful, handed_back, keeping
from app.queries.matching import newest_run
from app.queries.paging import Page, page_of, some_of
from app.queries.scope import prisoners_of, sponsors_of
from app.queries.searching import holds_words
from app.vocabulary import LIVE_STATES, MatchState, SupportKind, VettingState

ROWS_ON_A_PAGE = 100
FEW = 12


@dataclass(frozen=True, kw_only=True)
class Today:
    """What needs this coordinator today, as counts that lead to lists."""

    urgent_proposals: int
    other_proposals: int
    to_vet: int
    unanswered_offers: int
    mails_in_doubt: int
    handed_back: int
    quiet: int
    mandates: int
    unanswered: int
    lapsed: int
    addresses: int


@dataclass(frozen=True, kw_only=True)
class PrisonerRow:
    """A prisoner in the desk's list: of those outside the caseload only the name and the open seats are filled."""

    id: str
    name: str
    original: str | None
    mine: bool
    open_godparent_seats: int
    open_letter_seats: int
    prisoner: Prisoner | None


@dataclass(frozen=True)
class LastRun:
    """The newest run of a kind: who started it (None: the command line) and how many proposals were its own."""

    run: MatchingRun
    started_by: str | None
    proposals: int


def today(viewer: Viewer) -> Today:
    """The counts for this coordinator's people, in one query."""
    proposed, offered = Match.state == MatchState.PROPOSED, Match.state == MatchState.APPROVED
    counts = (
        select(
            func.count().filter(proposed, Match.tier == 0).label("urgent_proposals"),
            func.count().filter(proposed, Match.tier > 0).label("other_proposals"),
            func.count().filter(offered).label("unanswered_offers"),
            _count(_to_vet(viewer)).label("to_vet"),
            _count(doubtful.ids(viewer)).label("mails_in_doubt"),
            _count(handed_back.ids(viewer)).label("handed_back"),
            _count(keeping.quiet_ids(viewer)).label("quiet"),
            _count(keeping.mandate_ids(viewer)).label("mandates"),
            _count(keeping.unanswered_ids(viewer)).label("unanswered"),
            _count(keeping.lapsed_ids(viewer)).label("lapsed"),
            _count(addresses.ids_due(viewer)).label("addresses"),
        )
        .select_from(Match)
        .join(Match.sponsor)
        .join(Match.prisoner)
        .where(sponsors_of(viewer), prisoners_of(viewer), or_(proposed, offered))
    )
    return Today(**session().execute(counts).one()._mapping)


def _count(query: Select[str]) -> ScalarSelect[int]:
    return select(func.count()).select_from(query.subquery()).scalar_subquery()


def _to_vet(viewer: Viewer) -> Select[str]:
    """Sponsors who wait for vetting; whoever has not confirmed their address is not looked at yet."""
    return (
        select(Sponsor.id)
        .join(Sponsor.account)
        .where(
            sponsors_of(viewer), Sponsor.vetting_state == VettingState.PENDING, Account.email_confirmed_at.is_not(None)
        )
    )


def sponsors(
    viewer: Viewer, *, number: int, searched: str, state: VettingState | None = None, to_vet_only: bool = False
) -> Page[Sponsor]:
    """The coordinator's sponsors: those who can be vetted now first, then the others, each the oldest first."""
    query = select(Sponsor).join(Sponsor.account).where(sponsors_of(viewer)).options(contains_eager(Sponsor.account))
    if state is not None:
        query = query.where(Sponsor.vetting_state == state)
    query = query.where(*holds_words(Sponsor.search_key, searched))
    to_vet = and_(Sponsor.vetting_state == VettingState.PENDING, Account.email_confirmed_at.is_not(None))
    if to_vet_only:
        query = query.where(to_vet)
    in_order = query.order_by(not_(to_vet), Sponsor.created_at, Sponsor.id)
    return page_of(in_order, Sponsor.id, number=number, size=ROWS_ON_A_PAGE)


def sponsor(viewer: Viewer, sponsor_id: str) -> Sponsor | None:
    """One sponsor of the coordinator's regions."""
    query = select(Sponsor).where(Sponsor.id == sponsor_id, sponsors_of(viewer))
    return session().scalar(query.options(selectinload(Sponsor.account), selectinload(Sponsor.languages)))


def matches_of_sponsor(viewer: Viewer, sponsor_id: str) -> list[Match]:
    """The sponsor's matches with prisoners of the coordinator's caseload, newest first."""
    query = (
        select(Match)
        .join(Match.prisoner)
        .where(Match.sponsor_id == sponsor_id, prisoners_of(viewer))
        .options(contains_eager(Match.prisoner))
        .order_by(Match.proposed_at.desc(), Match.id)
    )
    return list(session().scalars(query))


def conflicts_of_sponsor(viewer: Viewer, sponsor_id: str) -> list[Prisoner]:
    """The prisoners of the coordinator's caseload that a sponsor must not be paired with."""
    query = select(Prisoner).join(Conflict, Conflict.prisoner_id == Prisoner.id)
    theirs = query.where(Conflict.sponsor_id == sponsor_id, prisoners_of(viewer))
    return list(session().scalars(theirs.order_by(Prisoner.search_key)))


def prisoners_named(viewer: Viewer, searched: str) -> list[Prisoner]:
    """A few of the coordinator's prisoners whose name holds the searched words; nobody for an empty search."""
    words = holds_words(Prisoner.search_key, searched)
    if not words:
        return []
    query = select(Prisoner).where(prisoners_of(viewer), *words).options(selectinload(Prisoner.facility))
    return list(session().scalars(query.order_by(Prisoner.search_key, Prisoner.id).limit(FEW)))


def prisoners(viewer: Viewer, *, number: int, searched: str) -> Page[PrisonerRow]:
    """Every prisoner by name; of those outside the caseload only name and seats are read at all."""
    query = select(Prisoner).options(load_only(*_NAME_AND_SEATS, raiseload=True))
    query = query.where(*holds_words(Prisoner.search_key, searched))
    in_order = query.order_by(Prisoner.search_key, Prisoner.id)
    page: Page[Prisoner] = page_of(in_order, Prisoner.id, number=number, size=ROWS_ON_A_PAGE)
    ids = [prisoner.id for prisoner in page.items]
    known = select(Prisoner).where(Prisoner.id.in_(ids), prisoners_of(viewer))
    known = known.options(
        load_only(*_NAME_AND_SEATS, Prisoner.detention_status, Prisoner.publicity, raiseload=True),
        joinedload(Prisoner.facility).load_only(Facility.title, raiseload=True),
        selectinload(Prisoner.facts).load_only(PrisonerFact.fact_sealed, raiseload=True),
    )
    mine = {prisoner.id for prisoner in session().scalars(known.execution_options(populate_existing=True))}
    taken = _taken(ids)
    rows = [_row(prisoner, mine=prisoner.id in mine, taken=taken) for prisoner in page.items]
    return Page(items=rows, number=page.number, pages=page.pages, all=page.all)


_NAME_AND_SEATS = (
    Prisoner.id,
    Prisoner.name,
    Prisoner.name_latin,
    Prisoner.name_cyrillic,
    Prisoner.godparent_seats,
    Prisoner.letter_writer_seats,
)


def _taken(prisoner_ids: list[str]) -> dict[tuple[str, SupportKind], int]:
    query = (
        select(Match.prisoner_id, Match.kind, func.count())
        .where(and_(Match.prisoner_id.in_(prisoner_ids), Match.state.in_(LIVE_STATES)))
        .group_by(Match.prisoner_id, Match.kind)
    )
    return {(prisoner_id, kind): count for prisoner_id, kind, count in session().execute(query)}


def _row(prisoner: Prisoner, *, mine: bool, taken: dict[tuple[str, SupportKind], int]) -> PrisonerRow:
    def left(kind: SupportKind) -> int:
        return max(0, prisoner.seats(kind) - taken.get((prisoner.id, kind), 0))

    return PrisonerRow(
        id=prisoner.id,
        name=prisoner.shown_name,
        original=prisoner.name_cyrillic,
        mine=mine,
        open_godparent_seats=left(SupportKind.GODPARENT),
        open_letter_seats=left(SupportKind.LETTER_WRITER),
        prisoner=prisoner if mine else None,
    )


def prisoner(viewer: Viewer, prisoner_id: str) -> Prisoner | None:
    """One prisoner of the coordinator's caseload with everything that is known."""
    query = select(Prisoner).where(Prisoner.id == prisoner_id, prisoners_of(viewer))
    return session().scalar(
        query.options(
            selectinload(Prisoner.facility), selectinload(Prisoner.facts), selectinload(Prisoner.field_sources)
        )
    )


def last_runs() -> dict[SupportKind, LastRun]:
    """The newest run of each kind that has had one. Counts are the whole programme's: for whoever runs the matching."""
    return {
        run.kind: LastRun(run, Account.email.opened(sealed, run.started_by), count)
        for run, sealed, count in session().execute(_LAST_RUNS)
    }


_LAST_RUNS = (
    select(
        MatchingRun,
        Account.email_sealed,
        select(func.count()).where(Match.run_id == MatchingRun.id).scalar_subquery(),
    )
    .outerjoin(Account, Account.id == MatchingRun.started_by)
    .where(or_(*(MatchingRun.id == newest_run(kind) for kind in SupportKind)))
)


def unanswered_offers(viewer: Viewer) -> list[Match]:
    """The coordinator's offers that wait longest for an answer."""
    query = (
        select(Match)
        .join(Match.sponsor)
        .join(Match.prisoner)
        .where(sponsors_of(viewer), prisoners_of(viewer), Match.state == MatchState.APPROVED)
        .options(
            load_only(Match.id, Match.decided_at, raiseload=True),
            contains_eager(Match.sponsor).load_only(Sponsor.name, raiseload=True),
            contains_eager(Match.prisoner).load_only(Prisoner.name, Prisoner.name_latin, raiseload=True),
        )
        .order_by(Match.decided_at, Match.id)
    )
    return list(session().scalars(some_of(query, Match.id, count=FEW)))


def offer_mail(match_id: str) -> OutgoingMail | None:
    """The newest offer of a match."""
    query = select(OutgoingMail).where(OutgoingMail.match_id == match_id, OutgoingMail.message == "offer")
    return session().scalar(query.order_by(OutgoingMail.created_at.desc(), OutgoingMail.id).limit(1))
